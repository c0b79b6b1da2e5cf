"""What organisers and teams type."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length
from wtforms.widgets import DateInput

from webapp.accounts.rules import normal_address
from webapp.core.fields import choices_of, clean, line
from webapp.recruiting.rules import LONGEST_REASON


class AddressForm(Form):
    """A colleague, named by the e-mail address they sign in with."""

    address = StringField(_l("Their e-mail address"), filters=[clean])

    def validate_address(self, field: StringField) -> None:
        """Take what could be an address."""
        normal = normal_address(field.data or "")
        if normal is None:
            raise ValidationError(_l("That does not look like an e-mail address."))
        self.normal_address = normal


class TeamForm(AddressForm):
    """A new team, and its first admin."""

    name = line(_l("Name of the team"), needed=_l("Please give the team a name."))


class PlanForm(Form):
    """What is next with a candidate, who does it, and when."""

    next_step = line(_l("Next step"))
    next_on = StringField(_l("Day"), widget=DateInput(), filters=[clean])
    owner = SelectField(_l("Who"))

    def __init__(self, *args: Any, colleagues: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner.choices = choices_of({"": _("nobody yet")} | dict(colleagues))

    def validate_next_on(self, field: StringField) -> None:
        """Take a day, or none."""
        try:
            self.day = date.fromisoformat(field.data) if field.data else None
        except ValueError:
            raise ValidationError(_l("Please say which day.")) from None


class HandOverForm(Form):
    """To which colleague somebody is handed, and why."""

    to = SelectField(_l("To whom?"))
    reason = TextAreaField(
        _l("Why this colleague?"),
        filters=[clean],
        validators=[
            DataRequired(message=_l("Please say why: they read it.")),
            Length(
                max=LONGEST_REASON,
                message=_l("That is longer than %(most)s characters.", most=LONGEST_REASON),
            ),
        ],
    )

    def __init__(self, *args: Any, colleagues: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(colleagues)

    def offer(self, colleagues: Mapping[str, str]) -> None:
        """Show some colleagues to choose from."""
        self.to.choices = choices_of(colleagues)


def stage_names(form: Any) -> dict[str, str]:
    """Return the names typed for stages, by id; what is too long is cut by nobody but left out."""
    names = {key.removeprefix("stage-"): clean(form[key]) for key in form if key[:6] == "stage-"}
    return {key: name for key, name in names.items() if 0 < len(name) <= LONGEST_STAGE}


LONGEST_STAGE = 40
