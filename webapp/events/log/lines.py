"""One line of the log as it is read; features above this one add lines of their own."""

from dataclasses import dataclass
from datetime import datetime

from webapp.events.models import Event


@dataclass(frozen=True, slots=True)
class EntryRow:
    """Who did what, when and at which event."""

    who: str
    what: str
    done_at: datetime
    event: Event
