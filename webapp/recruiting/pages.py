"""What the screens of a team show, and what others' pages show of teams."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.conversations.models import Conversation
from webapp.conversations.queries import TalkSides
from webapp.events.models import Event
from webapp.events.rules import as_printed
from webapp.followups import pages as followups
from webapp.followups.queries.promises import open_promises_of
from webapp.followups.rules.promises import today_at
from webapp.recruiting.forms import PlanForm
from webapp.recruiting.models import HistoryEntry, Member, Stage, Step
from webapp.recruiting.queries import candidates as queries
from webapp.recruiting.queries.candidates import ON_A_PAGE, CandidateRow, Wanted
from webapp.recruiting.queries.consent import TeamThatAsks, teams_that_may_ask
from webapp.recruiting.queries.teams import colleagues, stages
from webapp.ties import gate as ties_gate
from webapp.ties import pages as ties
from webapp.ties.models import Tie


@dataclass(frozen=True, slots=True)
class TalkLine:
    """One talk of the team with a candidate."""

    talk: Conversation
    colleague: str
    """Empty for my own."""


@dataclass(frozen=True, slots=True)
class StagePart:
    """At which stage a candidate is, and the menu to move them."""

    event_id: str
    person_id: str
    name: str
    stages: list[tuple[str, str]]
    stage_id: str
    stage: str
    chosen: str
    """What the menu shows; another one than the stage if a colleague was faster."""
    seen: int
    is_alone: bool
    """True in the list, where it changes without the rest of the candidate's page."""
    before: str = ""
    """Where they were before I moved them just now."""
    told: str = ""
    """What came between."""

    @property
    def target(self) -> str:
        """The id of the part of the page that changes."""
        return f"stage-{self.person_id}" if self.is_alone else "standing"


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of moving a candidate just now."""

    before: str = ""
    """Where they were."""
    to: str = ""
    """Where they should have gone, if a colleague was faster."""
    told: str = ""


NOT_MOVED = Moved()


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is next with a candidate."""

    words: str
    day: str
    owner: str
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class CandidateCard:
    """One candidate in the list."""

    event: Event
    person_id: str
    name: str
    organisation: str
    headline: str
    talks: list[TalkLine]
    promise: followups.PromiseRow | None
    """The next one between them and me."""
    next: NextStep | None
    stage: StagePart


@dataclass(frozen=True, slots=True)
class CandidatesPage:
    """Whom the team talked with."""

    event: Event
    team: str
    count: int
    cards: list[CandidateCard]
    wanted: Wanted
    stages: list[tuple[str, str]]
    colleagues: list[tuple[str, str]]
    after: str
    """Where the next page begins; empty on the last one."""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that was done about a candidate."""

    who: str
    what: str
    done_at: datetime
    event: Event


@dataclass(frozen=True, slots=True)
class StandingPart:
    """Stage, next step and history of a candidate."""

    stage: StagePart
    next: NextStep | None
    form: PlanForm
    history: list[HistoryLine]
    told: str = ""
    """What came between, if it concerns the next step."""


@dataclass(frozen=True, slots=True)
class CandidatePage:
    """One candidate."""

    event: Event
    card: CandidateCard
    promises: list[followups.PromiseRow]
    tie_id: str
    """My own tie with them; empty without one."""
    standing: StandingPart


@dataclass(frozen=True, slots=True)
class Review:
    """A member who looks at candidates, with what all of them need; four queries."""

    session: Session
    event: Event
    member: Member
    me: Person
    stages: Sequence[Stage]
    names: Mapping[str, str]
    """Of colleagues, by id."""
    owed: Mapping[str, followups.PromiseRow]
    """The next open promise between me and each of my people."""
    now: datetime

    @property
    def today(self) -> date:
        """The day it is where the event is."""
        return today_at(self.event.time_zone, self.now)


def review(session: Session, *, event: Event, member: Member, me: Person, now: datetime) -> Review:
    """Return what a member needs to look at candidates."""
    team = {"event_id": member.event_id, "team_id": member.team_id}
    names = {one.person_id: name for one, name in colleagues(session, **team)}
    owed: dict[str, followups.PromiseRow] = {}
    for one in open_promises_of(session, me.id):
        day = today_at(one.time_zone, now)
        row = followups.promise_row(one.promise, me=me, name=one.other.name, today=day)
        owed.setdefault(one.other.id, row)
    return Review(session, event, member, me, stages(session, **team), names, owed, now)


def candidates_page(looking: Review, *, team: str, wanted: Wanted) -> CandidatesPage:
    """Return a page of candidates."""
    rows = queries.candidate_rows(looking.session, looking.member, wanted)
    shown = rows[:ON_A_PAGE]
    return CandidatesPage(
        event=looking.event,
        team=team,
        count=queries.count_candidates(looking.session, looking.member),
        cards=[card_of(looking, row) for row in shown],
        wanted=wanted,
        stages=[(one.id, one.name) for one in looking.stages],
        colleagues=list(looking.names.items()),
        after=shown[-1].place.id if len(rows) > len(shown) else "",
    )


def card_of(looking: Review, row: CandidateRow) -> CandidateCard:
    """Return a candidate as the list shows them."""
    badge, person_id = as_printed(looking.event, row.place), row.place.person_id or ""
    mine = looking.me.id
    return CandidateCard(
        event=looking.event,
        person_id=person_id,
        name=badge.name,
        organisation=badge.organisation,
        headline=badge.headline,
        talks=[
            TalkLine(one.talk, "" if one.colleague_id == mine else one.colleague)
            for one in row.talks
        ],
        promise=looking.owed.get(person_id),
        next=_next_step(looking, row),
        stage=stage_part(looking, row),
    )


def stage_part(
    looking: Review,
    row: CandidateRow,
    *,
    is_alone: bool = True,
    moved: Moved = NOT_MOVED,
) -> StagePart:
    """Return where a candidate stands; everybody begins at the first stage."""
    stage_id = row.standing.stage_id if row.standing else looking.stages[0].id
    names = {one.id: one.name for one in looking.stages}
    return StagePart(
        event_id=looking.event.id,
        person_id=row.place.person_id or "",
        name=row.place.name,
        stages=list(names.items()),
        stage_id=stage_id,
        stage=names[stage_id],
        chosen=moved.to if moved.to in names else stage_id,
        seen=row.standing.changes if row.standing else 0,
        is_alone=is_alone,
        before=moved.before if moved.before in names and moved.before != stage_id else "",
        told=moved.told,
    )


def _next_step(looking: Review, row: CandidateRow) -> NextStep | None:
    standing = row.standing
    if standing is None or not (standing.next_step or standing.next_on or standing.owner_id):
        return None
    day, today = standing.next_on, looking.today
    owner = standing.owner_id or ""
    return NextStep(
        words=standing.next_step,
        day=followups.day_words(day, today) if day else "",
        owner=_("you") if owner == looking.me.id else looking.names.get(owner, ""),
        is_overdue=day is not None and day < today,
    )


def plan_form(looking: Review, row: CandidateRow, typed: object = None) -> PlanForm:
    """Return the form for the next step with what was said before."""
    standing = row.standing
    data = {
        "next_step": standing.next_step if standing else "",
        "next_on": standing.next_on.isoformat() if standing and standing.next_on else "",
        "owner": (standing.owner_id if standing else "") or "",
    }
    return PlanForm(typed, data=data, colleagues=looking.names)


def standing_part(
    looking: Review,
    row: CandidateRow,
    *,
    form: PlanForm | None = None,
    moved: Moved = NOT_MOVED,
    told: str = "",
) -> StandingPart:
    """Return stage, next step and history of a candidate."""
    found = queries.history(looking.session, looking.member, row.place.person_id or "")
    return StandingPart(
        stage=stage_part(looking, row, is_alone=False, moved=moved),
        next=_next_step(looking, row),
        form=form or plan_form(looking, row),
        history=[_history_line(looking, entry, name) for entry, name in found],
        told=told,
    )


def _history_line(looking: Review, entry: HistoryEntry, name: str | None) -> HistoryLine:
    if entry.step is Step.AGREED:
        words = _("agreed to be seen by your team")
        return HistoryLine(_("They"), words, entry.done_at, looking.event)
    who = _("You") if entry.by_id == looking.me.id else name or _("A colleague")
    if entry.step is Step.MOVED:
        what = _("moved to %(stage)s", stage=entry.told)
    elif entry.told:
        what = _("planned: %(step)s", step=entry.told)
    else:
        what = _("changed the next step")
    return HistoryLine(who, what, entry.done_at, looking.event)


def candidate_page(looking: Review, row: CandidateRow, standing: StandingPart) -> CandidatePage:
    """Return one candidate; promises and the way to the tie's page are my own tie's alone."""
    session, me = looking.session, looking.me
    found = ties_gate.open_tie_with(session, person_id=me.id, other_id=row.place.person_id)
    promises = followups.promises_part(session, *found, me=me, now=looking.now) if found else None
    return CandidatePage(
        event=looking.event,
        card=card_of(looking, row),
        promises=promises.recent if promises else [],
        tie_id=found[0].id if found else "",
        standing=standing,
    )


@dataclass(frozen=True, slots=True)
class AgreementPart:
    """The teams of somebody I talked with, and whether each of them sees me."""

    name: str
    teams: list[TeamThatAsks]


def parts_of_talk(
    sides: TalkSides,
    *,
    session: Session,
    me: Person,
    opened: tuple[Tie, Person] | None,
    now: datetime,  # noqa: ARG001  # the signal gives it to all
) -> list[ties.Part]:
    """Return what the page of a talk shows of this feature: may their team see that we talked?"""
    if opened is None:
        return []
    return _agreement_parts(session, me=me, other=opened[1], event_id=sides.event.id)


def parts_of_tie(
    _tie: Tie,
    *,
    session: Session,
    me: Person,
    other: Person,
    now: datetime,  # noqa: ARG001  # the signal gives it to all
) -> list[ties.Part]:
    """Return what a person's page shows of this feature: which of their teams see me."""
    return _agreement_parts(session, me=me, other=other, event_id=None)


def _agreement_parts(
    session: Session, *, me: Person, other: Person, event_id: str | None
) -> list[ties.Part]:
    found = teams_that_may_ask(session, person_id=me.id, other_id=other.id, event_id=event_id)
    part = AgreementPart(other.name, found)
    return [ties.Part("recruiting/_agreements.html", part, is_question=True)] if found else []
