"""Reading what the strength of one tie is made of, and what its two sides have chosen."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import BindParameter, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.accounts.models import Person
from webapp.conversations.queries import proven_between
from webapp.core.once import once
from webapp.events.models import Attendee
from webapp.followups.models import Depth, Introduction, TieSide
from webapp.followups.queries.promises import promises_over
from webapp.followups.rules.strength import Given, Inputs, Talk, agreed_depth, inputs_of
from webapp.ties.models import Note, Tie


@dataclass(frozen=True, slots=True)
class Grown:
    """What a tie has grown from, as both its people may know it."""

    inputs: Inputs
    given: tuple[Given, Given]
    """What either side has given the other, in the order they were named."""


def grown(
    session: Session, *, tie: Tie, people: tuple[Person, Person], now: datetime
) -> Grown | None:
    """Return what an open tie has grown from, in five queries at most; None without a proven talk.

    Whoever asks has come through the gate. Of notes only their being there is read.
    """
    one, other = people
    sides = sides_of(session, tie.id)
    kept = Counter(one.by_id for one in promises_over(session, tie.id) if one.confirmed_at)
    introductions = _introductions_made(session, one.id, other.id)
    given = tuple(Given(kept[person.id], introductions.get(person.id, 0)) for person in people)
    caring = {side.person_id for side in sides.values() if side.link_opened_at is not None}
    inputs = inputs_of(
        (
            Talk(talk.started_at, event.time_zone, event.id)
            for talk, event in proven_between(session, one.id, other.id)
        ),
        depth=agreed(sides, one, other),
        given=(given[0], given[1]),
        caring=len(caring | _authors(session, one.id, other.id)),
        now=now,
    )
    return Grown(inputs, (given[0], given[1])) if inputs else None


def agreed(sides: Mapping[str, TieSide], one: Person, other: Person) -> Depth | None:
    """Return how deep both say it went; None until both have, or if either does not say so."""
    if not (one.says_depth and other.says_depth):
        return None
    return agreed_depth(depth_of(sides, one.id), depth_of(sides, other.id))


def depth_of(sides: Mapping[str, TieSide], person_id: str) -> Depth | None:
    """Return how deep one side says it went; never shown to the other side."""
    side = sides.get(person_id)
    return side.depth if side else None


@once
def sides_of(session: Session, tie_id: str) -> dict[str, TieSide]:
    """Return what the two people of a tie have chosen, by person."""
    found = session.scalars(select(TieSide).where(TieSide.tie_id == tie_id))
    return {side.person_id: side for side in found}


def _introductions_made(session: Session, one: str, other: str) -> dict[str, int]:
    """Return how often each of two introduced the other to somebody, and both accepted."""
    rows = session.execute(_introduced(), {"one": one, "other": other})
    return {row[0]: row[1] for row in rows}


@cache
def _introduced() -> Select[str, int]:
    one: BindParameter[str] = bindparam("one")
    other: BindParameter[str] = bindparam("other")
    low, high = Introduction.low_id, Introduction.high_id
    return (
        select(Introduction.by_id, func.count())
        .where(
            or_(
                (Introduction.by_id == one) & or_(low == other, high == other),
                (Introduction.by_id == other) & or_(low == one, high == one),
            ),
            Introduction.low_accepted_at.is_not(None),
            Introduction.high_accepted_at.is_not(None),
            Introduction.withdrawn_at.is_(None),
        )
        .group_by(Introduction.by_id)
    )


def _authors(session: Session, one: str, other: str) -> set[str]:
    """Return which of two keeps a note about the other; what it says is not read."""
    found = session.scalars(_who_noted(), {"one": one, "other": other})
    return {person_id for person_id in found if person_id}


@cache
def _who_noted() -> Select[str | None]:
    one: BindParameter[str] = bindparam("one")
    other: BindParameter[str] = bindparam("other")
    mine, about = aliased(Attendee), aliased(Attendee)
    return (
        select(mine.person_id)
        .distinct()
        .join(Note, (Note.event_id == mine.event_id) & (Note.author_id == mine.id))
        .join(about, (about.event_id == Note.event_id) & (about.id == Note.about_id))
        .where(
            or_(
                (mine.person_id == one) & (about.person_id == other),
                (mine.person_id == other) & (about.person_id == one),
            )
        )
    )
