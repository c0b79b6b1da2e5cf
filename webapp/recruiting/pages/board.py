"""Candidates by stage, a column each."""

from dataclasses import dataclass

from webapp.events.models import Event
from webapp.recruiting.pages.cards import CandidateCard, Screen, Shown, StagePart, card_of
from webapp.recruiting.pages.review import Review
from webapp.recruiting.queries import lists
from webapp.recruiting.queries.lists import Wanted


@dataclass(frozen=True, slots=True)
class Column:
    """One stage, and the first who are there."""

    stage_id: str
    name: str
    cards: list[CandidateCard]
    is_more: bool


@dataclass(frozen=True, slots=True)
class BoardPage:
    """All stages beside each other."""

    event: Event
    columns: list[Column]
    wanted: Wanted
    colleagues: list[tuple[str, str]]
    moved: StagePart | None
    """Whom I moved just now, or could not, because a colleague was faster."""


def board_page(looking: Review, *, wanted: Wanted, moved: StagePart | None = None) -> BoardPage:
    """Return the candidates by stage."""
    found = lists.columns(looking.session, looking.looker, wanted, looking.stages)
    shown = Shown(Screen.BOARD, wanted)
    return BoardPage(
        event=looking.event,
        columns=[
            Column(
                stage_id=stage.id,
                name=stage.name,
                cards=[
                    card_of(looking, row, shown) for row in found[stage.id][: lists.IN_A_COLUMN]
                ],
                is_more=len(found[stage.id]) > lists.IN_A_COLUMN,
            )
            for stage in looking.stages
        ],
        wanted=wanted,
        colleagues=list(looking.names.items()),
        moved=moved,
    )
