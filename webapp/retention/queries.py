"""Finding the events whose time has come."""

from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from webapp.events.models import Event
from webapp.events.rules import RETENTION_CHOICES, months_later


def events_to_erase(session: Session, *, now: datetime) -> list[str]:
    """Return the events to erase by now, as ids: their retention is over, or somebody asked."""
    is_over = [
        and_(Event.retention_months == months, Event.ends_at <= months_later(now, -months))
        for months in RETENTION_CHOICES
    ]
    found = select(Event.id).where(
        Event.erased_at.is_(None), or_(Event.erasure_asked_at.is_not(None), *is_over)
    )
    return list(session.scalars(found.order_by(Event.ends_at)))
