"""Words to take along, a rhythm, an outcome, a day and an introduction, as typed and tapped."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import Form, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length
from wtforms.widgets import DateInput, TimeInput

from webapp.core.fields import chips, choices_of, clean
from webapp.followups.models import OutcomeKind, Rhythm
from webapp.followups.rules.introductions import LONGEST_REASON
from webapp.followups.rules.outcomes import LONGEST_WORDS, SaidOutcome
from webapp.followups.rules.promises import is_good_day
from webapp.followups.rules.writing import LONGEST_MESSAGE, as_message

RHYTHM_CHIPS = {
    Rhythm.NONE: _l("never"),
    Rhythm.MONTHLY: _l("every month"),
    Rhythm.QUARTERLY: _l("every three months"),
    Rhythm.YEARLY: _l("every year"),
}
OUTCOME_CHIPS = {
    OutcomeKind.NOTHING_YET: _l("nothing yet"),
    OutcomeKind.ADVICE: _l("advice"),
    OutcomeKind.COLLABORATION: _l("working together"),
    OutcomeKind.DEAL: _l("a deal"),
    OutcomeKind.JOB: _l("a job"),
    OutcomeKind.OTHER: _l("something else"),
}


def _longest(most: int) -> Length:
    return Length(max=most, message=_l("That is longer than %(most)s characters.", most=most))


class WordsForm(Form):
    """A message to take along."""

    words = TextAreaField(
        _l("Your words"),
        filters=[lambda typed: as_message(typed or "")],
        validators=[
            DataRequired(message=_l("Please write a sentence first.")),
            _longest(LONGEST_MESSAGE),
        ],
    )


class RhythmForm(Form):
    """How often to check in with somebody."""

    rhythm = chips(_l("Remind me to check in"), RHYTHM_CHIPS, default=Rhythm.NONE.value)

    def chosen(self) -> Rhythm:
        """Return what was tapped."""
        return Rhythm(self.rhythm.data)


class OutcomeForm(Form):
    """What came of a tie."""

    outcome = chips(_l("What came of it?"), OUTCOME_CHIPS, default=OutcomeKind.NOTHING_YET.value)
    text = StringField(
        _l("In your own words"),
        filters=[clean],
        validators=[_longest(LONGEST_WORDS)],
        render_kw={"maxlength": LONGEST_WORDS, "autocomplete": "off"},
    )

    def said(self) -> SaidOutcome:
        """Return what came of it."""
        return SaidOutcome(OutcomeKind(self.outcome.data), self.text.data or "")


class DayForm(Form):
    """A day to meet again, and a time if it is known."""

    day = StringField(
        _l("Which day?"),
        filters=[clean],
        widget=DateInput(),
        validators=[DataRequired(message=_l("Please say which day."))],
    )
    hour = StringField(_l("At what time?"), filters=[clean], widget=TimeInput())

    def __init__(self, *args: Any, today: date, time_zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.time_zone = today, time_zone

    def validate_day(self, field: StringField) -> None:
        """Take a day that is not over yet."""
        day = _read(date.fromisoformat, field.data)
        if day is None:
            raise ValidationError(_l("Please say which day."))
        if not is_good_day(day, today=self.today):
            raise ValidationError(_l("Choose today or a later day, within three years."))

    def validate_hour(self, field: StringField) -> None:
        """Take a time of day, or none."""
        if field.data and _read(time.fromisoformat, field.data) is None:
            raise ValidationError(_l("Please write it like 18:30, or leave it empty."))

    def begins(self) -> date | datetime:
        """Return the day, or the moment in UTC of a time where the two last talked."""
        day = date.fromisoformat(self.day.data or "")
        if not self.hour.data:
            return day
        hour = time.fromisoformat(self.hour.data).replace(tzinfo=None, second=0, microsecond=0)
        return datetime.combine(day, hour, tzinfo=ZoneInfo(self.time_zone)).astimezone(UTC)


class IntroduceForm(Form):
    """Whom to introduce somebody to, and why."""

    to = RadioField(_l("To whom?"), validate_choice=False, choices=[])
    reason = TextAreaField(
        _l("Why should they meet?"),
        filters=[clean],
        validators=[
            DataRequired(message=_l("Please say why: both read it.")),
            _longest(LONGEST_REASON),
        ],
    )

    def __init__(self, *args: Any, people: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people

    def offer(self, people: dict[str, str]) -> None:
        """Show some people to choose from."""
        self.to.choices = choices_of(people)

    def validate_to(self, field: RadioField) -> None:
        """Take one of my people."""
        if field.data not in self.people:
            raise ValidationError(_l("Please choose one of the people you met."))


def _read(read: Any, typed: str | None) -> Any:
    try:
        return read(typed or "")
    except ValueError:
        return None
