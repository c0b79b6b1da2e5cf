"""The worker's hourly summaries."""

from sqlalchemy import select

from webapp.core import clock
from webapp.core.db import reading, transaction
from webapp.events.models import Event
from webapp.insights.rules import FROZEN_UNTIL
from webapp.insights.services import keep_frozen, next_summary


def freeze_summaries() -> None:
    """Freeze what is due, an event at a time; nobody waits while a summary is counted."""
    now = clock.now()
    with reading() as session:
        current = select(Event.id).where(
            Event.starts_at <= now,
            Event.ends_at >= now - FROZEN_UNTIL,
            Event.erasure_asked_at.is_(None),
            Event.erased_at.is_(None),
        )
        event_ids = list(session.scalars(current))
    for event_id in event_ids:
        with reading() as session:
            event = session.get_one(Event, event_id)
            snapshot = next_summary(session, event=event, now=now)
        if snapshot is not None:
            with transaction() as session:
                keep_frozen(session, snapshot)
