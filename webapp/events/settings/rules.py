"""What may still be changed about an event."""

from datetime import datetime
from typing import Protocol

from webapp.events.models import Event


class Wanted(Protocol):
    """What matters of what an organiser wants."""

    @property
    def starts_at(self) -> datetime:
        """When the event is to start."""

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
