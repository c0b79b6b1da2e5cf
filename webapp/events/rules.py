"""Pure decisions about events."""

from datetime import datetime, timedelta

from webapp.events.models import Event, RoleName

GRACE = timedelta(hours=12)
"""How long after the end a talk may still be recorded, for those who forgot."""

CODE_LENGTH = 6
LONGEST_EVENT = timedelta(days=31)
RUNS_THE_EVENT = frozenset({RoleName.ORGANISER, RoleName.CO_ORGANISER})
WORKS_THE_DESK = RUNS_THE_EVENT | {RoleName.DESK}


def takes_talks(event: Event, now: datetime) -> bool:
    """Tell whether talks can be recorded: from the start to 12 hours after the end."""
    return event.starts_at <= now <= event.ends_at + GRACE


def is_over(event: Event, now: datetime) -> bool:
    """Tell whether nothing new can be recorded any more."""
    return now > event.ends_at + GRACE


def is_coming(event: Event, now: datetime) -> bool:
    """Tell whether the event has not begun."""
    return now < event.starts_at
