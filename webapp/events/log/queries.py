"""Reading the log, page by page. One query each."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from webapp.accounts.models import Person
from webapp.events.models import Attendee, Event
from webapp.security.models import Action, AuditEntry

ON_A_PAGE = 50
ABOUT_EVERYBODY = (Action.EVENT_CHANGED, Action.GUESTS_IMPORTED)
"""What concerns all who attend an event."""


@dataclass(frozen=True, slots=True)
class LogRow:
    """One entry, with the names of those in it as far as they still have one."""

    entry: AuditEntry
    event: Event
    actor: str | None
    attendee: str | None
    person: str | None


_ACTOR, _SUBJECT = aliased(Person, name="actor"), aliased(Person, name="subject")
_ROWS = (
    select(AuditEntry, Event, _ACTOR.name, Attendee.name, _SUBJECT.name)
    .join(Event, Event.id == AuditEntry.event_id)
    .outerjoin(_ACTOR, _ACTOR.id == AuditEntry.actor_id)
    .outerjoin(_SUBJECT, _SUBJECT.id == AuditEntry.person_id)
    .outerjoin(
        Attendee,
        and_(Attendee.event_id == AuditEntry.event_id, Attendee.id == AuditEntry.attendee_id),
    )
    .order_by(AuditEntry.done_at.desc(), AuditEntry.id.desc())
    .limit(ON_A_PAGE + 1)
)


def log_of(session: Session, event_id: str, *, before: str) -> list[LogRow]:
    """Return the entries of an event before one of them, the latest first.

    There is one more than fits on a page if there are more.
    """
    found = _ROWS.where(AuditEntry.event_id == event_id)
    if before:
        found = found.where(_is_of(before, event_id), _stands_before(before))
    return [LogRow(*row) for row in session.execute(found)]


def log_about(session: Session, person_id: str, *, before: str) -> list[LogRow]:
    """Return what concerns a Person, at whatever event, like `log_of`."""
    of_mine = select(Attendee.event_id, Attendee.id).where(Attendee.person_id == person_id)
    attended = select(Attendee.event_id).where(Attendee.person_id == person_id)
    found = _ROWS.where(
        or_(
            AuditEntry.person_id == person_id,
            tuple_(AuditEntry.event_id, AuditEntry.attendee_id).in_(of_mine),
            and_(AuditEntry.event_id.in_(attended), AuditEntry.action.in_(ABOUT_EVERYBODY)),
        )
    )
    if before:
        found = found.where(_stands_before(before))
    return [LogRow(*row) for row in session.execute(found)]


def moment_of(session: Session, entry_id: str) -> datetime | None:
    """Return when an entry was noted, or None if there is no such entry."""
    return session.scalar(select(AuditEntry.done_at).where(AuditEntry.id == entry_id))


def _stands_before(entry_id: str) -> ColumnElement[bool]:
    """Return the condition of what was done before an entry; nothing was before an unknown one."""
    entry = aliased(AuditEntry, name="entry")
    is_earlier = or_(
        AuditEntry.done_at < entry.done_at,
        and_(AuditEntry.done_at == entry.done_at, AuditEntry.id < entry.id),
    )
    return select(entry.id).where(entry.id == entry_id, is_earlier).exists()


def _is_of(entry_id: str, event_id: str) -> ColumnElement[bool]:
    entry = aliased(AuditEntry, name="place")
    return select(entry.id).where(entry.id == entry_id, entry.event_id == event_id).exists()
