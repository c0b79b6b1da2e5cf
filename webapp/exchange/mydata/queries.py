"""Reading what somebody has to settle before they leave, and whose day is over."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Erasure, Person
from webapp.accounts.queries import addresses_of
from webapp.events.models import Event, Role, RoleName
from webapp.exchange.mydata.mine import Me

UNDO_FOR = timedelta(hours=24)


def me_of(session: Session, person: Person) -> Me:
    """Return a Person with their addresses."""
    return Me(person.id, tuple(addresses_of(session, person.id)))


def events_to_settle(session: Session, person_id: str) -> list[Event]:
    """Return the events a Person has to hand over or erase before they can leave."""
    found = select(Event).join(Role, Role.event_id == Event.id)
    answers = (Role.person_id == person_id) & (Role.name == RoleName.ORGANISER)
    stands = Event.erased_at.is_(None) & Event.erasure_asked_at.is_(None)
    return list(session.scalars(found.where(answers, stands).order_by(Event.starts_at)))


def erasure_of(session: Session, person_id: str) -> Erasure | None:
    """Return when a Person asked to leave, if they did."""
    return session.get(Erasure, person_id)


def erasures_due(session: Session, *, now: datetime) -> list[str]:
    """Return the Persons who cannot take it back any more and are not erased yet."""
    late = (Erasure.done_at.is_(None)) & (Erasure.asked_at <= now - UNDO_FOR)
    return list(session.scalars(select(Erasure.person_id).where(late).order_by(Erasure.asked_at)))
