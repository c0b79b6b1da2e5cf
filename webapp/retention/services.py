"""Erasing an event in small steps, each of which may be taken twice."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete, func, select, tuple_, update
from sqlalchemy.orm import Session

from webapp.events.models import Event
from webapp.retention.policy import Deleted, Step
from webapp.security.audit import record
from webapp.security.models import Action

CHUNK_ROWS = 1_000
"""How many rows one transaction erases: SQLite lets nobody else write meanwhile."""


def close_for_good(session: Session, *, event_id: str, now: datetime) -> None:
    """Let nobody work on an event any more, so that nothing is added while it is erased."""
    closing = update(Event).where(Event.id == event_id)
    session.execute(closing.values(erasure_asked_at=func.coalesce(Event.erasure_asked_at, now)))


def take_step(session: Session, step: Step, *, event_id: str) -> bool:
    """Erase the next rows of one step, and tell whether there may be more."""
    table: Any = step.model
    keys = [table.__table__.c[column.name] for column in table.__table__.primary_key]
    wanted = select(*keys).where(table.event_id == event_id, *step.where).limit(CHUNK_ROWS)
    chosen = tuple_(*keys).in_(wanted)
    statement = (
        delete(table).where(chosen)
        if isinstance(step, Deleted)
        else update(table).where(chosen).values(dict(step.values))
    )
    done = session.execute(statement, execution_options={"synchronize_session": False})
    return cast("CursorResult[Any]", done).rowcount == CHUNK_ROWS


def note_erased(session: Session, *, event_id: str, now: datetime) -> None:
    """Note once that an event is erased."""
    noted = (
        update(Event)
        .where(Event.id == event_id, Event.erased_at.is_(None))
        .values(erased_at=now)
        .returning(Event.id)
    )
    if session.scalar(noted) is not None:
        record(session, event_id=event_id, action=Action.EVENT_ERASED, by=None, now=now)
        session.flush()
