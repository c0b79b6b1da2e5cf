"""Looking badges up by what was printed, typed or shown."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from webapp.badges import codes
from webapp.badges.models import Badge
from webapp.badges.rules import Reading, Way, steps_to_try
from webapp.events.models import Attendee, Event
from webapp.security.tokens import as_typed, same


@dataclass(frozen=True, slots=True)
class FoundBadge:
    """A valid badge with its attendee and event."""

    badge: Badge
    attendee: Attendee
    event: Event


def badge_by_printed_code(session: Session, typed: str) -> FoundBadge | None:
    """Return the valid badge of a printed code; a revoked one is as unknown as a wrong one."""
    return _found(session, Badge.code_digest == codes.printed_digest(as_typed(typed)))


def badge_of_attendee(session: Session, *, event_id: str, attendee_id: str) -> Badge | None:
    """Return an attendee's valid badge."""
    return session.scalar(
        select(Badge).where(
            Badge.event_id == event_id,
            Badge.attendee_id == attendee_id,
            Badge.revoked_at.is_(None),
        )
    )


def was_issued_before(session: Session, badge: Badge) -> bool:
    """Tell whether an attendee had an earlier badge than this one."""
    earlier = select(Badge.id).where(
        Badge.event_id == badge.event_id,
        Badge.attendee_id == badge.attendee_id,
        Badge.id != badge.id,
    )
    return session.scalar(earlier.limit(1)) is not None


def read_code(session: Session, typed: str, *, event_id: str, now: datetime) -> Reading | None:
    """Return what a code read or typed at an event stands for: printed, short or live."""
    code = as_typed(typed)
    if codes.is_code(code, length=codes.LIVE_LENGTH):
        return _read_live(session, code, event_id=event_id, now=now)
    if codes.is_code(code, length=codes.SHORT_LENGTH):
        condition = Badge.short_code_digest == codes.short_digest(code)
    elif codes.is_code(code, length=codes.CODE_LENGTH):
        condition = Badge.code_digest == codes.printed_digest(code)
    else:
        return None
    found = _valid_badge(session, event_id, condition)
    return _reading(found, Way.PRINTED) if found else None


def handle_is_taken(session: Session, *, event_id: str, handle: str) -> bool:
    """Tell whether a badge of the event has this handle, valid or not."""
    taken = select(Badge.id).where(Badge.event_id == event_id, Badge.handle == handle)
    return session.scalar(taken) is not None


def _read_live(session: Session, code: str, *, event_id: str, now: datetime) -> Reading | None:
    """Check a live code against the current and the previous step, in constant time each."""
    handle, proof = code[: codes.HANDLE_LENGTH], code[codes.HANDLE_LENGTH :]
    badge = _valid_badge(session, event_id, Badge.handle == handle)
    if badge is None:
        return None
    secret = codes.live_secret(badge)
    for step in steps_to_try(codes.step_at(now)):
        if same(codes.live_proof(secret, step), proof):
            return _reading(badge, Way.LIVE, step)
    return None


def _valid_badge(session: Session, event_id: str, condition: ColumnElement[bool]) -> Badge | None:
    valid = select(Badge).where(Badge.event_id == event_id, Badge.revoked_at.is_(None))
    return session.scalar(valid.where(condition))


def _reading(badge: Badge, way: Way, step: int | None = None) -> Reading:
    return Reading(
        event_id=badge.event_id,
        attendee_id=badge.attendee_id,
        badge_id=badge.id,
        way=way,
        live_step=step,
    )


def _found(session: Session, condition: ColumnElement[bool]) -> FoundBadge | None:
    row = session.execute(
        select(Badge, Attendee, Event)
        .join(
            Attendee,
            (Attendee.event_id == Badge.event_id) & (Attendee.id == Badge.attendee_id),
        )
        .join(Event, Event.id == Badge.event_id)
        .where(condition, Badge.revoked_at.is_(None))
    ).first()
    return FoundBadge(*row) if row else None
