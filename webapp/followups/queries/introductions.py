"""Reading introductions: what each of three people may see of one."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from webapp.accounts.models import Person
from webapp.conversations.queries import is_blocked
from webapp.events.models import Attendee, Event
from webapp.followups.models import Introduction
from webapp.followups.rules.introductions import (
    LIFE,
    MADE_SHOWN_FOR,
    is_shown_to,
    is_told_to_proposer,
)
from webapp.ties.gate import is_open_between, open_ties
from webapp.ties.models import Tie

MOST_SHOWN = 50

_IN_TIME = Introduction.withdrawn_at.is_(None)


@dataclass(frozen=True, slots=True)
class ToMe:
    """An introduction somebody proposes to me."""

    introduction: Introduction
    by: Person
    other: Person
    """Whom I am introduced to; to be shown only once both have said yes."""


@dataclass(frozen=True, slots=True)
class ByMe:
    """An introduction I propose."""

    introduction: Introduction
    low: Person
    high: Person


def introductions_to_me(session: Session, *, person_id: str, now: datetime) -> list[ToMe]:
    """Return what is proposed to a Person and still stands, the newest first, in one query.

    Gone when the proposer's tie with either ends, over a block between the two, and once the two
    have talked after both said yes.
    """
    since = now - LIFE - MADE_SHOWN_FOR
    rows = session.execute(_to_me(), {"me": person_id, "since": since})
    found = [ToMe(*row) for row in rows]
    return [one for one in found if is_shown_to(one.introduction, person_id=person_id, now=now)][
        :MOST_SHOWN
    ]


@cache
def _to_me() -> Select[Introduction, Person, Person]:
    person_id: BindParameter[str] = bindparam("me")
    other = aliased(Person)
    is_low = Introduction.low_id == person_id
    return (
        open_ties(person_id)
        .join(Introduction, Introduction.by_id == Person.id)
        .join(other, other.id == case((is_low, Introduction.high_id), else_=Introduction.low_id))
        .where(
            or_(is_low, Introduction.high_id == person_id),
            _IN_TIME,
            Introduction.proposed_at > bindparam("since"),
            is_open_between(Introduction.by_id, other.id),
            ~is_blocked(Introduction.low_id, Introduction.high_id),
            ~_have_talked_since(),
            Introduction.is_silent.is_(False),
        )
        .with_only_columns(Introduction, Person, other)
        .order_by(Introduction.proposed_at.desc(), Introduction.id)
    )


def introduction_to_me(
    session: Session, *, introduction_id: str, person_id: str, now: datetime
) -> ToMe | None:
    """Return one introduction a Person finds on their screen."""
    found = introductions_to_me(session, person_id=person_id, now=now)
    return next((one for one in found if one.introduction.id == introduction_id), None)


def introductions_by_me(session: Session, *, person_id: str, now: datetime) -> list[ByMe]:
    """Return what a Person proposes and still stands, the newest first, in one query.

    A block between the two hides nothing here: it would tell of the block.
    """
    since = now - LIFE - MADE_SHOWN_FOR
    rows = session.execute(_by_me(), {"me": person_id, "since": since})
    found = [ByMe(*row) for row in rows]
    return [one for one in found if is_told_to_proposer(one.introduction, now=now)]


@cache
def _by_me() -> Select[Introduction, Person, Person]:
    low, high = aliased(Person), aliased(Person)
    return (
        select(Introduction, low, high)
        .join(low, low.id == Introduction.low_id)
        .join(high, high.id == Introduction.high_id)
        .where(
            Introduction.by_id == bindparam("me"),
            _IN_TIME,
            Introduction.proposed_at > bindparam("since"),
            is_open_between(Introduction.by_id, Introduction.low_id),
            is_open_between(Introduction.by_id, Introduction.high_id),
        )
        .order_by(Introduction.proposed_at.desc(), Introduction.id)
    )


def introduction_by_me(
    session: Session, *, introduction_id: str, person_id: str, now: datetime
) -> ByMe | None:
    """Return one introduction of a Person's own that still stands."""
    found = introductions_by_me(session, person_id=person_id, now=now)
    return next((one for one in found if one.introduction.id == introduction_id), None)


def next_meetings(
    session: Session, *, person_id: str, others: list[str], now: datetime
) -> dict[str, Event]:
    """Return by person the next event both attend that is not over, in one query at most."""
    if not others:
        return {}
    mine, theirs = aliased(Attendee), aliased(Attendee)
    rows = session.execute(
        select(theirs.person_id, Event)
        .join(mine, (mine.event_id == theirs.event_id) & (mine.person_id == person_id))
        .join(Event, Event.id == theirs.event_id)
        .where(
            theirs.person_id.in_(others),
            Event.ends_at > now,
            Event.erased_at.is_(None),
            Event.erasure_asked_at.is_(None),
        )
        .order_by(Event.starts_at.desc(), Event.id)
    )
    return {other: event for other, event in rows if other}


def people_to_introduce(
    session: Session, *, person_id: str, but_for: str, letters: str
) -> list[tuple[Tie, Person]]:
    """Return whom a Person may introduce somebody to, the latest talk first, at most fifty."""
    found = open_ties(person_id).where(Person.id != but_for)
    if letters:
        found = found.where(Person.name.icontains(letters, autoescape=True))
    rows = session.execute(found.order_by(Tie.last_talk_at.desc(), Tie.id).limit(MOST_SHOWN))
    return [(row[0], row[1]) for row in rows]


def latest_no(session: Session, *, by_id: str, pair: tuple[str, str]) -> datetime | None:
    """Return when one of two last said no to being introduced by somebody."""
    found = select(
        func.max(Introduction.low_declined_at), func.max(Introduction.high_declined_at)
    ).where(
        Introduction.by_id == by_id,
        Introduction.low_id == pair[0],
        Introduction.high_id == pair[1],
    )
    moments = [moment for moment in session.execute(found).one() if moment is not None]
    return max(moments, default=None)


def _have_talked_since() -> ColumnElement[bool]:
    """Return the condition that the two talked with each other after both had said yes."""
    tie = aliased(Tie)
    return exists().where(
        tie.low_person_id == Introduction.low_id,
        tie.high_person_id == Introduction.high_id,
        tie.last_talk_at > Introduction.low_accepted_at,
        tie.last_talk_at > Introduction.high_accepted_at,
    )
