"""What a Candidate is asked about a colleague, and what a Team sees of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.events.models import Event
from webapp.followups.rules.writing import called
from webapp.recruiting import gate
from webapp.recruiting.forms import HandOverForm
from webapp.recruiting.models import Handover
from webapp.recruiting.pages.review import Review
from webapp.recruiting.queries.candidates import CandidateRow
from webapp.recruiting.queries.handovers import (
    AskedOfMe,
    Key,
    TeamsWord,
    handovers_by,
    handovers_to_me,
    who_carries_on,
)
from webapp.recruiting.rules import is_over
from webapp.ties import pages as ties


@dataclass(frozen=True, slots=True)
class HandoverRow:
    """A hand-over as the Candidate sees it: a question, who carries on, or a no just said."""

    id: str
    event: Event
    team: str
    asker: str
    colleague: str
    colleague_called: str
    asker_called: str
    reason: str
    is_waiting: bool
    is_standing: bool
    is_tied: bool
    """Whether they have a tie with the colleague already."""


@dataclass(frozen=True, slots=True)
class HandoversPart:
    """What I am asked, and who carries on with me."""

    rows: list[HandoverRow]
    has_heading: bool
    """True where other things stand beside it."""


@dataclass(frozen=True, slots=True)
class CarryingOn:
    """Who carries on with a Candidate, as one of the team reads it."""

    asker: str
    """Empty for myself, like the next."""
    colleague: str
    reason: str
    is_tied: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What I asked a Candidate, as long as it waits."""

    colleague: str
    reason: str


@dataclass(frozen=True, slots=True)
class HandingPart:
    """Handing a Candidate to a colleague, as one of the team sees it."""

    event_id: str
    person_id: str
    carrying: CarryingOn | None
    asked: Asked | None
    refused: str
    """The colleague with whom they would rather not carry on, if I asked last."""
    form: HandOverForm | None
    """None for those who cannot hand over: without a tie of their own, or alone in the team."""
    told: str = ""
    """What came between."""


@dataclass(frozen=True, slots=True)
class HandOverPage:
    """The form alone, where it could not be taken as it was sent."""

    event: Event
    person_id: str
    name: str
    row: HandingPart


def handovers_of_tie(
    session: Session, *, me: Person, other: Person, now: datetime
) -> list[ties.Part]:
    """Return what a person's page shows of this feature: to whom they would hand me."""
    found = handovers_to_me(session, person_id=me.id, now=now, from_id=other.id)
    part = HandoversPart([handover_row(one) for one in found], has_heading=False)
    return [ties.Part("recruiting/_handovers.html", part, is_question=True)] if found else []


def handovers_of_follow_up(me: Person, *, session: Session, now: datetime) -> list[ties.Part]:
    """Return what Follow up shows of this feature: which questions wait for me."""
    found = [
        handover_row(one)
        for one in handovers_to_me(session, person_id=me.id, now=now)
        if not one.handover.is_standing
    ]
    part = HandoversPart(found, has_heading=True)
    return [ties.Part("recruiting/_handovers.html", part)] if found else []


def handovers_part(session: Session, *, me: Person, now: datetime) -> HandoversPart:
    """Return everything teams ask me, and who carries on with me."""
    found = handovers_to_me(session, person_id=me.id, now=now)
    return HandoversPart([handover_row(one) for one in found], has_heading=True)


def handover_row(one: AskedOfMe) -> HandoverRow:
    """Return a hand-over as the Candidate sees it."""
    return HandoverRow(
        id=one.handover.id,
        event=one.event,
        team=one.team.name,
        asker=one.asker.name,
        colleague=one.colleague.name,
        asker_called=called(one.asker.name),
        colleague_called=called(one.colleague.name),
        reason=one.handover.reason,
        is_waiting=one.handover.is_waiting,
        is_standing=one.handover.is_standing,
        is_tied=one.is_tied,
    )


def handing_of_candidate(looking: Review, *, row: CandidateRow) -> list[ties.Part]:
    """Return what a Candidate's page shows of this feature: handing them over."""
    part = handing_part(looking, row.place.person_id or "")
    is_there = part.carrying or part.asked or part.refused or part.form
    return [ties.Part("recruiting/_handing.html", part)] if is_there else []


def handing_part(
    looking: Review, person_id: str, *, form: HandOverForm | None = None, told: str = ""
) -> HandingPart:
    """Return what a member sees of handing a Candidate over, in three queries."""
    member = looking.member
    key = (member.event_id, member.team_id, person_id)
    carrying = who_carries_on(looking.session, key)
    mine = handovers_by(looking.session, key, member.person_id)
    waiting = next((one for one in mine if one.is_waiting), None)
    is_refused = carrying is None and waiting is None and bool(mine) and is_over(mine[0])
    return HandingPart(
        event_id=member.event_id,
        person_id=person_id,
        carrying=_carrying(looking, carrying) if carrying else None,
        asked=Asked(looking.names.get(waiting.to_id, ""), waiting.reason) if waiting else None,
        refused=looking.names.get(mine[0].to_id, "") if is_refused else "",
        form=_offered(looking, key, mine, carrying, form) if form or not waiting else None,
        told=told,
    )


def _carrying(looking: Review, word: TeamsWord) -> CarryingOn:
    me, one = looking.me.id, word.handover
    return CarryingOn(
        asker="" if one.from_id == me else word.asker,
        colleague="" if one.to_id == me else word.colleague,
        reason=one.reason,
        is_tied=word.is_tied,
    )


def _offered(
    looking: Review,
    key: Key,
    mine: list[Handover],
    carrying: TeamsWord | None,
    typed: HandOverForm | None,
) -> HandOverForm | None:
    """Return the form with the colleagues there are for it; None if I cannot hand over."""
    left_out = {looking.me.id} | {one.to_id for one in mine if is_over(one)}
    if carrying:
        left_out.add(carrying.handover.to_id)
    colleagues = {id_: name for id_, name in looking.names.items() if id_ not in left_out}
    found = gate.candidate_of_mine(looking.session, member=looking.member, person_id=key[2])
    if not colleagues or found is None:
        return None
    form = typed or HandOverForm(colleagues=colleagues)
    form.offer(colleagues)
    return form
