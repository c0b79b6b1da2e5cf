"""What the screens of a team show, and what others' pages show of teams."""

from webapp.recruiting.pages.agreements import parts_of_talk, parts_of_tie
from webapp.recruiting.pages.candidate import StandingPart, candidate_page, plan_form, standing_part
from webapp.recruiting.pages.cards import Moved, candidates_page, stage_part
from webapp.recruiting.pages.handovers import (
    HandOverPage,
    HandoversPart,
    handing_part,
    handover_row,
    handovers_of_follow_up,
    handovers_part,
    parts_of_candidate,
)
from webapp.recruiting.pages.review import Review, review

__all__ = [
    "HandOverPage",
    "HandoversPart",
    "Moved",
    "Review",
    "StandingPart",
    "candidate_page",
    "candidates_page",
    "handing_part",
    "handover_row",
    "handovers_of_follow_up",
    "handovers_part",
    "parts_of_candidate",
    "parts_of_talk",
    "parts_of_tie",
    "plan_form",
    "review",
    "stage_part",
    "standing_part",
]
