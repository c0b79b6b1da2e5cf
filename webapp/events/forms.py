"""What an organiser says about an event and its people."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    Form,
    StringField,
    ValidationError,
)
from wtforms.validators import InputRequired

from webapp.accounts.rules import normal_address
from webapp.core.fields import clean, line, one_of
from webapp.events.models import RoleName
from webapp.events.rules import LONGEST_EVENT
from webapp.events.services import NewEvent

ZONES = frozenset(available_timezones())
YEARS = range(2000, 2100)


class EventForm(Form):
    """A new event, in two minutes."""

    name = line(_l("Name of the event"), needed=_l("Please name the event."))
    place = line(_l("Place"))
    time_zone = one_of(
        _l("Time zone"),
        {zone: zone for zone in sorted(ZONES)},
        default="Europe/Berlin",
    )
    starts_at = DateTimeLocalField(
        _l("Starts"), format="%Y-%m-%dT%H:%M", validators=[InputRequired(_l("When does it start?"))]
    )
    ends_at = DateTimeLocalField(
        _l("Ends"), format="%Y-%m-%dT%H:%M", validators=[InputRequired(_l("When does it end?"))]
    )
    needs_check_in = BooleanField(_l("People are checked in at a desk before they scan"))

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
        return NewEvent(
            name=self.name.data or "",
            place=self.place.data or "",
            time_zone=self.time_zone.data,
            starts_at=starts_at,
            ends_at=ends_at,
            needs_check_in=bool(self.needs_check_in.data),
        )

    def _moment(self, field: DateTimeLocalField) -> datetime | None:
        """Return what a field says, in UTC, if it and the time zone make sense."""
        local, zone = field.data, self.time_zone.data
        if local is None or local.year not in YEARS or zone not in ZONES:
            return None
        return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


class RoleForm(Form):
    """A helper, named by the e-mail address they sign in with."""

    address = StringField(_l("Their e-mail address"), filters=[clean])
    name = one_of(
        _l("Role"),
        {
            RoleName.CO_ORGANISER: _l("Co-organiser"),
            RoleName.DESK: _l("Desk helper"),
            RoleName.RECRUITER: _l("Recruiter"),
        },
    )

    def validate_address(self, field: StringField) -> None:
        """Take what could be an address."""
        normal = normal_address(field.data or "")
        if normal is None:
            raise ValidationError(_l("That does not look like an e-mail address."))
        self.normal_address = normal
