"""For whom the planner looks this morning: whoever may have something to be told.

The planner decides; what is asked here only spares it those for whom it would read in vain.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.conversations.models import Conversation
from webapp.conversations.rules import CLAIM_LIFE
from webapp.core.db import UtcDateTime
from webapp.events.models import Attendee, Event
from webapp.followups.letters.models import Morning, Told, Topic
from webapp.followups.letters.queries.conditions import NEVER_LEFT, NOT_ERASED
from webapp.followups.letters.rules import (
    A_DAY,
    REMINDED_AFTER,
    REMINDED_BEFORE,
    SHORTEST,
    TOLD_LATE,
    is_morning,
    round_up_of,
)
from webapp.followups.models import Introduction, Promise, TieSide
from webapp.followups.rules.introductions import LIFE, MADE_SHOWN_FOR
from webapp.followups.rules.outcomes import MARKS
from webapp.mail.models import LetterKind
from webapp.mail.queries import wants
from webapp.ties.models import Tie


@dataclass(frozen=True, slots=True)
class Candidate:
    """A Person the app has not looked at this morning."""

    person_id: str
    hints: frozenset[Topic]
    """Of which topics something may be due."""


def zones_in_the_morning(session: Session, now: datetime) -> list[str]:
    """Return the time zones of events in which it is time for letters."""
    zones = session.scalars(select(Event.time_zone).distinct().order_by(Event.time_zone))
    return [zone for zone in zones if is_morning(zone, now)]


def candidates(
    session: Session, *, zone: str, day: date, now: datetime, after: str, limit: int
) -> list[Candidate]:
    """Return the next Persons of a time zone not looked at on a day, in one query.

    A Person is where the event was that they attended last.
    """
    values = {"zone": zone, "day": day, "now": now, "after": after, "most": limit}
    rows = session.execute(_CANDIDATES, values | _moments(now) | _days(day))
    return [
        Candidate(
            person_id, frozenset(topic for topic, hint in zip(_HINTS, hints, strict=True) if hint)
        )
        for person_id, *hints in rows
    ]


def zone_of(session: Session, person_id: str, now: datetime) -> str | None:
    """Return the time zone of the event a Person attended last."""
    return session.scalar(_ZONE, {"person_id": person_id, "now": now})


def known_mornings(session: Session, person_ids: Collection[str]) -> list[str]:
    """Return at which of some Persons the app has looked before."""
    return list(session.scalars(select(Morning.person_id).where(Morning.person_id.in_(person_ids))))


def persons_there(session: Session, person_ids: Collection[str]) -> list[str]:
    """Return which of some Persons are still there, and hold them."""
    found = select(Person.id).where(Person.id.in_(person_ids)).order_by(Person.id)
    return list(session.scalars(found.with_for_update(key_share=True)))


def _moments(now: datetime) -> dict[str, datetime]:
    back: dict[str, timedelta] = {
        "told_late": TOLD_LATE,
        "claim_life": CLAIM_LIFE,
        "life": LIFE,
        "made_life": LIFE + MADE_SHOWN_FOR,
        **{f"rhythm_{rhythm}": span for rhythm, span in SHORTEST.items()},
        **{f"mark_{mark}": mark * A_DAY for mark in MARKS},
        **{f"mark_{mark}_late": mark * A_DAY + TOLD_LATE for mark in MARKS},
    }
    return {name: now - span for name, span in back.items()}


def _days(day: date) -> dict[str, Any]:
    """Return the days between which a promise may be due: it may have been made a zone away."""
    return {
        "first_due_on": day - REMINDED_AFTER - A_DAY,
        "last_due_on": day + REMINDED_BEFORE + A_DAY,
        "month": round_up_of(day),
    }


def _is_told(topic: Topic, *that: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that a Person has been told something in a letter that left."""
    return (
        select(Told.reader)
        .where(Told.reader == Person.id, Told.topic == topic, *that, ~NEVER_LEFT)
        .correlate(Person, Event, Promise, Tie, TieSide, Introduction)
        .exists()
    )


def _has_met() -> ColumnElement[bool]:
    sides = (Conversation.low_id, Conversation.high_id)
    is_about_me = Conversation.claimed_about_id == Attendee.id
    waits = (
        is_about_me
        & Conversation.refused_at.is_(None)
        & Conversation.expired_at.is_(None)
        & (Conversation.started_at > bindparam("claim_life"))
    )
    talks = (
        select(Conversation.id)
        .where(
            Conversation.event_id == Attendee.event_id,
            side == Attendee.id,
            Conversation.undone_at.is_(None),
            or_(Conversation.proven_at.is_not(None), waits),
        )
        .correlate(Attendee)
        .exists()
        for side in sides
    )
    return (
        select(Attendee.id)
        .join(Event, Event.id == Attendee.event_id)
        .where(
            Attendee.person_id == Person.id,
            Event.ends_at <= bindparam("now"),
            Event.ends_at > bindparam("told_late"),
            NOT_ERASED,
            ~_is_told(Topic.MET, Told.about == Event.id),
            or_(*talks),
        )
        .exists()
    )


def _has_promised() -> ColumnElement[bool]:
    key = Promise.id.concat(" ").concat(cast(Promise.due_on, Text))
    return (
        select(Promise.id)
        .where(
            Promise.by_id == Person.id,
            Promise.kept_at.is_(None),
            Promise.dropped_at.is_(None),
            Promise.due_on >= bindparam("first_due_on"),
            Promise.due_on <= bindparam("last_due_on"),
            ~_is_told(Topic.PROMISE, Told.about == key),
        )
        .exists()
    )


def _has_been_silent() -> ColumnElement[bool]:
    """Return the condition that a check-in may be due, and was not told since it was begun."""
    begun_at = func.coalesce(TieSide.rhythm_set_at, Tie.last_talk_at)
    is_of_tie = func.substr(Told.about, 1, func.length(Tie.id)) == Tie.id
    told_since = (Told.told_at >= begun_at, Told.told_at >= Tie.last_talk_at)
    moments = {one: bindparam(f"rhythm_{one}", type_=UtcDateTime()) for one in SHORTEST}
    long_ago = case(moments, value=TieSide.rhythm)
    return (
        select(TieSide.tie_id)
        .join(Tie, Tie.id == TieSide.tie_id)
        .where(
            TieSide.person_id == Person.id,
            TieSide.rhythm.in_(SHORTEST),
            begun_at <= long_ago,
            Tie.last_talk_at <= long_ago,
            Tie.closed_at.is_(None),
            ~_is_told(Topic.CHECK_IN, is_of_tie, *told_since),
        )
        .exists()
    )


def _is_asked() -> ColumnElement[bool]:
    marks = (
        and_(
            Tie.opened_at <= bindparam(f"mark_{mark}"),
            Tie.opened_at > bindparam(f"mark_{mark}_late"),
            ~_is_told(Topic.OUTCOME, Told.about == Tie.id.concat(f" {mark}")),
        )
        for mark in MARKS
    )
    mine = or_(Tie.low_person_id == Person.id, Tie.high_person_id == Person.id)
    return select(Tie.id).where(mine, Tie.closed_at.is_(None), or_(*marks)).exists()


def _is_introduced() -> ColumnElement[bool]:
    low = (Introduction.low_id, Introduction.low_accepted_at, Introduction.low_declined_at)
    high = (Introduction.high_id, Introduction.high_accepted_at, Introduction.high_declined_at)
    is_new = and_(
        or_(*(_has_not_answered(*side) for side in (low, high))),
        Introduction.proposed_at > bindparam("life"),
        ~_is_told(Topic.INTRODUCTION, Told.about == Introduction.id.concat(" proposed")),
    )
    is_made = and_(
        Introduction.low_accepted_at.is_not(None),
        Introduction.high_accepted_at.is_not(None),
        ~_is_told(Topic.INTRODUCTION, Told.about == Introduction.id.concat(" made")),
    )
    return (
        select(Introduction.id)
        .where(
            or_(Introduction.low_id == Person.id, Introduction.high_id == Person.id),
            Introduction.proposed_at > bindparam("made_life"),
            Introduction.withdrawn_at.is_(None),
            Introduction.is_silent.is_(False),
            or_(is_new, is_made),
        )
        .exists()
    )


def _has_not_answered(one: Any, accepted_at: Any, declined_at: Any) -> ColumnElement[bool]:
    return and_(one == Person.id, accepted_at.is_(None), declined_at.is_(None))


def _has_a_month_to_come() -> ColumnElement[bool]:
    month = bindparam("month", type_=Text)
    return and_(month.is_not(None), ~_is_told(Topic.ROUND_UP, Told.about == month))


def _zone_of(person_id: Any) -> Select[str]:
    return (
        select(Event.time_zone)
        .join(Attendee, Attendee.event_id == Event.id)
        .where(Attendee.person_id == person_id, Event.starts_at <= bindparam("now"))
        .order_by(Event.starts_at.desc(), Event.id)
        .limit(1)
    )


_REMINDED = wants(LetterKind.REMINDER, Person.id)
_HINTS: dict[Topic, ColumnElement[bool]] = {
    Topic.MET: and_(wants(LetterKind.MORNING, Person.id), _has_met()),
    Topic.PROMISE: and_(_REMINDED, _has_promised()),
    Topic.CHECK_IN: and_(_REMINDED, _has_been_silent()),
    Topic.OUTCOME: and_(_REMINDED, _is_asked()),
    Topic.INTRODUCTION: and_(_REMINDED, _is_introduced()),
    Topic.ROUND_UP: and_(wants(LetterKind.ROUND_UP, Person.id), _has_a_month_to_come()),
}

# Built once: the worker asks every five minutes in every time zone in which it is morning, and
# building these costs more than running them.
_CANDIDATES = (
    select(Person.id, *_HINTS.values())
    .outerjoin(Morning, Morning.person_id == Person.id)
    .where(
        Person.id > bindparam("after"),
        Person.leaving_at.is_(None),
        or_(Morning.person_id.is_(None), Morning.looked_on < bindparam("day")),
        _zone_of(Person.id).scalar_subquery() == bindparam("zone"),
    )
    .order_by(Person.id)
    .limit(bindparam("most"))
)
_ZONE = _zone_of(bindparam("person_id"))
