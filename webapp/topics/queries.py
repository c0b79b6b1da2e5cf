"""Reading my own topics, and who has some of them too. One query each."""

from itertools import groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Row,
    Select,
    case,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from webapp.conversations.models import Conversation
from webapp.conversations.queries import is_blocked
from webapp.events.models import Attendee
from webapp.topics.models import Looking, Side, Topic
from webapp.topics.rules import Candidate, OwnTopics, Said, matches_of, score

MOST_CANDIDATES = 50
"""How many of the best matches are read; the rule chooses among them."""


def own_topics(session: Session, *, attendee: Attendee) -> OwnTopics:
    """Return what an attendee said about themselves, each side in their order, in one query."""
    rows = session.execute(
        select(Looking.attendee_id, Topic.side, Topic.key, Topic.text)
        .select_from(Attendee)
        .outerjoin(Looking, _is_of(Looking, Attendee.id, Attendee.event_id))
        .outerjoin(Topic, _is_of(Topic, Attendee.id, Attendee.event_id))
        .where(Attendee.event_id == attendee.event_id, Attendee.id == attendee.id)
        .order_by(Topic.place)
    ).all()
    said = {
        side: tuple(Said(row.key, row.text) for row in rows if row.side == side) for side in Side
    }
    is_looking = any(row.attendee_id is not None for row in rows)
    return OwnTopics(said[Side.OFFERS], said[Side.SEEKS], is_looking)


def candidates(
    session: Session, *, me: Attendee, own: OwnTopics, starting_id: str
) -> list[Candidate]:
    """Return who of this event could be suggested to me, at most 50, in one query.

    They and I have a topic in common; they want to be suggested, are here, and no block and no talk
    stands between us. When more than 50 match equally well, those from one id on are read.
    """
    best = _best(me, own, starting_id).subquery("best")
    theirs = aliased(Topic, name="theirs")
    rows = session.execute(
        select(best, theirs.side, theirs.key)
        .join(theirs, _is_of(theirs, best.c.id, me.event_id) & theirs.key.in_(own.keys))
        .order_by(best.c.id)
    )
    return [_candidate(own, list(of_one)) for _id, of_one in groupby(rows, lambda row: row.id)]


def _candidate(own: OwnTopics, rows: list[Row[Any]]) -> Candidate:
    who = rows[0]
    in_common = (match for row in rows for match in matches_of(own, row.side, row.key))
    return Candidate(who.id, who.name, who.organisation, who.headline, tuple(in_common))


def _best(me: Attendee, own: OwnTopics, starting_id: str) -> Select[str, str, str, str]:
    """Select those who match best; linear in their number also where nothing is known of it."""
    matched = _matched(me, own).subquery("matched")
    return (
        select(Attendee.id, Attendee.name, Attendee.organisation, Attendee.headline)
        .select_from(matched)
        .join(Looking, _is_of(Looking, matched.c.attendee_id, me.event_id))
        .join(Attendee, (Attendee.event_id == me.event_id) & (Attendee.id == matched.c.attendee_id))
        .where(
            Attendee.person_id.is_not(None),
            Attendee.checked_in_at.is_not(None),
            matched.c.attendee_id.not_in(_talked_with(me)),
            ~is_blocked(me.person_id, Attendee.person_id),
        )
        .order_by(matched.c.score.desc(), Attendee.id < starting_id, Attendee.id)
        .limit(MOST_CANDIDATES)
    )


def _matched(me: Attendee, own: OwnTopics) -> Select[str, int]:
    """Select who has a topic of mine, with their score."""
    worth = case(
        (Topic.side == Side.OFFERS, _worth(own, Side.OFFERS)), else_=_worth(own, Side.SEEKS)
    )
    return (
        select(Topic.attendee_id, func.sum(worth).label("score"))
        .where(
            Topic.event_id == me.event_id,
            Topic.key.in_(own.keys),
            Topic.attendee_id != me.id,
        )
        .group_by(Topic.attendee_id)
    )


def _worth(own: OwnTopics, theirs: Side) -> ColumnElement[int]:
    """Write the rule's score of a topic that somebody has on one side in SQL."""
    worth = {key: score(matches_of(own, theirs, key)) for key in own.keys}
    return case(worth, value=Topic.key, else_=0)


def _talked_with(me: Attendee) -> CompoundSelect[Any]:
    """Select whom I have talked with, and whom I said so about.

    What my claim hides stays hidden whatever becomes of it, and a claim about me hides nothing:
    neither side can tell from their three what the other has said or done about them.
    """
    stands = (
        (Conversation.event_id == me.event_id)
        & Conversation.undone_at.is_(None)
        & or_(Conversation.proven_at.is_not(None), Conversation.claimed_by_id == me.id)
    )
    return union_all(
        select(Conversation.high_id).where(stands, Conversation.low_id == me.id),
        select(Conversation.low_id).where(stands, Conversation.high_id == me.id),
    )


def _is_of(model: Any, attendee_id: Any, event_id: Any) -> ColumnElement[bool]:
    of_them: ColumnElement[bool] = (model.event_id == event_id) & (model.attendee_id == attendee_id)
    return of_them
