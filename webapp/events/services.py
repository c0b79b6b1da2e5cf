"""Creating events, giving roles, adding and checking in attendees."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from webapp.accounts.models import EmailAddress, Person
from webapp.core.ids import new_id
from webapp.events.models import Attendee, Event, Invitation, Role, RoleName
from webapp.events.queries import event_by_code
from webapp.events.rules import CODE_LENGTH
from webapp.security.tokens import code_of


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """What an organiser says about an event."""

    name: str
    place: str
    time_zone: str
    starts_at: datetime
    ends_at: datetime
    needs_check_in: bool = False


@dataclass(frozen=True, slots=True)
class Printed:
    """What stands on a badge."""

    name: str
    organisation: str
    headline: str


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
    event = Event(
        code=_free_code(session),
        name=said.name,
        place=said.place,
        time_zone=said.time_zone,
        starts_at=said.starts_at,
        ends_at=said.ends_at,
        needs_check_in=said.needs_check_in,
        created_at=now,
    )
    session.add(event)
    session.flush()
    if by is not None:
        grant_role(session, event=event, person=by, name=RoleName.ORGANISER, now=now)
    return event


def _free_code(session: Session) -> str:
    while True:
        code = code_of(secrets.token_bytes(4), length=CODE_LENGTH)
        if event_by_code(session, code) is None:
            return code


def grant_role(
    session: Session, *, event: Event, person: Person, name: RoleName, now: datetime
) -> None:
    """Give a Person a role at an event; giving it twice changes nothing."""
    if session.get(Role, (event.id, person.id, name)) is None:
        session.add(Role(event_id=event.id, person_id=person.id, name=name, granted_at=now))
        session.flush()


def take_role(session: Session, *, event: Event, person_id: str, name: RoleName) -> None:
    """Take a role back."""
    session.execute(
        delete(Role).where(
            Role.event_id == event.id, Role.person_id == person_id, Role.name == name
        )
    )


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
    rows = [asdict(guest) | fixed | {"id": new_id()} for guest in guests]
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


def invite(session: Session, *, event: Event, address: str, name: RoleName, now: datetime) -> None:
    """Let whoever proves to read an address take a role; inviting twice changes nothing."""
    if session.get(Invitation, (event.id, address, name)) is None:
        session.add(Invitation(event_id=event.id, address=address, name=name, invited_at=now))
        session.flush()


def withdraw_invitation(session: Session, *, event: Event, address: str, name: RoleName) -> None:
    """Take an invitation back."""
    session.execute(
        delete(Invitation).where(
            Invitation.event_id == event.id,
            Invitation.address == address,
            Invitation.name == name,
        )
    )


def accept_invitations(session: Session, *, event: Event, person: Person, now: datetime) -> int:
    """Give a Person the roles that waited for their addresses; return how many there were."""
    own = select(EmailAddress.address).where(EmailAddress.person_id == person.id)
    waiting = list(
        session.scalars(
            select(Invitation).where(Invitation.event_id == event.id, Invitation.address.in_(own))
        )
    )
    for invitation in waiting:
        grant_role(session, event=event, person=person, name=invitation.name, now=now)
        session.delete(invitation)
    session.flush()
    return len(waiting)
