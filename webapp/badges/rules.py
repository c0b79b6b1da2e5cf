"""Pure decisions about badges and live codes."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

STEPS_ACCEPTED = 2
"""The current step and the one before: a live code lives at most 30 s."""

MOST_SCANNERS = 8
"""How many people may use one live code: a table, not a broadcast."""

TAP_SECONDS = 120
"""How long after scanning a live code the tap may come."""


class Way(StrEnum):
    """How a badge was read."""

    PRINTED = "printed"
    LIVE = "live"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One badge that was read: whose, how, and for a live code in which step."""

    event_id: str
    attendee_id: str
    badge_id: str
    way: Way
    live_step: int | None = None


KEPT_FOR = timedelta(hours=72)
"""How long after it was made a scan may still be sent by the phone that kept it."""

CLOCK_OFF = timedelta(seconds=60)
"""By how much a kept scan's time may differ from the time its live code proves."""


def steps_to_try(current_step: int) -> range:
    """Return the steps whose live codes are accepted now, the current one first."""
    return range(current_step, current_step - STEPS_ACCEPTED, -1)
