"""Reading promises: those over one tie, and all that one Person owes or is owed."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from operator import itemgetter

from sqlalchemy import Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.core.once import once
from webapp.events.models import Event
from webapp.followups.models import Promise
from webapp.ties.gate import open_ties
from webapp.ties.models import Tie

MOST_SETTLED = 20

_IS_OPEN = and_(Promise.kept_at.is_(None), Promise.dropped_at.is_(None))


@dataclass(frozen=True, slots=True)
class OwedRow:
    """An open promise between a Person and the other side of an open tie."""

    promise: Promise
    tie: Tie
    other: Person
    time_zone: str
    """Where its day is counted."""


def promise_over(session: Session, *, tie_id: str, promise_id: str) -> Promise | None:
    """Return one promise over a tie; whoever asks has come through the gate."""
    return session.get(Promise, (tie_id, promise_id))


@once
def promises_over(session: Session, tie_id: str) -> list[Promise]:
    """Return all promises over a tie, as they were made."""
    return list(session.scalars(_over(), {"tie": tie_id}))


@cache
def _over() -> Select[Promise]:
    found = select(Promise).where(Promise.tie_id == bindparam("tie"))
    return found.order_by(Promise.made_at, Promise.id)


def open_promises(session: Session, tie_id: str) -> list[Promise]:
    """Return the open promises over a tie, the next day first, then as they were made."""
    found = [one for one in promises_over(session, tie_id) if one.is_open]
    return sorted(found, key=lambda one: one.due_on or date.max)


def settled_promises(session: Session, tie_id: str) -> list[Promise]:
    """Return the promises over a tie that were kept or dropped, the last twenty."""
    found = [(at, one) for one in promises_over(session, tie_id) if (at := one.settled_at)]
    return [one for _at, one in sorted(found, key=itemgetter(0), reverse=True)[:MOST_SETTLED]]


def open_promises_of(session: Session, person_id: str) -> list[OwedRow]:
    """Return all open promises a Person made or was made, the next day first, in one query.

    Only over open ties: after an untying there are none.
    """
    rows = session.execute(
        open_ties(person_id)
        .add_columns(Promise, Event.time_zone)
        .join(Promise, Promise.tie_id == Tie.id)
        .join(Event, Event.id == Promise.event_id)
        .where(_IS_OPEN, or_(Promise.by_id == person_id, Promise.to_id == person_id))
        .order_by(Promise.due_on.is_(None), Promise.due_on, Promise.made_at, Promise.id)
    )
    return [OwedRow(promise, tie, other, zone) for tie, other, promise, zone in rows]
