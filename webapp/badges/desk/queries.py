"""Finding people at the desk: by letters, by a code, and all of them for a helper's phone."""

import functools
import operator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from webapp.badges import codes
from webapp.badges.desk.models import DeskCode, DeskItem, Vouching
from webapp.badges.desk.rules import MOST_SHOWN, is_fresh, parts_of, typed_code
from webapp.badges.models import Badge
from webapp.badges.queries import read_kept_code
from webapp.events.models import Attendee
from webapp.security.keys import badge_key
from webapp.security.tokens import as_typed, digest


class Standing(StrEnum):
    """What a code stands for at the desk."""

    VALID = "valid"
    REPLACED = "replaced"
    ELSEWHERE = "elsewhere"
    RUN_OUT = "run_out"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SeenBadge:
    """A code somebody showed at the desk, and whose it is if it is of this event."""

    standing: Standing
    attendee: Attendee | None = None


@dataclass(frozen=True, slots=True)
class ListedGuest:
    """One guest as a helper's phone keeps them."""

    id: str
    name: str
    organisation: str
    checked_in_at: datetime | None
    badge_id: str | None


UNKNOWN = SeenBadge(Standing.UNKNOWN)
MOST_NAMESAKES = 3
_VALID_BADGE = and_(
    Badge.event_id == Attendee.event_id,
    Badge.attendee_id == Attendee.id,
    Badge.revoked_at.is_(None),
)


def find_guests(session: Session, *, event_id: str, letters: str) -> list[Attendee]:
    """Return at most 20 guests in whose name or organisation all parts are found.

    Whose name begins so comes first, then who has a name that does, then an organisation. One
    query over an index that holds all it looks at.
    """
    parts = parts_of(letters)
    if letters and not parts:
        return []
    listed = select(Attendee).where(Attendee.event_id == event_id)
    if not parts:
        first = listed.order_by(Attendee.folded, Attendee.id).limit(MOST_SHOWN)
        return list(session.scalars(first))
    rank = functools.reduce(operator.add, map(_rank, parts))
    found = (
        select(Attendee.id, rank.label("rank"))
        .where(
            Attendee.event_id == event_id, *(Attendee.folded.like(f"%{part}%") for part in parts)
        )
        .order_by("rank", Attendee.folded, Attendee.id)
        .limit(MOST_SHOWN)
        .subquery()
    )
    guests = listed.join(found, found.c.id == Attendee.id).order_by(
        found.c.rank, Attendee.folded, Attendee.id
    )
    return list(session.scalars(guests))


def _rank(part: str) -> ColumnElement[int]:
    """Tell where a part is found: what is folded has a blank before each word."""
    return case(
        (Attendee.folded.like(f" {part}%"), 0),
        (Attendee.folded.like(f"% {part}%|%"), 1),
        (Attendee.folded.like(f"% {part}%"), 2),
        else_=3,
    )


def read_at_desk(
    session: Session, typed: str, *, event_id: str, at: datetime, now: datetime
) -> SeenBadge:
    """Tell what a code stands for that was read at a moment; helpers may know more than others."""
    code = as_typed(typed_code(typed))
    if codes.is_code(code, length=codes.LIVE_LENGTH):
        return _read_live(session, code, event_id=event_id, at=at, now=now)
    if codes.is_code(code, length=codes.SHORT_LENGTH):
        is_it = and_(
            Badge.event_id == event_id, Badge.short_code_digest == codes.short_digest(code)
        )
    elif codes.is_code(code, length=codes.CODE_LENGTH):
        is_it = Badge.code_digest == codes.printed_digest(code)
    else:
        return UNKNOWN
    row = session.execute(
        select(Badge, Attendee)
        .join(Attendee, and_(Attendee.event_id == Badge.event_id, Attendee.id == Badge.attendee_id))
        .where(is_it)
    ).first()
    if row is None:
        return UNKNOWN
    badge, attendee = row
    if badge.event_id != event_id:
        return SeenBadge(Standing.ELSEWHERE)
    is_worn = badge.revoked_at is None or badge.revoked_at > at
    return SeenBadge(Standing.VALID if is_worn else Standing.REPLACED, attendee)


def _read_live(
    session: Session, code: str, *, event_id: str, at: datetime, now: datetime
) -> SeenBadge:
    reading = read_kept_code(session, code, event_id=event_id, at=at, now=now)
    if reading is None:
        return SeenBadge(Standing.RUN_OUT)
    return SeenBadge(
        Standing.VALID, session.get_one(Attendee, (reading.event_id, reading.attendee_id))
    )


def namesakes(session: Session, attendee: Attendee) -> list[Attendee]:
    """Return who else has the same name at the event, however it is written; at most three."""
    begins = attendee.folded.partition("|")[0]
    found = select(Attendee).where(
        Attendee.event_id == attendee.event_id,
        Attendee.folded >= begins,
        Attendee.folded.like(f"{begins}%"),
        Attendee.id != attendee.id,
    )
    same = (one for one in session.scalars(found) if one.folded.partition("|")[0] == begins)
    return sorted(same, key=lambda one: one.added_at)[:MOST_NAMESAKES]


def counts(session: Session, event_id: str, *, by: datetime) -> tuple[int, int]:
    """Return how many are on the list, and how many of them had come by a moment."""
    here = func.count(case((Attendee.checked_in_at <= by, 1)))
    listed, come = session.execute(
        select(func.count(), here).where(Attendee.event_id == event_id)
    ).one()
    return listed, come


def all_guests(session: Session, event_id: str) -> list[ListedGuest]:
    """Return everybody on the list, with the badge they wear, in a fixed order; one query."""
    found = (
        select(Attendee.id, Attendee.name, Attendee.organisation, Attendee.checked_in_at, Badge.id)
        .outerjoin(Badge, _VALID_BADGE)
        .where(Attendee.event_id == event_id)
        .order_by(Attendee.id)
    )
    return [ListedGuest(*row) for row in session.execute(found)]


def item_of(session: Session, *, event_id: str, by_id: str, nonce: str) -> DeskItem | None:
    """Return what was counted under a key of a helper."""
    return session.get(DeskItem, (event_id, by_id, nonce))


def asked_desk(
    session: Session, *, event_id: str, person_id: str, now: datetime
) -> DeskCode | None:
    """Return what a Person asked the desk, while its code is good."""
    asked = session.get(DeskCode, (event_id, person_id))
    return asked if asked and is_fresh(asked.asked_at, now) else None


def desk_code(asked: DeskCode) -> str:
    """Return the six characters somebody shows at the desk; another time, another code."""
    return codes.desk_code(asked.event_id, asked.person_id, asked.asked_at)


def desk_digest(code: str) -> str:
    """Return what a code for the desk is looked up by."""
    return digest(badge_key(), purpose="desk code digest", value=code)


def person_asking(session: Session, typed: str, *, event_id: str, now: datetime) -> str | None:
    """Return who shows this code for the desk, by id, while it is good."""
    found = session.scalar(
        select(DeskCode).where(
            DeskCode.event_id == event_id, DeskCode.code_digest == desk_digest(as_typed(typed))
        )
    )
    return found.person_id if found and is_fresh(found.asked_at, now) else None


def vouching_for(session: Session, attendee: Attendee) -> Vouching | None:
    """Return the desk's word by which somebody holds a place, if they do by that."""
    found = session.get(Vouching, (attendee.event_id, attendee.id))
    return found if found and found.person_id == attendee.person_id else None
