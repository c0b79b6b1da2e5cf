"""Freezing summaries."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.events.models import Event
from webapp.events.rules import is_over
from webapp.insights.models import Snapshot
from webapp.insights.publishing import publish
from webapp.insights.queries import changed_people, event_counts, latest_snapshot
from webapp.insights.rules import cut_at, is_due


def freeze_summary(session: Session, *, event: Event, now: datetime) -> Snapshot | None:
    """Freeze a summary as of the last full hour, if one is due."""
    snapshot = next_summary(session, event=event, now=now)
    if snapshot is not None:
        session.add(snapshot)
        session.flush()
    return snapshot


def next_summary(session: Session, *, event: Event, now: datetime) -> Snapshot | None:
    """Count the summary as of the last full hour, if one is due; only reads."""
    cut = cut_at(now)
    last = latest_snapshot(session, event.id)
    changed = len(changed_people(session, event.id, after=last.taken_at, by=cut)) if last else 0
    if not is_due(
        event,
        cut=cut,
        last_at=last.taken_at if last else None,
        last_is_final=bool(last and last.is_final),
        changed=changed,
    ):
        return None
    ended = is_over(event, cut)
    report = publish(event_counts(session, event, by=cut), k=event.k, is_over=ended)
    return Snapshot(event_id=event.id, taken_at=cut, is_final=ended, report=asdict(report))
