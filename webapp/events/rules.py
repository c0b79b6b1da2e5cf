"""Pure decisions about events."""

import calendar
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from webapp.events.models import Attendee, Event, RoleName

GRACE = timedelta(hours=12)
"""How long after the end a talk may still be recorded, for those who forgot."""

CODE_LENGTH = 6
LONGEST_EVENT = timedelta(days=31)
RUNS_THE_EVENT = frozenset({RoleName.ORGANISER, RoleName.CO_ORGANISER})
WORKS_THE_DESK = RUNS_THE_EVENT | {RoleName.DESK}
PRIVILEGED = RUNS_THE_EVENT | {RoleName.RECRUITER}
"""Who needs a passkey or an app; who only helps at the desk may do so on any phone (0023)."""

K_SMALLEST, K_LARGEST, K_USUAL = 5, 50, 10
RETENTION_CHOICES = (1, 3, 6, 12, 24)
RETENTION_USUAL = 6
"""Months after the end."""

USUAL_ZONE = "Europe/Berlin"
USUAL_START, USUAL_LENGTH = time(18, 30), timedelta(hours=3)
MEETUP_DAYS = range(4)
"""Monday to Thursday."""

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Printed:
    """What stands on a badge."""

    name: str
    organisation: str
    headline: str


def as_printed(event: Event, attendee: Attendee) -> Printed:
    """Return what stands on an attendee's badge, by what the event shows on badges."""
    return Printed(
        attendee.name,
        attendee.organisation if event.has_organisations else "",
        attendee.headline if event.has_headlines else "",
    )


def group_printed(event: Event, attendee: Attendee) -> str:
    """Return the group that stands on an attendee's badge, if groups do."""
    return (attendee.group_name or "") if event.has_groups else ""


def takes_talks(event: Event, now: datetime) -> bool:
    """Tell whether talks can be recorded: from the start to 12 hours after the end."""
    return not event.is_erased and event.starts_at <= now <= event.ends_at + GRACE


def is_over(event: Event, now: datetime) -> bool:
    """Tell whether nothing new can be recorded any more."""
    return event.is_erased or now > event.ends_at + GRACE


def is_coming(event: Event, now: datetime) -> bool:
    """Tell whether the event has not begun."""
    return not event.is_erased and now < event.starts_at


def may_erase(event: Event, now: datetime) -> bool:
    """Tell whether its organiser may erase an event: before it begins, or once it is over."""
    return not event.is_erased and (is_coming(event, now) or is_over(event, now))


def erased_after(event: Event) -> datetime:
    """Return when an event is erased by itself."""
    return months_later(event.ends_at, event.retention_months)


def months_later(moment: datetime, months: int) -> datetime:
    """Return the same day and time some months later or, negative, earlier.

    In a shorter month it is the last day.
    """
    months += moment.year * 12 + moment.month - 1
    year, month = divmod(months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def next_evening(now: datetime, zone: str) -> tuple[datetime, datetime]:
    """Return start and end of the next evening for a meetup after today, as local wall time."""
    day = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    while day.weekday() not in MEETUP_DAYS:
        day += timedelta(days=1)
    start = datetime.combine(day, USUAL_START)
    return start, start + USUAL_LENGTH


def next_same_weekday(event: Event, now: datetime) -> tuple[datetime, datetime]:
    """Return start and end of an event moved to its next weekday after today, as wall time."""
    zone = ZoneInfo(event.time_zone)
    start, end, today = (
        moment.astimezone(zone).replace(tzinfo=None)
        for moment in (event.starts_at, event.ends_at, now)
    )
    days_ago = (today.date() - start.date()).days
    later = (days_ago // WEEK.days + 1) * WEEK if days_ago >= 0 else timedelta(0)
    return start + later, end + later
