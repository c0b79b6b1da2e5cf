"""Reading events, roles and attendees."""

from dataclasses import dataclass

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from webapp.events.models import Attendee, Event, Role, RoleName


@dataclass(frozen=True, slots=True)
class MyEvent:
    """An event as one of its people sees it in a list."""

    event: Event
    is_attendee: bool
    roles: frozenset[RoleName]


@dataclass(frozen=True, slots=True)
class MyPlace:
    """What a Person is at one event; one query."""

    event: Event
    attendee: Attendee | None
    roles: frozenset[RoleName]

    @property
    def is_stranger(self) -> bool:
        """True for somebody the event does not know."""
        return self.attendee is None and not self.roles


# Built once: it runs for every request at an event.
_PLACE = (
    select(Event, Attendee, Role.name)
    .outerjoin(
        Attendee, (Attendee.event_id == Event.id) & (Attendee.person_id == bindparam("person_id"))
    )
    .outerjoin(Role, (Role.event_id == Event.id) & (Role.person_id == bindparam("person_id")))
    .where(Event.id == bindparam("event_id"))
)


def event_by_code(session: Session, code: str) -> Event | None:
    """Return the event of a join code written in upper case; nobody joins an erased one."""
    found = session.scalar(select(Event).where(Event.code == code))
    return None if found is None or found.is_erased else found


def is_code_taken(session: Session, code: str) -> bool:
    """Tell whether an event has a code, erased or not."""
    return session.scalar(select(Event.id).where(Event.code == code)) is not None


def my_place(session: Session, *, event_id: str, person_id: str) -> MyPlace | None:
    """Return the event with one Person's attendee and roles, in one query."""
    rows = session.execute(_PLACE, {"event_id": event_id, "person_id": person_id}).all()
    if not rows:
        return None
    return MyPlace(rows[0][0], rows[0][1], frozenset(row[2] for row in rows if row[2]))


def my_events(session: Session, person_id: str) -> list[MyEvent]:
    """Return all events a Person attends or works at, the latest first, in one query."""
    rows = session.execute(
        select(Event, Attendee.id, Role.name)
        .outerjoin(Attendee, (Attendee.event_id == Event.id) & (Attendee.person_id == person_id))
        .outerjoin(Role, (Role.event_id == Event.id) & (Role.person_id == person_id))
        .where(or_(Attendee.id.is_not(None), Role.name.is_not(None)))
        .order_by(Event.starts_at.desc(), Event.id)
    ).all()
    found: dict[str, MyEvent] = {}
    for event, attendee_id, role in rows:
        before = found[event.id].roles if event.id in found else frozenset()
        found[event.id] = MyEvent(event, attendee_id is not None, before | ({role} - {None}))
    return list(found.values())


def attendee(session: Session, *, event_id: str, attendee_id: str) -> Attendee | None:
    """Return one attendee."""
    return session.get(Attendee, (event_id, attendee_id))


def attendee_of(session: Session, *, event_id: str, person_id: str) -> Attendee | None:
    """Return a Person's attendee at an event."""
    return session.scalar(
        select(Attendee).where(Attendee.event_id == event_id, Attendee.person_id == person_id)
    )


def count_attendees(session: Session, event_id: str) -> int:
    """Return how many are on the list, here or not."""
    found = select(func.count()).select_from(Attendee).where(Attendee.event_id == event_id)
    return session.scalar(found) or 0
