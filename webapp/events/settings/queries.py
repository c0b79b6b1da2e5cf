"""Reading the events one has run."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.events.models import Event, Role
from webapp.events.rules import RUNS_THE_EVENT

MOST_TO_COPY = 30


def events_i_run(session: Session, person_id: str) -> list[Event]:
    """Return the events a Person runs, the latest created first, at most 30."""
    found = (
        select(Event)
        .where(
            Event.id.in_(
                select(Role.event_id).where(
                    Role.person_id == person_id, Role.name.in_(RUNS_THE_EVENT)
                )
            )
        )
        .order_by(Event.created_at.desc(), Event.id)
    )
    return list(session.scalars(found.limit(MOST_TO_COPY)))
