"""Asking to be introduced, taking it back, and what hosts do about it."""

from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.events.models import Attendee, Event
from webapp.events.rules import GRACE
from webapp.hosting.models import Asking
from webapp.hosting.rules import Wish, is_helped_by, may_take
from webapp.security.audit import record
from webapp.security.models import Action, AuditEntry


def ask(session: Session, *, attendee: Attendee, wish: Wish, now: datetime) -> None:
    """Let hosts see an attendee; saying it again changes the words and nobody's turn.

    Once they were introduced, it is a new wish: they wait from now on.
    """
    session.refresh(attendee, ["id"], with_for_update={"key_share": True})
    asking = session.get(
        Asking, (attendee.event_id, attendee.id), with_for_update=True, populate_existing=True
    )
    if asking is None:
        asking = Asking(event_id=attendee.event_id, attendee_id=attendee.id, asked_at=now)
        session.add(asking)
    elif asking.is_introduced:
        asking.asked_at = now
        asking.helper_id = asking.taken_at = asking.introduced_at = None
    asking.line, asking.has_met_nobody = wish.line, wish.has_met_nobody
    session.flush()


def stop_asking(session: Session, *, attendee: Attendee) -> None:
    """Take it back: hosts see nothing of it from now on, the log of the event included."""
    session.execute(
        delete(Asking).where(
            Asking.event_id == attendee.event_id, Asking.attendee_id == attendee.id
        )
    )
    session.execute(
        update(AuditEntry)
        .where(
            AuditEntry.event_id == attendee.event_id,
            AuditEntry.attendee_id == attendee.id,
            AuditEntry.action == Action.HELPED_IN,
        )
        .values(attendee_id=None)
    )


def begin_to_help(
    session: Session, *, asking: Asking, by: Person, instead_of: str | None, now: datetime
) -> None:
    """Let a host be on it; if another one was faster, they stay."""
    if not may_take(asking, by_id=by.id, instead_of=instead_of) or is_helped_by(asking, by.id):
        return
    asking.helper_id, asking.taken_at = by.id, now
    _note(session, asking, by=by, now=now, step="began")


def let_be(session: Session, *, asking: Asking, by: Person, now: datetime) -> None:
    """Let a host step back; the person keeps their turn."""
    if is_helped_by(asking, by.id) and not asking.is_introduced:
        asking.helper_id = asking.taken_at = None
        _note(session, asking, by=by, now=now, step="left")


def note_introduction(session: Session, *, asking: Asking, by: Person, now: datetime) -> None:
    """Note that the host who is on it has introduced them."""
    if is_helped_by(asking, by.id) and not asking.is_introduced:
        asking.introduced_at = now
        _note(session, asking, by=by, now=now, step="introduced")


def undo_introduction(session: Session, *, asking: Asking, by: Person, now: datetime) -> None:
    """Take a mistaken tap back; the host is on it again."""
    if is_helped_by(asking, by.id) and asking.is_introduced:
        asking.introduced_at = None
        _note(session, asking, by=by, now=now, step="undone")


def _note(session: Session, asking: Asking, *, by: Person, now: datetime, step: str) -> None:
    record(
        session,
        event_id=asking.event_id,
        action=Action.HELPED_IN,
        by=by.id,
        now=now,
        attendee_id=asking.attendee_id,
        step=step,
    )
    session.flush()


def forget_old(session: Session, *, now: datetime) -> None:
    """Wipe what was asked for at events that are over, and whom the log says was helped in."""
    over = select(Event.id).where(
        or_(
            Event.ends_at < now - GRACE,
            Event.erasure_asked_at.is_not(None),
            Event.erased_at.is_not(None),
        )
    )
    session.execute(delete(Asking).where(Asking.event_id.in_(over)))
    session.execute(
        update(AuditEntry)
        .where(
            AuditEntry.event_id.in_(over),
            AuditEntry.action == Action.HELPED_IN,
            AuditEntry.attendee_id.is_not(None),
        )
        .values(attendee_id=None)
        .execution_options(synchronize_session=False)
    )
