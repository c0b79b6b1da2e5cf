"""Candidates as a list shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _

from webapp.conversations.models import Conversation
from webapp.events.models import Event
from webapp.events.rules import as_printed
from webapp.followups import pages as followups
from webapp.recruiting.pages.review import Review
from webapp.recruiting.queries import lists
from webapp.recruiting.queries.candidates import CandidateRow
from webapp.recruiting.queries.lists import EVERYBODY, Wanted


@dataclass(frozen=True, slots=True)
class TalkLine:
    """One talk of the team with a candidate."""

    talk: Conversation
    colleague: str
    """Empty for my own."""
    handed: str = ""
    """The colleague who carries on, if this one handed over."""


class Screen(StrEnum):
    """Where the menu of stages stands."""

    LIST = "list"
    BOARD = "board"
    CANDIDATE = "candidate"


@dataclass(frozen=True, slots=True)
class Shown:
    """A screen with a menu of stages, and whom it was narrowed to."""

    screen: Screen = Screen.CANDIDATE
    wanted: Wanted = EVERYBODY

    @property
    def query(self) -> dict[str, str]:
        """What an address says of it."""
        if self.screen is Screen.CANDIDATE:
            return {}
        after = {"after": self.wanted.after} if self.wanted.after else {}
        return {"from": self.screen.value} | self.wanted.query | after


ON_THEIR_PAGE = Shown()


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
    shown: Shown
    before: str = ""
    """Where they were before I moved them just now."""
    told: str = ""
    """What came between."""

    @property
    def target(self) -> str:
        """The id of the part of the page that changes."""
        targets = {Screen.LIST: f"stage-{self.person_id}", Screen.BOARD: "board"}
        return targets.get(self.shown.screen, "standing")

    @property
    def query(self) -> dict[str, str]:
        """What the address says of the screen it stands on."""
        return self.shown.query


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of moving a candidate just now."""

    before: str = ""
    """Where they were."""
    to: str = ""
    """Where they should have gone, if a colleague was faster."""
    told: str = ""


NOT_MOVED = Moved()
NOBODY_MOVED: Mapping[str, Moved] = {}


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
    topics: list[str]
    """What they can be asked about."""
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
    is_more: bool
    """True if there are more than were counted."""
    cards: list[CandidateCard]
    wanted: Wanted
    stages: list[tuple[str, str]]
    colleagues: list[tuple[str, str]]
    events: list[tuple[str, str]]
    """Where I am in a team, if there are several."""
    after: str
    """Where the next page begins; empty on the last one."""


def candidates_page(
    looking: Review, *, team: str, wanted: Wanted, moved: Mapping[str, Moved] = NOBODY_MOVED
) -> CandidatesPage:
    """Return a page of candidates; `moved` says who was moved just now, by person."""
    rows = lists.candidate_rows(looking.session, looking.looker, wanted)
    shown, screen = rows[: lists.ON_A_PAGE], Shown(Screen.LIST, wanted)
    count = lists.count_candidates(looking.session, looking.member)
    return CandidatesPage(
        event=looking.event,
        team=team,
        count=count,
        is_more=count == lists.MOST_COUNTED,
        cards=[card_of(looking, row, screen, moved) for row in shown],
        wanted=wanted,
        stages=[(one.id, one.name) for one in looking.stages],
        colleagues=list(looking.names.items()),
        events=[(event.id, event.name) for event in looking.events()],
        after=shown[-1].place.id if len(rows) > len(shown) else "",
    )


def card_of(
    looking: Review,
    row: CandidateRow,
    shown: Shown = ON_THEIR_PAGE,
    moved: Mapping[str, Moved] = NOBODY_MOVED,
) -> CandidateCard:
    """Return a candidate as a screen shows them."""
    badge, person_id = as_printed(looking.event, row.place), row.place.person_id or ""
    mine = looking.me.id
    return CandidateCard(
        event=looking.event,
        person_id=person_id,
        name=badge.name,
        organisation=badge.organisation,
        headline=badge.headline,
        topics=row.topics,
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
        stage=stage_part(looking, row, shown=shown, moved=moved.get(person_id, NOT_MOVED)),
    )


def stage_part(
    looking: Review,
    row: CandidateRow,
    *,
    shown: Shown = ON_THEIR_PAGE,
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
        shown=shown,
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
