"""When a summary is frozen."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from webapp.events.models import Event
from webapp.events.rules import is_over

HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)
WINDOWS = (7, 30, 90)
"""After how many days it is counted what people did after an event."""
LATE_ANSWERS = timedelta(days=8)
"""How long after its end an event's summaries follow late answers."""
FROZEN_UNTIL = (WINDOWS[-1] + 1) * A_DAY
"""How long after its end an event has new summaries at all."""


def cut_at(now: datetime) -> datetime:
    """Return the last full hour: what came later is not in a summary yet."""
    return now.replace(minute=0, second=0, microsecond=0)


def window_at(ends_at: datetime, cut: datetime) -> int | None:
    """Return the days of the last window that is complete at `cut`; None in the first week."""
    complete = [days for days in WINDOWS if ends_at + days * A_DAY <= cut]
    return complete[-1] if complete else None


def has_summaries(ends_at: datetime, cut: datetime) -> bool:
    """Tell whether an event has new summaries: until late answers are in, and after each window."""
    days = window_at(ends_at, cut)
    return cut <= ends_at + LATE_ANSWERS or cut <= ends_at + (days or 0) * A_DAY + A_DAY


def is_next_hour(event: Event, *, cut: datetime, last_at: datetime | None) -> bool:
    """Tell whether a cut lies after the last summary, and at a time that has new ones.

    An event without any gets its first one whenever somebody looks.
    """
    if last_at is None:
        return cut > event.starts_at
    return cut > last_at and has_summaries(event.ends_at, cut)


def is_due(event: Event, *, cut: datetime, last_is_final: bool, differences: Sequence[int]) -> bool:
    """Tell whether a new summary may be frozen at `cut`.

    `differences` tells by how many people it differs from each summary before, the oldest first:
    any two differ by nobody or by at least k people. The first one after the end, and after each
    window, is frozen even if nobody changed: a small event shows its number only then, and
    `last_is_final` tells whether the last one was such a one.
    """
    if any(0 < people < event.k for people in differences):
        return False
    if not differences or differences[-1]:
        return True
    return is_over(event, cut) and not last_is_final


def people_apart(one: Mapping[str, str], other: Mapping[str, str]) -> int:
    """Return how many people stand differently in two summaries, by their parts."""
    return sum(one.get(person) != other.get(person) for person in one.keys() | other.keys())
