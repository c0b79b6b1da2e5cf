"""Reading what figures are made of. Ids of attendees stay in here; pages get numbers."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.conversations.models import Conversation
from webapp.conversations.rules import ordered
from webapp.events.models import Attendee, Event
from webapp.insights.models import Snapshot
from webapp.insights.publishing import EventCounts, count_event


def latest_snapshot(session: Session, event_id: str) -> Snapshot | None:
    """Return the newest summary of an event."""
    found = select(Snapshot).where(Snapshot.event_id == event_id)
    return session.scalar(found.order_by(Snapshot.taken_at.desc()).limit(1))


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


def changed_people(session: Session, event_id: str, *, after: datetime, by: datetime) -> set[str]:
    """Return whose numbers changed between two moments: came, talked, or took a talk back."""
    talks = session.execute(
        select(Conversation.low_id, Conversation.high_id).where(
            Conversation.event_id == event_id,
            or_(
                _between(Conversation.started_at, after, by),
                _between(Conversation.proven_at, after, by),
                _between(Conversation.undone_at, after, by),
            ),
        )
    )
    came = session.scalars(
        select(Attendee.id).where(
            Attendee.event_id == event_id, _between(Attendee.checked_in_at, after, by)
        )
    )
    return {side for row in talks for side in row} | set(came)


def event_counts(session: Session, event: Event, *, by: datetime) -> EventCounts:
    """Return all that a summary of an event is made of, as of a moment."""
    here = checked_in(session, event.id, by=by)
    talks = [
        (int((start - event.starts_at).total_seconds()), low, high)
        for start, low, high in proven_talks(session, event.id, by=by)
        if low in here and high in here
    ]
    waiting = unproven_pairs(session, event.id, by=by)
    return count_event(
        list(here),
        talks,
        groups={person: group for person, group in here.items() if group},
        unproven=[pair for pair in waiting if set(pair) <= here.keys()],
        earlier_pairs=earlier_pairs(session, event) or None,
    )


def _between(column: Any, after: datetime, by: datetime) -> ColumnElement[bool]:
    return and_(column > after, column <= by)
