"""What people type when they sign in and on their card."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField, ValidationError

from webapp.accounts.rules import linkedin_profile, normal_address
from webapp.core.fields import clean, line


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
