"""Creating events, giving roles, adding and checking in attendees."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.core import signals
from webapp.core.ids import new_id
from webapp.core.languages import USUAL
from webapp.core.text import findable
from webapp.events.models import Attendee, Event, Role, RoleName
from webapp.events.queries import is_code_taken
from webapp.events.rules import CODE_LENGTH, K_USUAL, RETENTION_USUAL
from webapp.security.audit import record
from webapp.security.models import Action
from webapp.security.tokens import code_of


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """What an organiser says about an event; see `Event` for what each of it means."""

    name: str
    place: str
    time_zone: str
    starts_at: datetime
    ends_at: datetime
    needs_check_in: bool = False
    k: int = K_USUAL
    language: str = USUAL
    has_organisations: bool = True
    has_headlines: bool = True
    has_groups: bool = True
    retention_months: int = RETENTION_USUAL
    may_mail_unclaimed: bool = False
    has_discreet_subjects: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGuest:
    """What a list says about somebody; `address` and `group_name` may be unknown."""

    name: str
    organisation: str
    headline: str
    address: str | None
    group_name: str | None


def create_event(session: Session, *, said: NewEvent, by: Person | None, now: datetime) -> Event:
    """Create an event; its creator is the organiser. Commands create events without one."""
    event = Event(code=_free_code(session), created_at=now, **asdict(said))
    session.add(event)
    session.flush()
    if by is not None:
        grant_role(session, event=event, person=by, name=RoleName.ORGANISER, now=now)
    record(
        session,
        event_id=event.id,
        action=Action.EVENT_CREATED,
        by=by.id if by else None,
        now=now,
    )
    session.flush()
    return event


def _free_code(session: Session) -> str:
    while True:
        code = code_of(secrets.token_bytes(4), length=CODE_LENGTH)
        if not is_code_taken(session, code):
            return code


def grant_role(
    session: Session,
    *,
    event: Event,
    person: Person,
    name: RoleName,
    now: datetime,
    team_name: str = "",
) -> None:
    """Give a Person a role at an event; giving it twice changes at most the team it is for.

    Who was a recruiter once stays known as one: some links are kept from them for good.
    """
    role = session.get(Role, (event.id, person.id, name))
    if role is None:
        role = Role(event_id=event.id, person_id=person.id, name=name, granted_at=now)
        session.add(role)
        person.has_recruited = person.has_recruited or name is RoleName.RECRUITER
    role.team_name = team_name or role.team_name or ""
    session.flush()


def remove_role(session: Session, *, event: Event, person_id: str, name: RoleName) -> bool:
    """Remove a role and return whether there was one."""
    removed = delete(Role).where(
        Role.event_id == event.id, Role.person_id == person_id, Role.name == name
    )
    was_there = bool(session.execute(removed.returning(Role.person_id)).all())
    if was_there:
        signals.role_removed.send(event, session=session, person_id=person_id, name=name)
    return was_there


def add_attendee(
    session: Session,
    *,
    event: Event,
    name: str,
    organisation: str = "",
    headline: str = "",
    address: str | None = None,
    group_name: str | None = None,
    person: Person | None = None,
    now: datetime,
) -> Attendee:
    """Put somebody on the list; a Person who joins by themselves is here already."""
    attendee = Attendee(
        event_id=event.id,
        person_id=person.id if person else None,
        name=name,
        organisation=organisation,
        headline=headline,
        address=address,
        group_name=group_name,
        added_at=now,
        checked_in_at=now if person and not event.needs_check_in else None,
    )
    session.add(attendee)
    session.flush()
    return attendee


def add_guests(
    session: Session, *, event: Event, guests: Sequence[NewGuest], now: datetime
) -> list[Attendee]:
    """Put many guests on the list at once, in the same order."""
    if not guests:
        return []
    fixed = {"event_id": event.id, "added_at": now}
    rows = [
        asdict(one) | fixed | {"id": new_id(), "folded": findable(one.name, one.organisation)}
        for one in guests
    ]
    added = {one.id: one for one in session.scalars(insert(Attendee).returning(Attendee), rows)}
    return [added[row["id"]] for row in rows]


def check_in(session: Session, *, attendee: Attendee, now: datetime) -> None:
    """Note that an attendee has come; the first time counts."""
    attendee.checked_in_at = attendee.checked_in_at or now
    session.flush()


def undo_check_in(session: Session, *, attendee: Attendee) -> None:
    """Take a mistaken check-in back."""
    attendee.checked_in_at = None
    session.flush()
