"""What pairs of an event did afterwards: input for an event's numbers, never shown by pair."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from webapp.conversations.models import Conversation
from webapp.conversations.queries import is_blocked
from webapp.events.models import Attendee
from webapp.followups.models import Outcome, OutcomeKind, Promise, TieSide
from webapp.ties.models import Closing, Tie


@dataclass(frozen=True, slots=True)
class PairFacts:
    """When one pair of an event first did each step; None for what they have not done.

    Ids are of attendees: a figure made of pairs needs them to count the people it covers.
    """

    low_id: str
    high_id: str
    proven_at: datetime
    link_opened_at: datetime | None
    promised_at: datetime | None
    confirmed_at: datetime | None
    """When a receiver said that a promise was kept."""
    came_of_it_at: datetime | None
    """When one of them named an outcome; "nothing yet" is none."""


def follow_through(session: Session, event_id: str) -> list[PairFacts]:
    """Return what the pairs of an event did after their talk, in one query.

    Only pairs whose tie is open: what two people untied is gone from numbers made later.
    Somebody who left goes on counting, without a name.
    """
    low, high = aliased(Attendee), aliased(Attendee)
    is_low = low.person_id < high.person_id
    proven_at: Any = func.min(Conversation.proven_at)
    rows = session.execute(
        select(
            Conversation.low_id,
            Conversation.high_id,
            proven_at,
            _first_link(),
            _first_promise(Promise.made_at, event_id),
            _first_promise(Promise.confirmed_at, event_id),
            _first_outcome(event_id),
        )
        .join(low, (low.event_id == Conversation.event_id) & (low.id == Conversation.low_id))
        .join(high, (high.event_id == Conversation.event_id) & (high.id == Conversation.high_id))
        .join(
            Tie,
            (Tie.low_person_id == case((is_low, low.person_id), else_=high.person_id))
            & (Tie.high_person_id == case((is_low, high.person_id), else_=low.person_id)),
        )
        .where(
            Conversation.event_id == event_id,
            Conversation.proven_at.is_not(None),
            Conversation.undone_at.is_(None),
            or_(Tie.closed_at.is_(None), Tie.closing == Closing.LEFT),
            ~is_blocked(Tie.low_person_id, Tie.high_person_id),
        )
        .group_by(Conversation.low_id, Conversation.high_id, Tie.id)
        .order_by(Conversation.low_id, Conversation.high_id)
    )
    return [PairFacts(*row) for row in rows]


def _first_link() -> ScalarSelect[Any]:
    found = select(func.min(TieSide.link_opened_at)).where(TieSide.tie_id == Tie.id)
    return found.correlate(Tie).scalar_subquery()


def _first_promise(moment: InstrumentedAttribute[Any], event_id: str) -> ScalarSelect[Any]:
    found = select(func.min(moment)).where(Promise.tie_id == Tie.id, Promise.event_id == event_id)
    return found.correlate(Tie).scalar_subquery()


def _first_outcome(event_id: str) -> ScalarSelect[Any]:
    found = select(func.min(Outcome.said_at)).where(
        Outcome.tie_id == Tie.id,
        Outcome.event_id == event_id,
        Outcome.kind != OutcomeKind.NOTHING_YET,
    )
    return found.correlate(Tie).scalar_subquery()
