"""Looking badges up by what was printed, typed or shown."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, select
from sqlalchemy.orm import Session

from webapp.badges import codes
from webapp.badges.models import Badge
from webapp.badges.printing.models import PrintedBadge
from webapp.badges.rules import CLOCK_OFF, Reading, Way, steps_to_try
from webapp.events.models import Attendee, Event
from webapp.security.tokens import as_typed, same

# Built once: these run for every scan and for each look at one's own code.
_IS_VALID = Badge.revoked_at.is_(None)
_OF_EVENT = select(Badge).where(Badge.event_id == bindparam("event_id"))
_WITH_CODE = _OF_EVENT.where(_IS_VALID, Badge.code_digest == bindparam("digest"))
_WITH_SHORT_CODE = _OF_EVENT.where(_IS_VALID, Badge.short_code_digest == bindparam("digest"))
_WORN_BY = _OF_EVENT.where(_IS_VALID, Badge.attendee_id == bindparam("attendee_id"))
_WITH_HANDLE = _OF_EVENT.where(Badge.handle == bindparam("handle"))
"""Of whoever shows a live code, valid or not."""
_WITH_VALID_HANDLE = _WITH_HANDLE.where(_IS_VALID)


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
    return session.scalar(_WORN_BY, {"event_id": event_id, "attendee_id": attendee_id})


def badges_of(session: Session, *, event_id: str, attendee_ids: Collection[str]) -> list[Badge]:
    """Return the valid badges of some attendees, in one query."""
    found = select(Badge).where(
        Badge.event_id == event_id,
        Badge.attendee_id.in_(attendee_ids),
        Badge.revoked_at.is_(None),
    )
    return list(session.scalars(found))


def was_issued_before(session: Session, badge: Badge) -> bool:
    """Tell whether an attendee had an earlier badge than this one."""
    earlier = select(Badge.id).where(
        Badge.event_id == badge.event_id,
        Badge.attendee_id == badge.attendee_id,
        Badge.id != badge.id,
    )
    return session.scalar(earlier.limit(1)) is not None


def is_walk_in(session: Session, attendee: Attendee) -> bool:
    """Tell whether somebody joined by the code at the door: no list and no print knows them."""
    printed = (
        select(PrintedBadge.badge_id)
        .join(
            Badge,
            and_(Badge.event_id == PrintedBadge.event_id, Badge.id == PrintedBadge.badge_id),
        )
        .where(Badge.event_id == attendee.event_id, Badge.attendee_id == attendee.id)
        .limit(1)
    )
    is_unlisted = attendee.address is None and attendee.group_name is None
    return is_unlisted and session.scalar(printed) is None


def read_code(session: Session, typed: str, *, event_id: str, now: datetime) -> Reading | None:
    """Return what a code read or typed at an event stands for: printed, short or live."""
    code = as_typed(typed)
    if codes.is_code(code, length=codes.LIVE_LENGTH):
        return _read_live(session, code, event_id=event_id, now=now)
    if codes.is_code(code, length=codes.SHORT_LENGTH):
        asked, digest = _WITH_SHORT_CODE, codes.short_digest(code)
    elif codes.is_code(code, length=codes.CODE_LENGTH):
        asked, digest = _WITH_CODE, codes.printed_digest(code)
    else:
        return None
    found = session.scalar(asked, {"event_id": event_id, "digest": digest})
    return _reading(found, Way.PRINTED) if found else None


def read_kept_code(
    session: Session, typed: str, *, event_id: str, at: datetime, now: datetime
) -> Reading | None:
    """Return what a code read earlier stands for, which a phone had to keep until now.

    A live code proves when it was shown: its step lies within a minute of the time the phone says,
    not in the future, and before its badge was replaced. A printed one has to be worn still.
    """
    code = as_typed(typed)
    if not codes.is_code(code, length=codes.LIVE_LENGTH):
        return read_code(session, typed, event_id=event_id, now=now)
    badge = session.scalar(_WITH_HANDLE, _handle(event_id, code))
    if badge is None:
        return None
    first, last = codes.step_at(at - CLOCK_OFF), codes.step_at(min(at + CLOCK_OFF, now))
    if badge.revoked_at is not None:
        last = min(last, codes.step_at(badge.revoked_at) - 1)
    return _proven_by(badge, code, range(last, first - 1, -1))


def taken_handles(session: Session, *, event_id: str, among: Collection[str]) -> list[str]:
    """Return which handles a badge of the event has already, valid or not."""
    taken = select(Badge.handle).where(Badge.event_id == event_id, Badge.handle.in_(among))
    return list(session.scalars(taken))


def _read_live(session: Session, code: str, *, event_id: str, now: datetime) -> Reading | None:
    """Check a live code against the current and the previous step."""
    badge = session.scalar(_WITH_VALID_HANDLE, _handle(event_id, code))
    return _proven_by(badge, code, steps_to_try(codes.step_at(now))) if badge else None


def _handle(event_id: str, code: str) -> dict[str, str]:
    return {"event_id": event_id, "handle": code[: codes.HANDLE_LENGTH]}


def _proven_by(badge: Badge, code: str, steps: range) -> Reading | None:
    """Return the reading if the code is that of one of the steps, compared in constant time."""
    secret, proof = codes.live_secret(badge), code[codes.HANDLE_LENGTH :]
    for step in steps:
        if same(codes.live_proof(secret, step), proof):
            return _reading(badge, Way.LIVE, step)
    return None


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
