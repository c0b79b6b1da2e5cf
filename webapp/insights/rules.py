"""When a summary is frozen."""

from datetime import datetime, timedelta

from webapp.events.models import Event
from webapp.events.rules import is_over

HOUR = timedelta(hours=1)
FROZEN_UNTIL = timedelta(days=8)
"""How long after its end an event's summaries follow late answers."""


def cut_at(now: datetime) -> datetime:
    """Return the last full hour: what came later is not in a summary yet."""
    return now.replace(minute=0, second=0, microsecond=0)


def is_due(
    event: Event, *, cut: datetime, last_at: datetime | None, last_is_final: bool, changed: int
) -> bool:
    """Tell whether a new summary may be frozen at `cut`.

    Two summaries differ by nobody or by at least k people. The first one after the end is frozen
    even if nobody changed, because a small event shows its number only then.
    """
    if cut <= event.starts_at or (last_at is not None and cut <= last_at):
        return False
    if last_at is None or changed >= event.k:
        return True
    return changed == 0 and is_over(event, cut) and not last_is_final
