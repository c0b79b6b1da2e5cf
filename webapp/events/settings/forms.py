"""What an organiser says about an event."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    Field,
    Form,
    IntegerField,
    StringField,
    ValidationError,
)
from wtforms.validators import InputRequired, NumberRange

from webapp.core.fields import clean, line, one_of
from webapp.core.languages import LANGUAGES, USUAL
from webapp.events.models import Event
from webapp.events.rules import (
    K_LARGEST,
    K_SMALLEST,
    K_USUAL,
    LONGEST_EVENT,
    RETENTION_USUAL,
    USUAL_ZONE,
)
from webapp.events.services import NewEvent

ZONES = frozenset(available_timezones())
YEARS = range(2000, 2100)
LOCAL = "%Y-%m-%dT%H:%M"
MONTHS = {
    1: _l("1 month"),
    3: _l("3 months"),
    6: _l("6 months"),
    12: _l("1 year"),
    24: _l("2 years"),
}
K_RANGE = _l("Please choose a number from %(least)s to %(most)s.", least=K_SMALLEST, most=K_LARGEST)


class EventForm(Form):
    """An event, in two minutes; what most leave as it is stands apart."""

    name = line(_l("Name of the event"), needed=_l("Please name the event."))
    place = line(_l("Place"))
    starts_at = DateTimeLocalField(
        _l("Starts"), format=LOCAL, validators=[InputRequired(_l("When does it start?"))]
    )
    ends_at = DateTimeLocalField(
        _l("Ends"), format=LOCAL, validators=[InputRequired(_l("When does it end?"))]
    )
    time_zone = one_of(_l("Time zone"), {zone: zone for zone in sorted(ZONES)}, default=USUAL_ZONE)
    has_organisations = BooleanField(_l("Organisation"), default=True)
    has_headlines = BooleanField(_l("Headline"), default=True)
    has_groups = BooleanField(_l("Group"), default=True)
    needs_check_in = BooleanField(_l("People are checked in at a desk before they scan"))
    language = one_of(_l("Language of badges and mails"), LANGUAGES, default=USUAL)
    k = IntegerField(
        _l("Fewest people behind a published number"),
        default=K_USUAL,
        validators=[NumberRange(K_SMALLEST, K_LARGEST, K_RANGE)],
    )
    retention_months = one_of(
        _l("Erase the guest list after"), MONTHS, default=RETENTION_USUAL, coerce=int
    )
    may_mail_unclaimed = BooleanField(
        _l("People who never claimed their badge may get one mail the morning after")
    )
    has_discreet_subjects = BooleanField(_l("Mails leave the event's name out of their subject"))

    SELDOM = ("language", "k", "retention_months", "may_mail_unclaimed", "has_discreet_subjects")

    @property
    def languages(self) -> Sequence[str]:
        """The languages there are to choose from."""
        return list(LANGUAGES.values())

    @property
    def is_seldom_wrong(self) -> bool:
        """True if something is wrong with a setting that stands apart."""
        return any(self[name].errors for name in self.SELDOM)

    def validate_starts_at(self, field: DateTimeLocalField) -> None:
        """A year of our time; others would not fit into a calendar."""
        if field.data and field.data.year not in YEARS:
            raise ValidationError(_l("Please check the year."))

    def validate_ends_at(self, field: DateTimeLocalField) -> None:
        """An event ends after it starts, within a month, also when the clock is put forward."""
        self.validate_starts_at(field)
        start, end = self._moment(self.starts_at), self._moment(field)
        if start and end and end <= start:
            raise ValidationError(_l("The end must come after the start."))
        if start and end and end - start > LONGEST_EVENT:
            raise ValidationError(_l("An event can last a month at most."))

    def command(self) -> NewEvent:
        """Return the event with its moments in UTC."""
        starts_at, ends_at = self._moment(self.starts_at), self._moment(self.ends_at)
        if starts_at is None or ends_at is None:
            raise ValueError("a form that was not validated")
        others = {name: field.data for name, field in self._fields.items() if name in _PLAIN}
        return NewEvent(starts_at=starts_at, ends_at=ends_at, **others)

    def _moment(self, field: DateTimeLocalField) -> datetime | None:
        """Return what a field says, in UTC, if it and the time zone make sense."""
        local, zone = field.data, self.time_zone.data
        if local is None or local.year not in YEARS or zone not in ZONES:
            return None
        return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


_TIMES = frozenset({"starts_at", "ends_at"})
_PLAIN = frozenset(NewEvent.__dataclass_fields__) - _TIMES


def said_of(event: Event, times: tuple[datetime, datetime] | None = None) -> dict[str, Any]:
    """Return what the form of an event says, with other times (as wall time) if there are some."""
    zone = ZoneInfo(event.time_zone)
    start, end = times or (
        moment.astimezone(zone).replace(tzinfo=None) for moment in (event.starts_at, event.ends_at)
    )
    return {name: getattr(event, name) for name in _PLAIN} | {"starts_at": start, "ends_at": end}


class ErasureForm(Form):
    """The name of the event, typed: there is no undoing."""

    typed_name = StringField(_l("To be sure, type the event's name"), filters=[clean])

    def __init__(self, formdata: Any = None, *, event: Event) -> None:
        super().__init__(formdata)
        self._wanted = event.name

    def validate_typed_name(self, field: Field) -> None:
        """Take the name however its letters are."""
        if (field.data or "").casefold() != self._wanted.casefold():
            raise ValidationError(_l("That is not the name of this event."))
