"""What a letter to one Person is made of, beside what the Follow up screen reads."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.accounts.models import EmailAddress, Person
from webapp.conversations.models import Conversation
from webapp.events.models import Attendee, Event
from webapp.events.rules import Printed, as_printed
from webapp.followups.letters.models import Told
from webapp.followups.letters.queries.conditions import NEVER_LEFT, NOT_ERASED
from webapp.followups.letters.rules import TOLD_LATE, Key, Span
from webapp.ties.gate import open_ties
from webapp.ties.models import Tie


@dataclass(frozen=True, slots=True)
class MetOne:
    """Somebody a Person met at an event that is over, as printed on the badge."""

    tie: Tie
    event: Event
    badge: Printed


def spans_ahead(session: Session, *, person_id: str, now: datetime) -> list[Span]:
    """Return when the events of a Person are on that are not over."""
    rows = session.execute(
        select(Event.starts_at, Event.ends_at)
        .join(Attendee, Attendee.event_id == Event.id)
        .where(Attendee.person_id == person_id, Event.ends_at > now, NOT_ERASED)
    )
    return [Span(*row) for row in rows]


def people_met(session: Session, *, person_id: str, now: datetime) -> list[MetOne]:
    """Return whom a Person met at events that are just over, over open ties, in one query.

    Each once, at the event where the two talked last.
    """
    mine, other = aliased(Attendee), aliased(Attendee)
    pair = or_(
        and_(Conversation.low_id == mine.id, Conversation.high_id == other.id),
        and_(Conversation.high_id == mine.id, Conversation.low_id == other.id),
    )
    rows = session.execute(
        open_ties(person_id)
        .join(Event, Event.id == Tie.last_event_id)
        .join(mine, and_(mine.event_id == Event.id, mine.person_id == person_id))
        .join(other, and_(other.event_id == Event.id, other.person_id == Person.id))
        .where(
            Event.ends_at <= now,
            Event.ends_at > now - TOLD_LATE,
            NOT_ERASED,
            select(Conversation.id)
            .where(
                Conversation.event_id == Event.id,
                pair,
                Conversation.proven_at.is_not(None),
                Conversation.undone_at.is_(None),
            )
            .exists(),
        )
        .with_only_columns(Tie, Event, other)
        .order_by(Event.ends_at.desc(), Tie.last_talk_at, Tie.id)
    )
    return [MetOne(tie, event, as_printed(event, place)) for tie, event, place in rows]


def told(session: Session, readers: Collection[str]) -> dict[str, set[Key]]:
    """Return what readers were told already, in one query; what never left told nothing."""
    rows = session.execute(
        select(Told.reader, Told.topic, Told.about).where(Told.reader.in_(readers), ~NEVER_LEFT)
    )
    found: dict[str, set[Key]] = {reader: set() for reader in readers}
    for reader, topic, about in rows:
        found[reader].add(Key(topic, about))
    return found


def address_of(session: Session, person_id: str) -> str | None:
    """Return where letters go: the address a Person proved first."""
    own = select(EmailAddress.address).where(EmailAddress.person_id == person_id)
    return session.scalar(own.order_by(EmailAddress.proven_at, EmailAddress.address).limit(1))
