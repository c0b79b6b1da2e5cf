"""What may still be changed about an event."""

from datetime import datetime
from typing import Protocol

from webapp.events.models import Event
from webapp.events.rules import GRACE


class Wanted(Protocol):
    """What matters of what an organiser wants."""

    @property
    def starts_at(self) -> datetime:
        """When the event is to start."""

    @property
    def ends_at(self) -> datetime:
        """When the event is to end."""

    @property
    def k(self) -> int:
        """How many people a number is to cover."""


def lowers_k(event: Event, wanted: Wanted) -> bool:
    """Tell whether k would go down after a summary was published.

    What two summaries differ by would then be fewer people than the first one promised.
    """
    return event.published_at is not None and wanted.k < event.k


def moves_start(event: Event, wanted: Wanted) -> bool:
    """Tell whether the start would move after a summary was published.

    Its rhythm is counted from the start: two rhythms a minute apart tell of one minute.
    """
    return event.published_at is not None and wanted.starts_at != event.starts_at


def moves_begun_start(event: Event, wanted: Wanted, *, now: datetime) -> bool:
    """Tell whether the start of an event that has begun would move to later.

    The clock decides, not the talks: an organiser who may try one time after the other would
    find out when the first talk was.
    """
    return event.starts_at <= now and wanted.starts_at > event.starts_at


def ends_before_now(event: Event, wanted: Wanted, *, now: datetime) -> bool:
    """Tell whether the new end would leave a moment outside at which talks could be recorded."""
    return event.starts_at <= now and wanted.ends_at < min(event.ends_at, now - GRACE)
