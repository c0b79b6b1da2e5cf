"""Reviews compared in words alone, nothing added up and nobody ranked; and handing over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.recruiting.models import Handover

SCORES = (1, 2, 3, 4)
FAR_APART = 2
MOST_CRITERIA = 8
LONGEST_CRITERION = 80
LONGEST_REASON = 500
LONGEST_TEAM_NOTE = 1000
LONGEST_HANDING = 280
"""Characters of the reason of a hand-over."""
UNDO_FOR = timedelta(minutes=10)
"""How long a "no" to a hand-over stays on the screen, to be taken back."""


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


def may_undo(one: Handover, *, now: datetime) -> bool:
    """Tell whether a Candidate may still take their "no" back: then the question waits again."""
    if one.is_accepted is not False or one.answered_at is None or one.ended_at is not None:
        return False
    return now - one.answered_at < UNDO_FOR


def is_shown_to_candidate(one: Handover, *, now: datetime) -> bool:
    """Tell whether a Candidate finds a hand-over on their screens, if nothing hides it."""
    return one.is_waiting or one.is_standing or may_undo(one, now=now)


def is_over(one: Handover) -> bool:
    """Tell whether a colleague does not carry on, and is not asked about again by the same member.

    A "no", a yes that was taken back and a block between the two are the same to the Team. One that
    another took the place of is not over for good.
    """
    return one.is_accepted is False
