"""Which guests without an account may get a letter after an event."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.accounts.models import EmailAddress
from webapp.badges.models import Badge
from webapp.events.models import Attendee, Event
from webapp.followups.letters.models import Topic
from webapp.followups.letters.queries.conditions import NOT_ERASED
from webapp.followups.letters.queries.reading import told
from webapp.followups.letters.rules import A_DAY, Key, is_morning
from webapp.mail.models import Stop
from webapp.mail.stopping import address_digest


@dataclass(frozen=True, slots=True)
class Guest:
    """A place nobody has claimed, and the badge that does it."""

    event: Event
    place: Attendee
    badge: Badge


@dataclass(frozen=True, slots=True)
class GuestBatch:
    """Places of guests to write to, and the last one looked at; None once there are no more."""

    place_ids: list[str]
    last_id: str | None


def events_to_write_about(session: Session, now: datetime) -> list[Event]:
    """Return the events just over whose guests without an account may be written to."""
    found = select(Event).where(
        Event.may_mail_unclaimed, Event.ends_at <= now, Event.ends_at > now - 2 * A_DAY, NOT_ERASED
    )
    return [one for one in session.scalars(found) if is_morning(one.time_zone, now)]


def guests_to_write_to(
    session: Session, *, event_id: str, now: datetime, after: str, limit: int
) -> GuestBatch:
    """Return the next guests of an event without an account to write to, in three queries.

    Not who has been told or said no, nor who is at another event right now. Where people are
    checked in, only who came.
    """
    rows = session.execute(
        select(Attendee.id, Attendee.address)
        .join(Event, Event.id == Attendee.event_id)
        .where(
            Attendee.event_id == event_id,
            Attendee.id > after,
            Attendee.person_id.is_(None),
            Attendee.address.is_not(None),
            or_(~Event.needs_check_in, Attendee.checked_in_at.is_not(None)),
            ~select(EmailAddress.address).where(EmailAddress.address == Attendee.address).exists(),
            ~_is_elsewhere(now),
        )
        .order_by(Attendee.id)
        .limit(limit)
    ).all()
    digests = {place_id: address_digest(address or "") for place_id, address in rows}
    known = told(session, set(digests.values()))
    stopped = set(
        session.scalars(select(Stop.address_digest).where(Stop.address_digest.in_(known)))
    )
    key = Key(Topic.GUEST, event_id)
    return GuestBatch(
        place_ids=[
            one
            for one, reader in digests.items()
            if key not in known[reader] and reader not in stopped
        ],
        last_id=rows[-1].id if rows else None,
    )


def _is_elsewhere(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a guest's address is on the list of an event that is on."""
    elsewhere, other = aliased(Attendee), aliased(Event)
    return (
        select(elsewhere.id)
        .join(other, other.id == elsewhere.event_id)
        .where(other.starts_at <= now, other.ends_at > now, elsewhere.address == Attendee.address)
        .exists()
    )


def guest_at(session: Session, *, event_id: str, attendee_id: str) -> Guest | None:
    """Return a place nobody has claimed, and hold it; None if somebody was faster."""
    row = session.execute(
        select(Event, Attendee, Badge)
        .join(Attendee, Attendee.event_id == Event.id)
        .join(Badge, and_(Badge.event_id == Event.id, Badge.attendee_id == Attendee.id))
        .where(
            Event.id == event_id,
            Attendee.id == attendee_id,
            Attendee.person_id.is_(None),
            Attendee.address.is_not(None),
            Badge.revoked_at.is_(None),
            Event.may_mail_unclaimed,
            NOT_ERASED,
        )
        .with_for_update(key_share=True, of=Attendee)
    ).first()
    return Guest(*row) if row else None
