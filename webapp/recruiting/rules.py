"""Reviews compared, in words alone: nothing is added up and nobody is ranked."""

from collections.abc import Iterable
from dataclasses import dataclass

SCORES = (1, 2, 3, 4)
FAR_APART = 2
MOST_CRITERIA = 8
LONGEST_CRITERION = 80
LONGEST_REASON = 500
LONGEST_TEAM_NOTE = 1000


@dataclass(frozen=True, slots=True)
class Spread:
    """How far apart colleagues are on one criterion: the lowest score and the highest."""

    low: int
    high: int

    @property
    def is_one(self) -> bool:
        """True if all gave the same."""
        return self.low == self.high

    @property
    def is_far(self) -> bool:
        """True if they differ so much that they should talk about it."""
        return self.high - self.low >= FAR_APART


def spread_of(scores: Iterable[int | None]) -> Spread | None:
    """Return how far apart scores are; fewer than two cannot differ."""
    given = [one for one in scores if one is not None]
    return Spread(min(given), max(given)) if len(given) > 1 else None
