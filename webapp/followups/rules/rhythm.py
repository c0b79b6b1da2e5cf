"""When to check in with somebody again, by the rhythm one has chosen."""

from datetime import datetime

from webapp.events.rules import months_later
from webapp.followups.models import Rhythm

MONTHS = {Rhythm.MONTHLY: 1, Rhythm.QUARTERLY: 3, Rhythm.YEARLY: 12}


def due_at(rhythm: Rhythm, *, since: datetime | None, last_talk_at: datetime) -> datetime | None:
    """Return when to check in, in calendar months after the last talk or answer; None for never.

    A talk meanwhile counts by itself: nobody has to say that they have talked.
    """
    if rhythm is Rhythm.NONE:
        return None
    begun = max(since, last_talk_at) if since else last_talk_at
    return months_later(begun, MONTHS[rhythm])


def is_due(
    rhythm: Rhythm, *, since: datetime | None, last_talk_at: datetime, now: datetime
) -> bool:
    """Tell whether it is time to check in."""
    at = due_at(rhythm, since=since, last_talk_at=last_talk_at)
    return at is not None and at <= now
