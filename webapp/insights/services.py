"""Counting and freezing summaries."""

from collections import defaultdict
from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.events.models import Event
from webapp.events.rules import is_over
from webapp.events.settings.services import note_published
from webapp.insights.counting import EventCounts, count_event
from webapp.insights.models import Snapshot
from webapp.insights.publishing.report import publish
from webapp.insights.queries import (
    EventFacts,
    event_facts,
    latest_snapshot,
    parts_of_snapshots,
)
from webapp.insights.rules import cut_at, is_due, is_next_hour, people_apart, window_at
from webapp.security.keys import secret_key
from webapp.security.tokens import digest

PART_LENGTH = 16


def freeze_summary(session: Session, *, event: Event, now: datetime) -> Snapshot | None:
    """Freeze a summary as of the last full hour, if one is due."""
    snapshot = next_summary(session, event=event, now=now)
    if snapshot is not None:
        keep_frozen(session, snapshot)
    return snapshot


def keep_frozen(session: Session, snapshot: Snapshot) -> None:
    """Keep a summary, unless another worker was faster: what is frozen stays as it is.

    One that was counted for another k than the event has by now is not kept.
    """
    if session.get(Snapshot, (snapshot.event_id, snapshot.taken_at)) is not None:
        return
    k, at = snapshot.report["k"], snapshot.taken_at
    if note_published(session, event_id=snapshot.event_id, k=k, now=at):
        session.add(snapshot)
        session.flush()


def next_summary(session: Session, *, event: Event, now: datetime) -> Snapshot | None:
    """Count the summary as of the last full hour, if one is due; only reads."""
    cut, last = cut_at(now), latest_snapshot(session, event.id)
    if not is_next_hour(event, cut=cut, last_at=last.taken_at if last else None):
        return None
    days = window_at(event.ends_at, cut)
    facts = event_facts(session, event, by=cut, days=days)
    parts = parts_of(facts)
    before = parts_of_snapshots(session, event.id)
    differences = [people_apart(parts, one) for one in before]
    last_is_final = bool(last and last.is_final and last.report.get("following_days") == days)
    if not is_due(event, cut=cut, last_is_final=last_is_final, differences=differences):
        return None
    ended = is_over(event, cut)
    report = publish(counts_of(facts), k=event.k, is_over=ended, following_days=days)
    return Snapshot(
        event_id=event.id, taken_at=cut, is_final=ended, report=asdict(report), parts=parts
    )


def counts_of(facts: EventFacts) -> EventCounts:
    """Count what an event's summary is made of."""
    return count_event(
        list(facts.here),
        facts.talks,
        groups={person: group for person, group in facts.here.items() if group},
        using=facts.using,
        unproven=facts.unproven,
        earlier_pairs=facts.earlier,
        followed=facts.followed,
    )


def parts_of(facts: EventFacts) -> dict[str, str]:
    """Return a keyed digest of what of each attendee's is counted, by attendee."""
    counted: defaultdict[str, list[str]] = defaultdict(list)
    pairs = [(f"talk {start}", low, high) for start, low, high in facts.talks]
    pairs += [("claim", low, high) for low, high in facts.unproven]
    pairs += [("before", low, high) for low, high in facts.earlier or ()]
    pairs += [
        (step, low, high) for step, took in (facts.followed or {}).items() for low, high in took
    ]
    for what, low, high in pairs:
        counted[low].append(f"{what} {high}")
        counted[high].append(f"{what} {low}")
    for person in facts.using:
        counted[person].append("uses")
    return {
        person: _part("\n".join([person, group or "", *sorted(counted[person])]))
        for person, group in facts.here.items()
    }


def _part(text: str) -> str:
    return digest(secret_key(), purpose="part of a summary", value=text)[:PART_LENGTH]
