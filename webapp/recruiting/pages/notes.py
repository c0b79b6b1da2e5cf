"""Notes of the team on a candidate's page, and what a candidate reads of all that is noted."""

from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webapp.events.models import Event
from webapp.recruiting.models import Team
from webapp.recruiting.pages.candidate import CandidatePage
from webapp.recruiting.pages.review import Review
from webapp.recruiting.pages.reviews import reviews_part, step_words
from webapp.recruiting.queries import noted as queries
from webapp.recruiting.queries.candidates import CandidateRow
from webapp.recruiting.review_forms import TeamNoteForm
from webapp.ties.pages import Part


@dataclass(frozen=True, slots=True)
class NoteLine:
    """One note of the team."""

    id: str
    who: str
    text: str
    written_at: datetime
    is_mine: bool


@dataclass(frozen=True, slots=True)
class NotesPart:
    """What the team noted about a candidate, and the form for one more note."""

    event: Event
    person_id: str
    notes: list[NoteLine]
    form: TeamNoteForm


@dataclass(frozen=True, slots=True)
class SaidOfMe:
    """What a review of me says of one criterion."""

    criterion: str
    step: str
    is_scored: bool
    reason: str


@dataclass(frozen=True, slots=True)
class ReviewOfMe:
    """One review of me, without who wrote it."""

    title: str
    changed_at: datetime
    said: list[SaidOfMe]


@dataclass(frozen=True, slots=True)
class NotedPage:
    """What one team noted about me."""

    event: Event
    team: Team
    reviews: list[ReviewOfMe]
    notes: list[tuple[str, datetime]]


def parts_of_candidate(looking: Review, *, row: CandidateRow) -> list[Part]:
    """Return what a candidate's page shows of reviews and notes."""
    return [
        Part("recruiting/_reviews.html", reviews_part(looking, row)),
        Part("recruiting/_notes.html", _notes_part(looking, row)),
    ]


def _notes_part(looking: Review, row: CandidateRow) -> NotesPart:
    person_id, me = row.place.person_id or "", looking.me.id
    return NotesPart(
        event=looking.event,
        person_id=person_id,
        notes=[
            NoteLine(
                id=one.note.id,
                who=str(_("You")) if one.note.author_id == me else one.name,
                text=one.note.text,
                written_at=one.note.written_at,
                is_mine=one.note.author_id == me,
            )
            for one in queries.notes(looking.session, looking.member, person_id)
        ],
        form=TeamNoteForm(),
    )


def with_note_typed(page: CandidatePage, form: TeamNoteForm) -> CandidatePage:
    """Return a candidate's page with what was typed as a note still in its form."""
    parts = [
        replace(one, row=replace(one.row, form=form)) if isinstance(one.row, NotesPart) else one
        for one in page.parts
    ]
    return replace(page, parts=parts)


def noted_page(session: Session, *, team: Team, event: Event, person_id: str) -> NotedPage:
    """Return what a team noted about a person, without who wrote it."""
    return NotedPage(
        event=event,
        team=team,
        reviews=[
            ReviewOfMe(
                title=one.title,
                changed_at=one.review.changed_at,
                said=[
                    SaidOfMe(
                        text, step_words(rating.score), rating.score is not None, rating.reason
                    )
                    for text, rating in one.said
                ],
            )
            for one in queries.reviews_of_me(session, team=team, person_id=person_id)
        ],
        notes=[
            (one.text, one.written_at)
            for one in queries.notes_about_me(session, team=team, person_id=person_id)
        ],
    )
