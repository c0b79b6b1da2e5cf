"""Reading what the Follow up screen shows: whom to write to, what is owed, when to ask again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.accounts.models import Person
from webapp.core.once import once
from webapp.events.models import Attendee, Event
from webapp.followups.models import Outcome, Promise, Rhythm, TieSide, UsedMessage
from webapp.followups.queries.promises import OwedRow
from webapp.followups.rules.outcomes import LAST_ASKED, MARKS, mark_due
from webapp.followups.rules.rhythm import is_due
from webapp.ties.gate import open_ties
from webapp.ties.models import Note, Tie

MOST_SHOWN = 50
MOST_CARDS = 12
"""As many people are followed up in one go; who is done makes room for the next."""


@dataclass(frozen=True, slots=True)
class MetRow:
    """Somebody I met, over an open tie, and when I followed up."""

    tie: Tie
    other: Person
    event: Event
    """Where the two last talked."""
    followed_up_at: datetime | None


@dataclass(frozen=True, slots=True)
class DueRow:
    """Somebody to check in with."""

    tie: Tie
    other: Person
    event: Event
    side: TieSide


@dataclass(frozen=True, slots=True)
class AskedRow:
    """A tie of which to ask what came of it, and after how many days."""

    tie: Tie
    other: Person
    event: Event
    mark: int


def event_i_am_at(session: Session, *, person_id: str, now: datetime) -> Event | None:
    """Return an event of a Person that is on, if there is one."""
    return session.scalars(_on_now(), {"me": person_id, "now": now}).first()


@cache
def _on_now() -> Select[Event]:
    now: BindParameter[datetime] = bindparam("now")
    return (
        select(Event)
        .join(Attendee, Attendee.event_id == Event.id)
        .where(Attendee.person_id == bindparam("me"), Event.starts_at <= now, Event.ends_at > now)
        .where(Event.erased_at.is_(None), Event.erasure_asked_at.is_(None))
        .limit(1)
    )


def not_followed_up(session: Session, *, person_id: str, since: datetime) -> list[MetRow]:
    """Return whom a Person met and has not followed up, the latest talk first, in one query.

    Those followed up since a moment are among them: it can still be taken back.
    """
    rows = session.execute(_to_follow_up(), {"me": person_id, "since": since})
    return [MetRow(*row) for row in rows]


@cache
def _to_follow_up() -> Select[Tie, Person, Event, datetime | None]:
    return (
        _with_my_side(bindparam("me"))
        .where(
            or_(
                TieSide.followed_up_at.is_(None),
                TieSide.followed_up_at < Tie.last_talk_at,
                TieSide.followed_up_at > bindparam("since"),
            )
        )
        .with_only_columns(Tie, Person, Event, TieSide.followed_up_at)
        .order_by(Tie.last_talk_at.desc(), Tie.id)
        .limit(MOST_CARDS)
    )


def promises_between(session: Session, *, person_id: str, since: datetime) -> list[OwedRow]:
    """Return what a Person owes and is owed over open ties, the next day first, in one query.

    What they settled themselves since a moment is among it: it can still be taken back.
    """
    rows = session.execute(_between(), {"me": person_id, "since": since})
    return [OwedRow(promise, tie, other, zone) for tie, other, promise, zone in rows]


@cache
def _between() -> Select[Tie, Person, Promise, str]:
    person_id: BindParameter[str] = bindparam("me")
    since: BindParameter[datetime] = bindparam("since")
    settled = or_(
        (Promise.by_id == person_id) & (Promise.kept_at > since),
        (Promise.by_id == person_id) & (Promise.dropped_at > since),
        (Promise.to_id == person_id) & (Promise.confirmed_at > since),
    )
    is_open = and_(Promise.kept_at.is_(None), Promise.dropped_at.is_(None))
    said_kept = (Promise.to_id == person_id) & Promise.confirmed_at.is_(None)
    return (
        open_ties(person_id)
        .add_columns(Promise, Event.time_zone)
        .join(Promise, Promise.tie_id == Tie.id)
        .join(Event, Event.id == Promise.event_id)
        .where(
            or_(Promise.by_id == person_id, Promise.to_id == person_id),
            or_(is_open, settled, said_kept & Promise.kept_at.is_not(None)),
        )
        .order_by(Promise.due_on.is_(None), Promise.due_on, Promise.made_at, Promise.id)
        .limit(2 * MOST_SHOWN)
    )


def latest_notes(session: Session, *, author: str, about: Collection[str]) -> dict[str, str]:
    """Return a Person's own latest note about each of some others, in one query."""
    rows = session.execute(_noted(), {"me": author, "about": about})
    return {other_id: text for other_id, text in rows if other_id}


@cache
def _noted() -> Select[str | None, str]:
    mine, other = aliased(Attendee), aliased(Attendee)
    about: BindParameter[str] = bindparam("about", expanding=True)
    return (
        select(other.person_id, Note.text)
        .select_from(Note)
        .join(mine, (mine.event_id == Note.event_id) & (mine.id == Note.author_id))
        .join(other, (other.event_id == Note.event_id) & (other.id == Note.about_id))
        .where(mine.person_id == bindparam("me"), other.person_id.in_(about))
        .order_by(Note.changed_at)
    )


def check_ins_due(session: Session, *, person_id: str, now: datetime) -> list[DueRow]:
    """Return with whom a Person wanted to check in by now, the longest silence first."""
    found = [DueRow(*row) for row in session.execute(_with_a_rhythm(), {"me": person_id})]
    return [
        one
        for one in found
        if is_due(
            one.side.rhythm,
            since=one.side.rhythm_set_at,
            last_talk_at=one.tie.last_talk_at,
            now=now,
        )
    ][:MOST_SHOWN]


@cache
def _with_a_rhythm() -> Select[Tie, Person, Event, TieSide]:
    return (
        _with_my_side(bindparam("me"))
        .where(TieSide.rhythm != Rhythm.NONE)
        .with_only_columns(Tie, Person, Event, TieSide)
        .order_by(Tie.last_talk_at, Tie.id)
    )


def outcomes_to_ask(session: Session, *, person_id: str, now: datetime) -> list[AskedRow]:
    """Return of which ties to ask a Person what came of them, the latest first, in one query."""
    first, last = now - timedelta(days=LAST_ASKED), now - timedelta(days=MARKS[0])
    rows = session.execute(_said_of_mine(), {"me": person_id, "first": first, "last": last})
    found = [
        (
            (tie, other, event),
            mark_due(tie.opened_at, last_said_at=said_at, last_mark=mark, now=now),
        )
        for tie, other, event, said_at, mark in rows
    ]
    return [AskedRow(*who, mark) for who, mark in found if mark is not None][:MOST_SHOWN]


@once
def outcomes_of(session: Session, *, tie_id: str, person_id: str) -> list[Outcome]:
    """Return what a Person said came of a tie, the latest first; nobody else can ask."""
    found = select(Outcome).where(Outcome.tie_id == tie_id, Outcome.person_id == person_id)
    return list(session.scalars(found.order_by(Outcome.said_at.desc(), Outcome.id)))


def latest_outcome(session: Session, *, tie_id: str, person_id: str) -> Outcome | None:
    """Return what a Person last said came of a tie."""
    return next(iter(outcomes_of(session, tie_id=tie_id, person_id=person_id)), None)


def mark_to_ask(session: Session, *, tie: Tie, person_id: str, now: datetime) -> int | None:
    """Return the question a Person is asked about one tie now; None if there is none."""
    said = outcomes_of(session, tie_id=tie.id, person_id=person_id)
    last_said_at = said[0].said_at if said else None
    last_mark = max((one.asked_days for one in said if one.asked_days), default=None)
    return mark_due(tie.opened_at, last_said_at=last_said_at, last_mark=last_mark, now=now)


def others_with_same_words(session: Session, *, person_id: str, digest: str, tie_id: str) -> int:
    """Return how many others a Person took the same words along for."""
    found = (
        select(func.count())
        .select_from(UsedMessage)
        .where(
            UsedMessage.person_id == person_id,
            UsedMessage.digest == digest,
            UsedMessage.tie_id != tie_id,
        )
    )
    return session.scalar(found) or 0


@cache
def _said_of_mine() -> Select[Tie, Person, Event, datetime | None, int | None]:
    """My ties of some age, each with when I last said what came of it, and after which question."""
    person_id: BindParameter[str] = bindparam("me")
    last_said_at: Any = func.max(Outcome.said_at)
    last_mark: Any = func.max(Outcome.asked_days)
    return (
        open_ties(person_id)
        .join(Event, Event.id == Tie.last_event_id)
        .outerjoin(Outcome, and_(Outcome.tie_id == Tie.id, Outcome.person_id == person_id))
        .where(Tie.opened_at <= bindparam("last"), Tie.opened_at > bindparam("first"))
        .with_only_columns(Tie, Person, Event, last_said_at, last_mark)
        .group_by(Tie.id, Person.id, Event.id)
        .order_by(Tie.opened_at.desc(), Tie.id)
    )


def _with_my_side(person_id: BindParameter[str]) -> Select[Tie, Person]:
    return (
        open_ties(person_id)
        .join(Event, Event.id == Tie.last_event_id)
        .outerjoin(TieSide, and_(TieSide.tie_id == Tie.id, TieSide.person_id == person_id))
    )
