"""Reading what figures are made of. Ids of attendees stay in here; pages get numbers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.conversations.models import Conversation
from webapp.conversations.rules import ordered
from webapp.events.models import Attendee, Event
from webapp.insights.figures import Pair
from webapp.insights.models import Snapshot
from webapp.insights.publishing import Talk


@dataclass(frozen=True, slots=True)
class EventFacts:
    """All that a summary is made of, people included: input only, never shown."""

    here: dict[str, str | None]
    """Who had come, with their group: N of every figure."""
    talks: list[Talk]
    unproven: list[Pair]
    earlier: set[Pair] | None
    """Pairs who talked here and at an event before; None if there is none."""


def latest_snapshot(session: Session, event_id: str) -> Snapshot | None:
    """Return the newest summary of an event."""
    found = select(Snapshot).where(Snapshot.event_id == event_id)
    return session.scalar(found.order_by(Snapshot.taken_at.desc()).limit(1))


def parts_of_snapshots(session: Session, event_id: str) -> list[dict[str, str]]:
    """Return the parts of all summaries of an event, the oldest first."""
    found = select(Snapshot.parts).where(Snapshot.event_id == event_id)
    return list(session.scalars(found.order_by(Snapshot.taken_at)))


def checked_in(session: Session, event_id: str, *, by: datetime) -> dict[str, str | None]:
    """Return who had come by a moment, with their group: N of every figure."""
    rows = session.execute(
        select(Attendee.id, Attendee.group_name)
        .where(Attendee.event_id == event_id, Attendee.checked_in_at <= by)
        .order_by(Attendee.id)
    )
    return {row[0]: row[1] for row in rows}


def proven_talks(
    session: Session, event_id: str, *, by: datetime
) -> list[tuple[datetime, str, str]]:
    """Return start and both sides of every conversation proven by a moment, in order."""
    rows = session.execute(
        select(Conversation.started_at, Conversation.low_id, Conversation.high_id)
        .where(
            Conversation.event_id == event_id,
            Conversation.proven_at <= by,
            Conversation.undone_at.is_(None),
        )
        .order_by(Conversation.started_at, Conversation.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def unproven_pairs(session: Session, event_id: str, *, by: datetime) -> list[tuple[str, str]]:
    """Return both sides of every claim that was not proven by a moment."""
    rows = session.execute(
        select(Conversation.low_id, Conversation.high_id).where(
            Conversation.event_id == event_id,
            Conversation.started_at <= by,
            or_(Conversation.proven_at.is_(None), Conversation.proven_at > by),
            Conversation.undone_at.is_(None),
        )
    )
    return [(row[0], row[1]) for row in rows]


def earlier_pairs(session: Session, event: Event) -> set[tuple[str, str]]:
    """Return the pairs of this event's attendees who had talked at an event before it."""
    low, high = aliased(Attendee), aliased(Attendee)
    low_then, high_then = aliased(Attendee), aliased(Attendee)
    rows = session.execute(
        select(low.id, high.id)
        .select_from(Conversation)
        .join(Event, Event.id == Conversation.event_id)
        .join(low_then, and_(low_then.event_id == Event.id, low_then.id == Conversation.low_id))
        .join(high_then, and_(high_then.event_id == Event.id, high_then.id == Conversation.high_id))
        .join(low, and_(low.event_id == event.id, low.person_id == low_then.person_id))
        .join(high, and_(high.event_id == event.id, high.person_id == high_then.person_id))
        .where(
            Event.starts_at < event.starts_at,
            Conversation.proven_at.is_not(None),
            Conversation.undone_at.is_(None),
        )
        .distinct()
    )
    return {ordered(row[0], row[1]) for row in rows}


def event_facts(session: Session, event: Event, *, by: datetime) -> EventFacts:
    """Return all that a summary of an event is made of, as of a moment."""
    here = checked_in(session, event.id, by=by)
    talks = [
        (int((start - event.starts_at).total_seconds()), low, high)
        for start, low, high in proven_talks(session, event.id, by=by)
        if low in here and high in here
    ]
    waiting = unproven_pairs(session, event.id, by=by)
    earlier = earlier_pairs(session, event)
    return EventFacts(
        here=here,
        talks=talks,
        unproven=[pair for pair in waiting if set(pair) <= here.keys()],
        earlier=earlier & {(low, high) for _, low, high in talks} if earlier else None,
    )
