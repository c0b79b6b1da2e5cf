"""Candidates as a list shows them."""

from dataclasses import dataclass

from flask_babel import gettext as _

from webapp.conversations.models import Conversation
from webapp.events.models import Event
from webapp.events.rules import as_printed
from webapp.followups import pages as followups
from webapp.recruiting.pages.review import Review
from webapp.recruiting.queries import candidates as queries
from webapp.recruiting.queries.candidates import ON_A_PAGE, CandidateRow, Wanted


@dataclass(frozen=True, slots=True)
class TalkLine:
    """One talk of the team with a candidate."""

    talk: Conversation
    colleague: str
    """Empty for my own."""
    handed: str = ""
    """The colleague who carries on, if this one handed over."""


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
            TalkLine(
                one.talk,
                "" if one.colleague_id == mine else one.colleague,
                _("you") if one.handed_to_id == mine else one.handed_to,
            )
            for one in row.talks
        ],
        promise=looking.owed.get(person_id),
        next=next_step(looking, row),
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


def next_step(looking: Review, row: CandidateRow) -> NextStep | None:
    """Return what is next with a candidate, if a colleague has said."""
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
