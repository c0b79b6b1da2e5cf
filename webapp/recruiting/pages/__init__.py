"""What the screens of a team show, and what others' pages show of teams."""

from webapp.recruiting.pages.agreements import parts_of_talk, parts_of_tie
from webapp.recruiting.pages.board import board_page
from webapp.recruiting.pages.candidate import (
    StandingPart,
    candidate_page,
    plan_form,
    standing_part,
)
from webapp.recruiting.pages.cards import Moved, Screen, Shown, candidates_page, stage_part
from webapp.recruiting.pages.review import Review, review

__all__ = [
    "Moved",
    "Review",
    "Screen",
    "Shown",
    "StandingPart",
    "board_page",
    "candidate_page",
    "candidates_page",
    "parts_of_talk",
    "parts_of_tie",
    "plan_form",
    "review",
    "stage_part",
    "standing_part",
]
