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
from webapp.recruiting.pages.exported import SeenByPage, log_lines, seen_by_page
from webapp.recruiting.pages.exports import (
    ExportCheckPage,
    ExportPage,
    check_page,
    export_form,
    export_page,
    whom_of,
)
from webapp.recruiting.pages.handovers import (
    HandOverPage,
    HandoversPart,
    handing_of_candidate,
    handing_part,
    handover_row,
    handovers_of_follow_up,
    handovers_part,
)
from webapp.recruiting.pages.leaving import MadeFile, made_file
from webapp.recruiting.pages.notes import noted_page, parts_of_candidate, with_note_typed
from webapp.recruiting.pages.openings import OpeningPage, OpeningsPage, opening_page, openings_page
from webapp.recruiting.pages.review import Review, review
from webapp.recruiting.pages.reviews import review_form, review_page

__all__ = [
    "ExportCheckPage",
    "ExportPage",
    "HandOverPage",
    "HandoversPart",
    "MadeFile",
    "Moved",
    "OpeningPage",
    "OpeningsPage",
    "Review",
    "Screen",
    "SeenByPage",
    "Shown",
    "StandingPart",
    "board_page",
    "candidate_page",
    "candidates_page",
    "check_page",
    "export_form",
    "export_page",
    "handing_of_candidate",
    "handing_part",
    "handover_row",
    "handovers_of_follow_up",
    "handovers_part",
    "log_lines",
    "made_file",
    "noted_page",
    "opening_page",
    "openings_page",
    "parts_of_candidate",
    "parts_of_talk",
    "parts_of_tie",
    "plan_form",
    "review",
    "review_form",
    "review_page",
    "seen_by_page",
    "stage_part",
    "standing_part",
    "whom_of",
    "with_note_typed",
]
