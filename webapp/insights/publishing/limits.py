"""How many people a published number needs, how it is rounded, and why it may be hidden."""

import math
from dataclasses import dataclass

from webapp.insights.counting import EventCounts, Split

K_SMALLEST, K_LARGEST = 5, 50
MIN_CONVERSATIONS = 10
MIN_FOR_TOTALS = 20
MIN_FOR_FIGURES = 30
MIN_FOR_QUARTILES = 40

NOT_OVER = "not_over"
TOO_FEW_ATTENDEES = "too_few_attendees"
BELOW_K = "below_k"
PROTECTED = "protected"
UNDEFINED = "undefined"
ONE_GROUP = "one_group"


@dataclass(frozen=True)
class Limits:
    """Fewest people behind a published number; raises ValueError outside 5 to 50."""

    k: int = 10

    def __post_init__(self) -> None:
        if not K_SMALLEST <= self.k <= K_LARGEST:
            raise ValueError(f"k must be from {K_SMALLEST} to {K_LARGEST}, found {self.k}")

    @property
    def quartiles(self) -> int:
        """Fewest attendees for quartiles, so that k people are in each quarter."""
        return max(MIN_FOR_QUARTILES, 4 * self.k)

    def allow(self, conversations: int, fewest_people: int, busiest: int = 0) -> bool:
        """Whether a cell has enough people on each side, enough talks and nobody who dominates."""
        is_large = fewest_people >= self.k and conversations >= MIN_CONVERSATIONS
        return is_large and 2 * busiest <= conversations

    def allow_split(self, split: Split) -> bool:
        """Whether both sides of a split are large enough to be shown."""
        smaller = min(split.part, split.whole - split.part)
        return self.allow(smaller, min(split.people_in, split.people_out))


def table_hidden_because(counts: EventCounts, limits: Limits) -> str | None:
    """Why an event may have no table at all."""
    if counts.attendees < MIN_FOR_FIGURES:
        return TOO_FEW_ATTENDEES
    return BELOW_K if counts.participants < limits.k else None


def round_count(count: float) -> int:
    """The nearest multiple of 5, half up."""
    return math.floor(count / 5 + 0.5) * 5


def round_percent(share: float) -> int:
    """A share in whole per cent, half up."""
    return math.floor(100 * share + 0.5)


def percent(part: int, whole: int) -> int:
    """Part of whole in whole per cent, half up, exactly."""
    return (200 * part + whole) // (2 * whole)
