"""Reading hand-overs: what a Candidate is asked, and what a Team knows of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.accounts.models import Person
from webapp.conversations.models import Conversation
from webapp.events.models import Attendee, Event
from webapp.recruiting.gate import handovers_that_hold, talk_between
from webapp.recruiting.models import Handover, Member, Team
from webapp.recruiting.rules import UNDO_FOR, is_shown_to_candidate
from webapp.ties.gate import is_open_between

Key = tuple[str, str, str]
"""An event, a Team and a Candidate."""


@dataclass(frozen=True, slots=True)
class AskedOfMe:
    """A hand-over as the Candidate it is about sees it."""

    handover: Handover
    team: Team
    event: Event
    asker: Person
    colleague: Person
    is_tied: bool
    """Whether the Candidate has an open tie with the colleague already."""


@dataclass(frozen=True, slots=True)
class TeamsWord:
    """A hand-over as the Team sees it."""

    handover: Handover
    asker: str
    colleague: str
    is_tied: bool


@dataclass(frozen=True, slots=True)
class HandedTalk:
    """A talk of somebody who handed the Candidate to a colleague."""

    talk: Conversation
    asker_id: str
    asker: str
    colleague_id: str
    colleague: str


_ANY = select(Handover.id).where(Handover.person_id == bindparam("me")).limit(1)
_ANY_ACCEPTED = (
    select(Handover.id)
    .where(
        Handover.event_id == bindparam("event"),
        Handover.team_id == bindparam("team"),
        Handover.is_accepted.is_(True),
    )
    .limit(1)
)
_IS_TIED = is_open_between(Handover.to_id, Handover.person_id)
_IS_RECENT = or_(
    Handover.is_accepted.is_(None),
    Handover.is_accepted.is_(True),
    Handover.answered_at > bindparam("since"),
)
"""Leaves out what was answered with no long ago."""


def _named() -> tuple[Select[Handover], type[Person], type[Person]]:
    """Return the query of hand-overs that hold, and the two who are named in them.

    Made anew each time: of aliases that threads share two first readers at once make two sets of
    columns, and one of them does not find its own in the answer.
    """
    asker, colleague = aliased(Person), aliased(Person)
    found = handovers_that_hold().join(asker, asker.id == Handover.from_id)
    return found.join(colleague, colleague.id == Handover.to_id), asker, colleague


def handovers_to_me(
    session: Session, *, person_id: str, now: datetime, from_id: str | None = None
) -> list[AskedOfMe]:
    """Return what teams ask a Person and whom they let carry on, the latest first.

    Of all teams, or what one Person asks. Whether they are asked anything at all is looked up
    first: to plan the query for the rest takes PostgreSQL longer than all else on the page.
    """
    if session.execute(_ANY, {"me": person_id}).first() is None:
        return []
    asked = _of_me(of_one=from_id is not None)
    since = now - UNDO_FOR
    found = session.execute(asked, {"me": person_id, "since": since, "from": from_id})
    rows = [AskedOfMe(*row) for row in found]
    return [one for one in rows if is_shown_to_candidate(one.handover, now=now)]


@cache
def _of_me(*, of_one: bool) -> Select[Handover, Team, Event, Person, Person, bool]:
    own = aliased(Member)
    is_colleague = (
        select(own.person_id)
        .where(
            own.event_id == Handover.event_id,
            own.team_id == Handover.team_id,
            own.person_id == Handover.person_id,
        )
        .exists()
    )
    named, asker, colleague = _named()
    found = (
        named.join(Team, and_(Team.event_id == Handover.event_id, Team.id == Handover.team_id))
        .join(Event, Event.id == Handover.event_id)
        .where(
            Handover.person_id == bindparam("me"),
            _IS_RECENT,
            ~is_colleague,
            Event.erased_at.is_(None),
            Event.erasure_asked_at.is_(None),
        )
        .add_columns(Team, Event, asker, colleague, _IS_TIED)
        .order_by(Handover.asked_at.desc(), Handover.id)
    )
    return found.where(Handover.from_id == bindparam("from")) if of_one else found


def handover_to_me(
    session: Session, *, event_id: str, handover_id: str, person_id: str, now: datetime
) -> AskedOfMe | None:
    """Return one hand-over a Person finds on their screens."""
    found = handovers_to_me(session, person_id=person_id, now=now)
    key = (event_id, handover_id)
    return next((one for one in found if (one.handover.event_id, one.handover.id) == key), None)


def who_carries_on(session: Session, key: Key) -> TeamsWord | None:
    """Return to whom a Candidate was handed with their yes, if that holds."""
    named, asker, colleague = _named()
    found = (
        named.where(*_about(key), Handover.is_accepted.is_(True))
        .add_columns(asker.name, colleague.name, _IS_TIED)
        .order_by(Handover.answered_at.desc(), Handover.id)
    )
    row = session.execute(found).first()
    return TeamsWord(*row) if row else None


def handovers_by(session: Session, key: Key, from_id: str) -> list[Handover]:
    """Return what a member asked a Candidate, the latest first; a block hides nothing here."""
    found = select(Handover).where(*_about(key), Handover.from_id == from_id)
    return list(session.scalars(found.order_by(Handover.asked_at.desc(), Handover.id)))


def waiting_handover(session: Session, key: Key) -> Handover | None:
    """Return what a Candidate has not answered a Team yet, whoever asked."""
    waits = (Handover.answered_at.is_(None), Handover.ended_at.is_(None))
    return session.scalar(select(Handover).where(*_about(key), *waits))


def standing_handovers(session: Session, key: Key) -> Sequence[Handover]:
    """Return what a Candidate has said yes to, whether or not a tie still carries it."""
    stands = (Handover.is_accepted.is_(True), Handover.ended_at.is_(None))
    return session.scalars(select(Handover).where(*_about(key), *stands)).all()


def _about(key: Key) -> tuple[ColumnElement[bool], ...]:
    event_id, team_id, person_id = key
    return (
        Handover.event_id == event_id,
        Handover.team_id == team_id,
        Handover.person_id == person_id,
    )


def handed_talks(
    session: Session, member: Member, attendee_ids: Sequence[str]
) -> dict[str, list[HandedTalk]]:
    """Return the talks that were handed to a colleague, by the Attendee's id.

    As in `handovers_to_me`, whether any was is looked up first.
    """
    values = {"event": member.event_id, "team": member.team_id}
    if session.execute(_ANY_ACCEPTED, values).first() is None:
        return {}
    mine, other = aliased(Attendee), aliased(Attendee)
    named, by, to = _named()
    rows = session.execute(
        named.join(
            mine, and_(mine.event_id == Handover.event_id, mine.person_id == Handover.from_id)
        )
        .join(
            other, and_(other.event_id == Handover.event_id, other.person_id == Handover.person_id)
        )
        .join(Conversation, talk_between(mine, other))
        .where(
            Handover.event_id == member.event_id,
            Handover.team_id == member.team_id,
            Handover.is_accepted.is_(True),
            other.id.in_(attendee_ids),
        )
        .with_only_columns(other.id, Conversation, by.id, by.name, to.id, to.name)
        .order_by(Conversation.started_at.desc(), Conversation.id)
    )
    found: dict[str, list[HandedTalk]] = {}
    for attendee_id, talk, asker_id, asker, colleague_id, colleague in rows:
        one = HandedTalk(talk, asker_id, asker, colleague_id, colleague)
        found.setdefault(attendee_id, []).append(one)
    return found
