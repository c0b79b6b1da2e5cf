"""Reading the notes of a team, and what a person may read of all that is noted about them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.recruiting.models import (
    CandidateReview,
    Criterion,
    Member,
    Opening,
    Rating,
    Team,
    TeamNote,
)


@dataclass(frozen=True, slots=True)
class NoteRow:
    """One note, with who wrote it."""

    note: TeamNote
    name: str


@dataclass(frozen=True, slots=True)
class ReviewOfMe:
    """One review of a Person, by whomever: for what, and what it says in the order of criteria."""

    review: CandidateReview
    title: str
    said: list[tuple[str, Rating]]


def notes(session: Session, member: Member, person_id: str) -> list[NoteRow]:
    """Return what a member's Team noted about a Candidate, the latest first."""
    rows = session.execute(
        select(TeamNote, Person.name)
        .join(Person, Person.id == TeamNote.author_id)
        .where(
            TeamNote.event_id == member.event_id,
            TeamNote.team_id == member.team_id,
            TeamNote.person_id == person_id,
        )
        .order_by(TeamNote.written_at.desc(), TeamNote.id)
    )
    return [NoteRow(row[0], row[1]) for row in rows]


def notes_about_me(session: Session, *, team: Team, person_id: str) -> Sequence[TeamNote]:
    """Return what a Team noted about a Person, the latest first."""
    found = select(TeamNote).where(
        TeamNote.event_id == team.event_id,
        TeamNote.team_id == team.id,
        TeamNote.person_id == person_id,
    )
    return session.scalars(found.order_by(TeamNote.written_at.desc(), TeamNote.id)).all()


def reviews_of_me(session: Session, *, team: Team, person_id: str) -> list[ReviewOfMe]:
    """Return the reviews of a Person by a Team, in two queries."""
    reviews = session.execute(
        select(CandidateReview, Opening.title)
        .join(
            Opening,
            and_(
                Opening.event_id == CandidateReview.event_id,
                Opening.team_id == CandidateReview.team_id,
                Opening.id == CandidateReview.opening_id,
            ),
        )
        .where(
            CandidateReview.event_id == team.event_id,
            CandidateReview.team_id == team.id,
            CandidateReview.person_id == person_id,
        )
        .order_by(Opening.opened_at, Opening.id, CandidateReview.written_at)
    ).all()
    said = _said_of_me(session, team, person_id)
    return [
        ReviewOfMe(review, title, said.get((review.opening_id, review.reviewer_id), []))
        for review, title in reviews
    ]


def _said_of_me(
    session: Session, team: Team, person_id: str
) -> dict[tuple[str, str], list[tuple[str, Rating]]]:
    rows = session.execute(
        select(Rating, Criterion.text)
        .join(
            Criterion,
            and_(
                Criterion.event_id == Rating.event_id,
                Criterion.team_id == Rating.team_id,
                Criterion.opening_id == Rating.opening_id,
                Criterion.id == Rating.criterion_id,
            ),
        )
        .where(
            Rating.event_id == team.event_id,
            Rating.team_id == team.id,
            Rating.person_id == person_id,
        )
        .order_by(Criterion.place, Criterion.id)
    )
    found: dict[tuple[str, str], list[tuple[str, Rating]]] = {}
    for rating, text in rows:
        found.setdefault((rating.opening_id, rating.reviewer_id), []).append((text, rating))
    return found
