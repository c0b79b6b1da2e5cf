"""What people type when they sign in and on their card."""

from dataclasses import dataclass
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from webapp.accounts.rules import LONGEST_LINE, linkedin_profile, one_line


def clean(value: str | None) -> str:
    """Return a typed line without what cannot be seen."""
    return one_line(value or "")


def normal_address(value: str) -> str | None:
    """Return an e-mail address in the form it is stored and compared in, or None."""
    try:
        return validate_email(value, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None


def line(label: Any, *, needed: Any = None, **kwargs: Any) -> StringField:
    """Return a field for one line of text, at most 120 characters."""
    too_long = _l("That is longer than %(most)s characters.", most=LONGEST_LINE)
    validators: list[Any] = [Length(max=LONGEST_LINE, message=too_long)]
    if needed:
        validators.insert(0, InputRequired(message=needed))
    return StringField(label, filters=[clean], validators=validators, **kwargs)


class AddressForm(Form):
    """The e-mail address a code is sent to."""

    address = StringField(_l("Your e-mail address"), filters=[clean])

    def validate_address(self, field: StringField) -> None:
        """Take what could be an address."""
        normal = normal_address(field.data or "")
        if normal is None:
            raise ValidationError(_l("That does not look like an e-mail address."))
        self.normal_address = normal


class CodeForm(Form):
    """The eight digits from the mail."""

    code = StringField(_l("The 8 digits from the mail"))

    @property
    def digits(self) -> str:
        """What was typed, digits only."""
        return "".join(c for c in self.code.data or "" if c in "0123456789")


@dataclass(frozen=True, slots=True)
class Welcome:
    """What a newcomer tells at the first sign-in with a provider."""

    name: str
    linkedin_url: str | None


class WelcomeForm(Form):
    """The last step of a sign-in with a provider."""

    name = line(_l("Your name"), needed=_l("Please tell us your name."))
    linkedin_url = line(_l("Your LinkedIn profile, if you want it opened after a talk"))

    def validate_linkedin_url(self, field: StringField) -> None:
        """Take the address of a person's profile and nothing else."""
        if field.data and linkedin_profile(field.data) is None:
            raise ValidationError(
                _l("A profile looks like linkedin.com/in/your-name. Open yours and copy it.")
            )

    def command(self) -> Welcome:
        """Return what was told."""
        return Welcome(
            name=self.name.data or "", linkedin_url=linkedin_profile(self.linkedin_url.data or "")
        )


@dataclass(frozen=True, slots=True)
class Card:
    """A Person's card."""

    name: str
    organisation: str
    headline: str


class CardForm(Form):
    """What people with an open tie see of me."""

    name = line(_l("Name"), needed=_l("Please tell us your name."))
    organisation = line(_l("Organisation"))
    headline = line(_l("What you do"))

    def command(self) -> Card:
        """Return the card as typed."""
        return Card(
            name=self.name.data or "",
            organisation=self.organisation.data or "",
            headline=self.headline.data or "",
        )
