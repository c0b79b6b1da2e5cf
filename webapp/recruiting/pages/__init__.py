"""What the screens of a team show, and what others' pages show of teams."""

from webapp.recruiting.pages.agreements import parts_of_talk, parts_of_tie
from webapp.recruiting.pages.candidate import StandingPart, candidate_page, plan_form, standing_part
from webapp.recruiting.pages.cards import Moved, candidates_page, stage_part
from webapp.recruiting.pages.notes import noted_page, parts_of_candidate, with_note_typed
from webapp.recruiting.pages.openings import OpeningPage, OpeningsPage, opening_page, openings_page
from webapp.recruiting.pages.review import Review, review
from webapp.recruiting.pages.reviews import review_form, review_page

__all__ = [
    "Moved",
    "OpeningPage",
    "OpeningsPage",
    "Review",
    "StandingPart",
    "candidate_page",
    "candidates_page",
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
    "stage_part",
    "standing_part",
    "with_note_typed",
]
