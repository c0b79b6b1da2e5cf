"""The worker's hourly summaries."""

from sqlalchemy import select

from webapp.core import clock
from webapp.core.db import transaction
from webapp.events.models import Event
from webapp.insights.rules import FROZEN_UNTIL
from webapp.insights.services import freeze_summary


def freeze_summaries() -> None:
    """Freeze what is due, one transaction an event."""
    now = clock.now()
    with transaction() as session:
        current = select(Event.id).where(
            Event.starts_at <= now, Event.ends_at >= now - FROZEN_UNTIL
        )
        event_ids = list(session.scalars(current))
    for event_id in event_ids:
        with transaction() as session:
            freeze_summary(session, event=session.get_one(Event, event_id), now=now)
