"""Changing what was decided about an event, putting it away, and asking for its erasure."""

from dataclasses import asdict
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.core.errors import Conflict, DomainError
from webapp.events.models import Event, Transfer
from webapp.events.rules import may_erase
from webapp.events.services import NewEvent
from webapp.events.settings.rules import (
    ends_before_now,
    lowers_k,
    moves_begun_start,
    moves_start,
)
from webapp.security.audit import record
from webapp.security.models import Action


class NotChangeable(DomainError):
    """A setting that must stay; `field` is its name."""

    def __init__(self, field: str, message: object) -> None:
        super().__init__(message)
        self.field = field


def change_event(
    session: Session, *, event: Event, said: NewEvent, by: Person, now: datetime
) -> None:
    """Change what was decided about an event, and note what changed.

    Raises:
        NotChangeable: a published summary, or that it has begun, stands against it.
    """
    session.refresh(event, with_for_update=True)
    changed = {name: value for name, value in asdict(said).items() if getattr(event, name) != value}
    if lowers_k(event, said):
        raise NotChangeable("k", _("Numbers are published already, so this can only go up."))
    if moves_start(event, said):
        raise NotChangeable(
            "starts_at", _("Numbers are published already, so the start stays as it is.")
        )
    if moves_begun_start(event, said, now=now):
        raise NotChangeable("starts_at", _("It has begun, so its start can only be earlier."))
    if ends_before_now(event, said, now=now):
        raise NotChangeable("ends_at", _("It is on, so it cannot have ended that early."))
    for name, value in changed.items():
        setattr(event, name, value)
    if changed:
        record(
            session,
            event_id=event.id,
            action=Action.EVENT_CHANGED,
            by=by.id,
            now=now,
            changed=" ".join(changed),
            k=said.k,
        )
    session.flush()


def note_published(session: Session, *, event_id: str, k: int, now: datetime) -> bool:
    """Note that a summary made for `k` is published; False if k has changed in the meantime."""
    noted = (
        update(Event)
        .where(Event.id == event_id, Event.k == k)
        .values(published_at=func.coalesce(Event.published_at, now))
        .returning(Event.id)
    )
    return session.scalar(noted) is not None


def archive(session: Session, *, event: Event, by: Person, now: datetime) -> None:
    """Put an event out of its helpers' list; nothing else changes."""
    if not event.is_archived:
        event.archived_at = now
        record(session, event_id=event.id, action=Action.EVENT_ARCHIVED, by=by.id, now=now)
        session.flush()


def bring_back(session: Session, *, event: Event, by: Person, now: datetime) -> None:
    """Put an archived event back into the list."""
    if event.is_archived:
        event.archived_at = None
        record(session, event_id=event.id, action=Action.EVENT_BROUGHT_BACK, by=by.id, now=now)
        session.flush()


def ask_for_erasure(session: Session, *, event: Event, by: Person, now: datetime) -> None:
    """Close an event for good; the worker erases its guest list and what hangs on it.

    Raises:
        Conflict: it is on, or erased already.
    """
    session.refresh(event, with_for_update=True)
    if not may_erase(event, now):
        raise Conflict(_("An event can be erased before it begins, or when it is over."))
    event.erasure_asked_at = now
    for offer in session.scalars(select(Transfer).where(Transfer.event_id == event.id)):
        session.delete(offer)
    record(session, event_id=event.id, action=Action.ERASURE_ASKED, by=by.id, now=now)
    session.flush()
