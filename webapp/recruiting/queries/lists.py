"""Reading candidates by the page: narrowed, in order, and by stage."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import Session

from webapp.core.text import folded
from webapp.events.models import Attendee
from webapp.recruiting import gate
from webapp.recruiting.models import Agreement, Member, Stage, Standing
from webapp.recruiting.queries.candidates import CandidateRow, rows_of
from webapp.topics.models import Side, Topic
from webapp.topics.rules import key_of

ON_A_PAGE = 50
IN_A_COLUMN = 20
MOST_COUNTED = 500
"""Beyond that the list says "more than"; to count on would cost more than to show it."""


class Order(StrEnum):
    """What a list is sorted by."""

    NAME = "name"
    LATEST = "latest"
    """Who agreed last comes first."""
    NEXT = "next"
    """The day of the next step; who has none is left out."""


class Due(StrEnum):
    """What is due with those who are asked for."""

    PROMISE = "promise"
    """A promise between them and the member who looks."""
    STEP = "step"
    """A next step whose day has come."""
    MINE = "mine"
    """A next step of the member who looks."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which Candidates are asked for, and in which order."""

    words: str = ""
    colleague_id: str = ""
    stage_id: str = ""
    topic: str = ""
    due: Due | None = None
    order: Order = Order.NAME
    after: str = ""
    """The last one of the page before."""

    @property
    def is_narrowed(self) -> bool:
        """True if not all are asked for."""
        narrowed = (self.words, self.colleague_id, self.stage_id, self.topic, self.due)
        return any(narrowed) or self.order is Order.NEXT

    @property
    def query(self) -> dict[str, str]:
        """What stands in the URL of such a list, without the page."""
        said = {
            "words": self.words,
            "colleague": self.colleague_id,
            "stage": self.stage_id,
            "topic": self.topic,
            "due": self.due or "",
            "sort": "" if self.order is Order.NAME else self.order,
        }
        return {key: str(value) for key, value in said.items() if value}

    def at(self, stage_id: str) -> dict[str, str]:
        """Return what stands in the URL of the same list for one stage."""
        return self.query | {"stage": stage_id}


EVERYBODY = Wanted()


@dataclass(frozen=True, slots=True)
class Looker:
    """The member who looks, with what their lists depend on."""

    member: Member
    promised: Collection[str]
    """With whom they have an open promise, by person."""
    today: date


def candidate_rows(session: Session, looker: Looker, wanted: Wanted) -> list[CandidateRow]:
    """Return a page of Candidates, and one more if there are more; at most four queries."""
    found = listed(looker, wanted)
    if wanted.after:
        before = _place_in(session, looker.member, wanted)
        if before is None:
            return []
        found = found.where(before)
    return rows_of(session, looker.member, session.scalars(found.limit(ON_A_PAGE + 1)).all())


def listed(looker: Looker, wanted: Wanted) -> Select[Attendee]:
    """Return the query of all a list shows, in its order, from the top."""
    found = _in_order(looker.member, wanted.order).where(*_narrowed(looker, wanted))
    return gate.narrowed(found, looker.member, by=wanted.colleague_id or None)


def count_candidates(session: Session, member: Member) -> int:
    """Return how many Candidates a member sees in all; from `MOST_COUNTED` on no further."""
    some = gate.candidates(member).with_only_columns(Attendee.id).limit(MOST_COUNTED)
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0


def columns(
    session: Session, looker: Looker, wanted: Wanted, stages: Sequence[Stage]
) -> dict[str, list[CandidateRow]]:
    """Return the first Candidates of every stage by name, one more if there are more.

    Three queries, however many stages there are.
    """
    found = [_first_at(stage, looker, wanted).subquery() for stage in stages]
    each = session.execute(union_all(*(select(one.c.stage_id, one.c.id) for one in found)))
    stage_of = {attendee_id: stage_id for stage_id, attendee_id in each}
    places = session.scalars(
        select(Attendee)
        .where(Attendee.event_id == looker.member.event_id, Attendee.id.in_(stage_of))
        .order_by(Attendee.name, Attendee.id)
    ).all()
    by_stage: dict[str, list[CandidateRow]] = {stage.id: [] for stage in stages}
    for row in rows_of(session, looker.member, places):
        by_stage[stage_of[row.place.id]].append(row)
    return by_stage


def _first_at(stage: Stage, looker: Looker, wanted: Wanted) -> Select[str, str]:
    """Return the query of the first Candidates of a stage, and one more."""
    found = (
        select(literal(stage.id).label("stage_id"), Attendee.id.label("id"))
        .where(
            Attendee.event_id == looker.member.event_id,
            *_narrowed(looker, replace(wanted, stage_id=stage.id)),
        )
        .order_by(Attendee.name, Attendee.id)
        .limit(IN_A_COLUMN + 1)
    )
    return gate.narrowed(found, looker.member, by=wanted.colleague_id or None)


def _in_order(member: Member, order: Order) -> Select[Attendee]:
    """Return the Attendees of the event in an order that an index has."""
    found = select(Attendee).where(Attendee.event_id == member.event_id)
    if order is Order.LATEST:
        of_team = _of_team(Agreement, member)
        found = found.join_from(Agreement, Attendee, _is_of(Agreement)).where(*of_team)
        return found.order_by(Agreement.agreed_at.desc(), Agreement.person_id.desc())
    if order is Order.NEXT:
        of_team = _of_team(Standing, member)
        found = found.join_from(Standing, Attendee, _is_of(Standing)).where(*of_team)
        return found.where(Standing.next_on.is_not(None)).order_by(
            Standing.next_on, Standing.person_id
        )
    return found.order_by(Attendee.name, Attendee.id)


def _place_in(session: Session, member: Member, wanted: Wanted) -> ColumnElement[bool] | None:
    """Return the condition of what comes after somebody in an order; None for somebody unknown."""
    place = session.get(Attendee, (member.event_id, wanted.after))
    if place is None:
        return None
    key = (member.event_id, member.team_id, place.person_id)
    if wanted.order is Order.LATEST:
        agreed = session.get(Agreement, key)
        here = (agreed.agreed_at, agreed.person_id) if agreed else None
        return tuple_(Agreement.agreed_at, Agreement.person_id) < here if here else None
    if wanted.order is Order.NEXT:
        standing = session.get(Standing, key)
        at = (standing.next_on, standing.person_id) if standing and standing.next_on else None
        return tuple_(Standing.next_on, Standing.person_id) > at if at else None
    return tuple_(Attendee.name, Attendee.id) > (place.name, place.id)


def _narrowed(looker: Looker, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return what else is asked of a Candidate, the cheap before the dear."""
    member = looker.member
    asked = [
        Attendee.folded.contains(f" {word}", autoescape=True)
        for word in folded(wanted.words).split()
    ]
    if wanted.due is Due.PROMISE:
        asked.append(Attendee.person_id.in_(looker.promised))
    if wanted.due is Due.STEP:
        asked.append(_stands(member, Standing.next_on <= looker.today))
    if wanted.due is Due.MINE:
        asked.append(_stands(member, Standing.owner_id == member.person_id))
    if wanted.stage_id:
        asked.append(_is_at(member, wanted.stage_id))
    if wanted.topic:
        asked.append(_knows_about(wanted.topic))
    return asked


def _is_at(member: Member, stage_id: str) -> ColumnElement[bool]:
    """Return the condition of being at a stage; whoever nobody has moved is at the first."""
    first = (
        select(Stage.id)
        .where(Stage.event_id == member.event_id, Stage.team_id == member.team_id)
        .order_by(Stage.place, Stage.id)
        .limit(1)
        .scalar_subquery()
    )
    is_new = and_(first == stage_id, ~_stands(member))
    return or_(_stands(member, Standing.stage_id == stage_id), is_new)


def _stands(member: Member, *how: ColumnElement[bool]) -> ColumnElement[bool]:
    return (
        select(Standing.person_id)
        .where(*_of_team(Standing, member), Standing.person_id == Attendee.person_id, *how)
        .correlate(Attendee)
        .exists()
    )


def _knows_about(topic: str) -> ColumnElement[bool]:
    return (
        select(Topic.attendee_id)
        .where(
            Topic.event_id == Attendee.event_id,
            Topic.key == key_of(topic),
            Topic.side == Side.OFFERS,
            Topic.attendee_id == Attendee.id,
        )
        .correlate(Attendee)
        .exists()
    )


def _of_team(model: Any, member: Member) -> tuple[ColumnElement[bool], ...]:
    return model.event_id == member.event_id, model.team_id == member.team_id


def _is_of(model: Any) -> ColumnElement[bool]:
    return and_(Attendee.event_id == model.event_id, Attendee.person_id == model.person_id)
