"""What organisers and teams type."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Form,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, Length
from wtforms.widgets import DateInput

from webapp.accounts.rules import normal_address
from webapp.core.fields import chips, choices_of, clean, line
from webapp.recruiting.models import TeamOutcome
from webapp.recruiting.rules import LONGEST_HANDING
from webapp.recruiting.words import OUTCOMES, TARGETS


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


class OutcomeForm(Form):
    """What came of the talk with a candidate."""

    outcome = RadioField(
        _l("What came of it?"), choices=choices_of(OUTCOMES), validate_choice=False
    )

    def validate_outcome(self, field: RadioField) -> None:
        """Take what a team can say."""
        if field.data not in set(TeamOutcome):
            raise ValidationError(_l("Please choose one of these."))

    @property
    def said(self) -> TeamOutcome:
        """What was chosen."""
        return TeamOutcome(self.outcome.data)


class ExportForm(Form):
    """Whom somebody takes along, to where, and how."""

    preset = chips(_l("Where to?"), TARGETS, default=next(iter(TARGETS)), validate_choice=False)
    whom = chips(_l("Whom?"), {}, validate_choice=False)
    has_notes = BooleanField(_l("With my own notes"))
    has_bom = BooleanField(_l("For an older Excel"))

    def __init__(self, typed: Any, *, count: int, most: int) -> None:
        is_more = count > most
        super().__init__(typed, data={"whom": ALL if is_more else CHOSEN})
        words = {CHOSEN: _("Those I tick"), NEW: _("New since my last export there")}
        if is_more:
            words[ALL] = _("All %(num)s on the list", num=count)
        self.whom.choices = choices_of(words)

    def validate_preset(self, field: RadioField) -> None:
        """Take a program we know."""
        if field.data not in TARGETS:
            raise ValidationError(_l("Please say where to."))

    def validate_whom(self, field: RadioField) -> None:
        """Take one of the three; which are offered depends on how many there are."""
        if field.data not in {CHOSEN, NEW, ALL}:
            raise ValidationError(_l("Please say whom."))


CHOSEN, NEW, ALL = "chosen", "new", "all"
"""Whom: those with a tick, those not taken there since they agreed, or all that the list shows."""


class HandOverForm(Form):
    """To which colleague somebody is handed, and why."""

    to = SelectField(_l("To whom?"))
    reason = TextAreaField(
        _l("Why this colleague?"),
        filters=[clean],
        validators=[
            DataRequired(message=_l("Please say why: they read it.")),
            Length(
                max=LONGEST_HANDING,
                message=_l("That is longer than %(most)s characters.", most=LONGEST_HANDING),
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
