"""Reading what figures are made of. Ids of attendees stay in here; pages get numbers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.conversations.models import Conversation
from webapp.conversations.rules import ordered
from webapp.events.models import Attendee, Event, Role
from webapp.events.rules import RUNS_THE_EVENT
from webapp.followups.queries.follow_through import PairFacts, follow_through
from webapp.insights.counting import CAME_OF_IT, KEPT, LINK_OPENED, PROMISED, Talk
from webapp.insights.figures import Pair
from webapp.insights.models import Snapshot
from webapp.recruiting.queries.outcomes import pairs_something_came_of

MOST_EARLIER = 20
"""Events that are looked at for a comparison."""


@dataclass(frozen=True, slots=True)
class EventFacts:
    """All that a summary is made of, people included: input only, never shown."""

    here: dict[str, str | None]
    """Who had come, with their group: N of every figure."""
    using: set[str]
    """Who of them has claimed their badge."""
    talks: list[Talk]
    unproven: list[Pair]
    earlier: set[Pair] | None
    """Pairs who talked here and at an event before; None if there is none."""
    followed: dict[str, set[Pair]] | None = None
    """Who took each step of follow-through in time; None while it is too early to say."""


def latest_snapshot(session: Session, event_id: str) -> Snapshot | None:
    """Return the newest summary of an event."""
    found = select(Snapshot).where(Snapshot.event_id == event_id)
    return session.scalar(found.order_by(Snapshot.taken_at.desc()).limit(1))


def parts_of_snapshots(session: Session, event_id: str) -> list[dict[str, str]]:
    """Return the parts of all summaries of an event, the oldest first."""
    found = select(Snapshot.parts).where(Snapshot.event_id == event_id)
    return list(session.scalars(found.order_by(Snapshot.taken_at)))


def people_listed(
    session: Session, event_id: str
) -> list[tuple[str, str | None, str | None, datetime | None]]:
    """Return id, group, person and check-in of everybody on the list."""
    rows = session.execute(
        select(Attendee.id, Attendee.group_name, Attendee.person_id, Attendee.checked_in_at)
        .where(Attendee.event_id == event_id)
        .order_by(Attendee.id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


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


def event_facts(
    session: Session, event: Event, *, by: datetime, days: int | None = None
) -> EventFacts:
    """Return all that a summary of an event is made of, as of a moment.

    `days` is how long after the end follow-through is counted, if it is. Who talked has come:
    undoing a check-in does not take talks out of what was counted.
    """
    talks = [
        (int((start - event.starts_at).total_seconds()), low, high)
        for start, low, high in proven_talks(session, event.id, by=by)
    ]
    talked = {person for _, low, high in talks for person in (low, high)}
    here = [
        (attendee_id, group, person_id)
        for attendee_id, group, person_id, came_at in people_listed(session, event.id)
        if attendee_id in talked or (came_at is not None and came_at <= by)
    ]
    return EventFacts(
        here={attendee_id: group for attendee_id, group, _ in here},
        using={attendee_id for attendee_id, _, person_id in here if person_id},
        talks=talks,
        unproven=_among(here, unproven_pairs(session, event.id, by=by)),
        earlier=_earlier_of(talks, earlier_pairs(session, event)),
        followed=_followed(session, event, talks, days=days) if days else None,
    )


def _followed(
    session: Session, event: Event, talks: list[Talk], *, days: int
) -> dict[str, set[Pair]]:
    """Return who took each step within some days after the end."""
    until, talked = event.ends_at + timedelta(days=days), {(low, high) for _, low, high in talks}
    facts = [one for one in follow_through(session, event.id) if _pair(one) in talked]
    return {
        LINK_OPENED: {_pair(one) for one in facts if _is_by(one.link_opened_at, until)},
        PROMISED: {_pair(one) for one in facts if _is_by(one.promised_at, until)},
        KEPT: {_pair(one) for one in facts if _is_by(one.confirmed_at, until)},
        CAME_OF_IT: {_pair(one) for one in facts if _is_by(one.came_of_it_at, until)}
        | (pairs_something_came_of(session, event.id, until=until) & talked),
    }


def _pair(one: PairFacts) -> Pair:
    return one.low_id, one.high_id


def _is_by(moment: datetime | None, until: datetime) -> bool:
    return moment is not None and moment <= until


def _among(here: list[tuple[str, str | None, str | None]], pairs: list[Pair]) -> list[Pair]:
    ids = {attendee_id for attendee_id, _, _ in here}
    return [pair for pair in pairs if ids.issuperset(pair)]


def _earlier_of(talks: list[Talk], earlier: set[Pair]) -> set[Pair] | None:
    return earlier & {(low, high) for _, low, high in talks} if earlier else None


def final_reports_before(
    session: Session, event: Event, *, person_id: str
) -> list[tuple[Event, dict[str, Any]]]:
    """Return earlier events that a Person runs, the latest first, each with its last final report.

    One query, however many events there are; at most 20 of them.
    """
    newest = (
        select(Snapshot.event_id, func.max(Snapshot.taken_at).label("taken_at"))
        .where(Snapshot.is_final)
        .group_by(Snapshot.event_id)
        .subquery()
    )
    runs = select(Role.event_id).where(Role.person_id == person_id, Role.name.in_(RUNS_THE_EVENT))
    rows = session.execute(
        select(Event, Snapshot.report)
        .join(Snapshot, Snapshot.event_id == Event.id)
        .join(
            newest,
            and_(newest.c.event_id == Snapshot.event_id, newest.c.taken_at == Snapshot.taken_at),
        )
        .where(Event.id.in_(runs), Event.starts_at < event.starts_at)
        .order_by(Event.starts_at.desc(), Event.id)
        .limit(MOST_EARLIER)
    )
    return [(row[0], row[1]) for row in rows]
