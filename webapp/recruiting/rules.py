"""What may be done about handing somebody to a colleague."""

from datetime import datetime, timedelta

from webapp.recruiting.models import Handover

LONGEST_REASON = 280
UNDO_FOR = timedelta(minutes=10)
"""How long a "no" stays on the screen, to be taken back."""


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
