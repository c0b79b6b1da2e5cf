"""What each of three people may do about an introduction, and what it looks like to them.

To its proposer an unanswered one, a refused one and one that was never shown are the same.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from webapp.followups.models import Introduction

MOST_WAITING = 10
LONGEST_REASON = 300
LIFE = timedelta(days=30)
"""How long it waits for its two answers."""
SILENCE = timedelta(days=90)
"""How long after a "no" the same proposer cannot ask about the same two again."""
MADE_SHOWN_FOR = timedelta(days=90)
"""How long the two find each other's names."""
MADE_TOLD_FOR = timedelta(days=7)
"""How long its proposer is told that both said yes."""
UNDO_FOR = timedelta(minutes=10)
"""How long a "no" stays on the screen, to be taken back."""


class Answer(StrEnum):
    """What one side has said."""

    NONE = "none"
    YES = "yes"
    NO = "no"


def answer_of(one: Introduction, person_id: str) -> Answer:
    """Return what one of the two has said."""
    is_low = person_id == one.low_id
    accepted_at = one.low_accepted_at if is_low else one.high_accepted_at
    declined_at = one.low_declined_at if is_low else one.high_declined_at
    if declined_at is not None:
        return Answer.NO
    return Answer.NONE if accepted_at is None else Answer.YES


def made_at(one: Introduction) -> datetime | None:
    """Return when the second of the two said yes; None until both have."""
    if not one.is_made or one.low_accepted_at is None or one.high_accepted_at is None:
        return None
    return max(one.low_accepted_at, one.high_accepted_at)


def is_waiting(one: Introduction, *, now: datetime) -> bool:
    """Tell whether an introduction looks as if it waited for an answer."""
    is_open = one.withdrawn_at is None and not one.is_made
    return is_open and now - one.proposed_at < LIFE


def is_shown_to(one: Introduction, *, person_id: str, now: datetime) -> bool:
    """Tell whether one of the two finds an introduction on their screen.

    Whether ties and blocks let it through is for the query to ask.
    """
    made = made_at(one)
    if made is not None:
        return now - made < MADE_SHOWN_FOR
    declined_at = one.low_declined_at if person_id == one.low_id else one.high_declined_at
    is_said_no_to = declined_at is not None and now - declined_at >= UNDO_FOR
    return is_waiting(one, now=now) and not is_said_no_to


def is_told_to_proposer(one: Introduction, *, now: datetime) -> bool:
    """Tell whether its proposer finds an introduction on their screen."""
    made = made_at(one)
    return is_waiting(one, now=now) if made is None else now - made < MADE_TOLD_FOR


def may_answer(one: Introduction, *, now: datetime) -> bool:
    """Tell whether its two people may still say yes or no."""
    return is_waiting(one, now=now)


def is_silenced(proposed_at: datetime, *, declined_at: datetime | None) -> bool:
    """Tell whether a proposal came too soon after a "no" to the same two; nobody is asked then."""
    return declined_at is not None and timedelta(0) <= proposed_at - declined_at < SILENCE
