"""Reading who helps, who is asked to, and what waits for me."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import EmailAddress, Person
from webapp.events.models import Event, Invitation, Role, RoleName, Transfer


@dataclass(frozen=True, slots=True)
class Helper:
    """One role of one Person at an event."""

    person_id: str
    name: str
    role: RoleName


def team_of(session: Session, event_id: str) -> list[Helper]:
    """Return who helps at an event, the longest first."""
    found = (
        select(Role.person_id, Person.name, Role.name)
        .join(Person, Person.id == Role.person_id)
        .where(Role.event_id == event_id)
        .order_by(Role.granted_at, Person.name)
    )
    return [Helper(*row) for row in session.execute(found)]


def invitations_to(session: Session, event_id: str) -> list[Invitation]:
    """Return the roles at an event that wait to be taken."""
    found = select(Invitation).where(
        Invitation.event_id == event_id, Invitation.withdrawn_at.is_(None)
    )
    return list(session.scalars(found.order_by(Invitation.invited_at, Invitation.address)))


def my_invitations(session: Session, person_id: str) -> list[tuple[Event, RoleName]]:
    """Return the roles that wait for a Person's proven addresses."""
    found = (
        select(Event, Invitation.name)
        .join(Invitation, Invitation.event_id == Event.id)
        .join(EmailAddress, EmailAddress.address == Invitation.address)
        .where(EmailAddress.person_id == person_id, Invitation.withdrawn_at.is_(None))
        .order_by(Event.starts_at.desc(), Invitation.name)
    )
    return [(row[0], row[1]) for row in session.execute(found)]


def transfer_of(session: Session, event_id: str) -> Transfer | None:
    """Return the open offer of an event."""
    return session.get(Transfer, event_id)


def offered_to_me(session: Session, person_id: str) -> list[Event]:
    """Return the events somebody wants to hand over to a Person."""
    found = select(Event).join(Transfer, Transfer.event_id == Event.id)
    return list(session.scalars(found.where(Transfer.person_id == person_id)))
