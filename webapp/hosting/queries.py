"""Reading who would like to be introduced, and who helps them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.conversations.models import Block
from webapp.conversations.queries import is_blocked
from webapp.events.models import Attendee, Role, RoleName
from webapp.events.rules import WORKS_THE_DESK
from webapp.hosting.models import Asking
from webapp.hosting.rules import RANK, UNDO_WITHIN, Helper
from webapp.topics.models import Side, Topic
from webapp.topics.rules import OwnTopics, Said

MOST_LISTED = 100
"""How many of those who wait longest hosts see."""


@dataclass(frozen=True, slots=True)
class AskingRow:
    """Somebody who would like to be introduced, and the name of the host who is on it."""

    asking: Asking
    attendee: Attendee
    helper_name: str | None


@dataclass(frozen=True, slots=True)
class OwnAsking:
    """What I asked for, and who helps me."""

    asking: Asking
    helper: Helper | None


def own_asking(session: Session, *, attendee: Attendee) -> OwnAsking | None:
    """Return what an attendee asked for, in one query; who lost their role helps nobody."""
    values = {"event_id": attendee.event_id, "attendee_id": attendee.id}
    rows = session.execute(_own_asking(), values).all()
    if not rows:
        return None
    roles: list[RoleName] = [row[2] for row in rows if row[2]]
    helper = Helper(rows[0][1], min(roles, key=RANK.index)) if roles else None
    return OwnAsking(rows[0][0], helper)


@cache
def _own_asking() -> Select[Asking, str, RoleName]:
    return (
        select(Asking, Person.name, Role.name)
        .outerjoin(Role, _is_host(Asking.helper_id))
        .outerjoin(Person, Person.id == Role.person_id)
        .where(
            Asking.event_id == bindparam("event_id"),
            Asking.attendee_id == bindparam("attendee_id"),
        )
    )


def has_asked(attendee: Attendee, *, session: Session) -> bool:
    """Tell whether an attendee has asked to be introduced."""
    return session.get(Asking, (attendee.event_id, attendee.id)) is not None


def _is_host(person_id: Any) -> ColumnElement[bool]:
    return and_(
        Role.event_id == Asking.event_id,
        Role.person_id == person_id,
        Role.name.in_(WORKS_THE_DESK),
    )


def asking_rows(session: Session, *, event_id: str, host_id: str, now: datetime) -> list[AskingRow]:
    """Return who waits, the longest first, and whom this host has just introduced; one query."""
    just_introduced = (Asking.helper_id == host_id) & (Asking.introduced_at > now - UNDO_WITHIN)
    rows = session.execute(
        _shown_to(host_id, event_id)
        .where(or_(Asking.introduced_at.is_(None), just_introduced))
        .order_by(_since(), Asking.attendee_id)
        .limit(MOST_LISTED)
    )
    return [AskingRow(*row) for row in rows]


def asking_row(
    session: Session, *, event_id: str, attendee_id: str, host_id: str
) -> AskingRow | None:
    """Return one of them, held until the end of the transaction."""
    row = session.execute(
        _shown_to(host_id, event_id)
        .where(Asking.attendee_id == attendee_id)
        .with_for_update(of=Asking)
        .execution_options(populate_existing=True)
    ).first()
    return AskingRow(*row) if row else None


def count_waiting(session: Session, *, event_id: str, host_id: str) -> int:
    """Return how many of those a host sees wait to be introduced."""
    waiting = _shown_to(host_id, event_id).where(Asking.introduced_at.is_(None))
    return session.scalar(select(func.count()).select_from(waiting.subquery())) or 0


def _shown_to(host_id: str, event_id: str) -> Select[Asking, Attendee, str]:
    """Select who asked and is here; not the host themselves, nor over a block."""
    is_still_host = select(Role.person_id).where(_is_host(Asking.helper_id)).exists()
    return (
        select(Asking, Attendee, Person.name)
        .join(
            Attendee,
            (Attendee.event_id == Asking.event_id) & (Attendee.id == Asking.attendee_id),
        )
        .outerjoin(Person, (Person.id == Asking.helper_id) & is_still_host)
        .where(
            Asking.event_id == event_id,
            Attendee.checked_in_at.is_not(None),
            Attendee.person_id != host_id,
            ~is_blocked(host_id, Attendee.person_id),
        )
    )


def _since() -> ColumnElement[datetime]:
    later = Asking.asked_at > Attendee.checked_in_at
    return case((later, Asking.asked_at), else_=Attendee.checked_in_at)


def topics_of(
    session: Session, *, event_id: str, attendee_ids: Collection[str]
) -> dict[str, OwnTopics]:
    """Return what each of several attendees said about themselves, in one query."""
    rows = session.scalars(
        select(Topic)
        .where(Topic.event_id == event_id, Topic.attendee_id.in_(attendee_ids))
        .order_by(Topic.place)
    ).all()
    said: dict[str, dict[Side, list[Said]]] = {
        one: {side: [] for side in Side} for one in attendee_ids
    }
    for row in rows:
        said[row.attendee_id][row.side].append(Said(row.key, row.text))
    return {
        one: OwnTopics(tuple(sides[Side.OFFERS]), tuple(sides[Side.SEEKS]))
        for one, sides in said.items()
    }


def blocks_among(session: Session, person_ids: Collection[str]) -> set[frozenset[str]]:
    """Return the pairs of several Persons between whom a block stands, in one query."""
    rows = session.execute(
        select(Block.blocker_id, Block.blocked_id).where(
            Block.blocker_id.in_(person_ids), Block.blocked_id.in_(person_ids)
        )
    )
    return {frozenset(row) for row in rows}
