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
from webapp.recruiting.pages.exported import log_lines, seen_by_page
from webapp.recruiting.pages.exports import (
    ExportCheckPage,
    ExportPage,
    check_page,
    export_form,
    export_page,
    whom_of,
)
from webapp.recruiting.pages.leaving import MadeFile, made_file
from webapp.recruiting.pages.review import Review, review

__all__ = [
    "ExportCheckPage",
    "ExportPage",
    "MadeFile",
    "Moved",
    "Review",
    "Screen",
    "Shown",
    "StandingPart",
    "board_page",
    "candidate_page",
    "candidates_page",
    "check_page",
    "export_form",
    "export_page",
    "log_lines",
    "made_file",
    "parts_of_talk",
    "parts_of_tie",
    "plan_form",
    "review",
    "seen_by_page",
    "stage_part",
    "standing_part",
    "whom_of",
]
