"""When a summary is frozen."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from webapp.events.models import Event
from webapp.events.rules import is_over

HOUR = timedelta(hours=1)
FROZEN_UNTIL = timedelta(days=8)
"""How long after its end an event's summaries follow late answers."""


def cut_at(now: datetime) -> datetime:
    """Return the last full hour: what came later is not in a summary yet."""
    return now.replace(minute=0, second=0, microsecond=0)


def is_next_hour(event: Event, *, cut: datetime, last_at: datetime | None) -> bool:
    """Tell whether a cut lies in the event and after the last summary."""
    return cut > event.starts_at and (last_at is None or cut > last_at)


def is_due(event: Event, *, cut: datetime, last_is_final: bool, differences: Sequence[int]) -> bool:
    """Tell whether a new summary may be frozen at `cut`.

    `differences` tells by how many people it differs from each summary before, the oldest first:
    any two differ by nobody or by at least k people. The first one after the end is frozen even
    if nobody changed, because a small event shows its number only then.
    """
    if any(0 < people < event.k for people in differences):
        return False
    if not differences or differences[-1]:
        return True
    return is_over(event, cut) and not last_is_final


def people_apart(one: Mapping[str, str], other: Mapping[str, str]) -> int:
    """Return how many people stand differently in two summaries, by their parts."""
    return sum(one.get(person) != other.get(person) for person in one.keys() | other.keys())
