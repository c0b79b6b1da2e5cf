"""Reviewing a Candidate, each member by themselves first, and notes for the whole Team."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.orm import Session

from webapp.core.errors import Conflict
from webapp.recruiting.models import (
    CandidateReview,
    HistoryEntry,
    Member,
    Opening,
    Rating,
    Step,
    TeamNote,
)
from webapp.recruiting.queries import reviews as queries
from webapp.recruiting.services.holding import hold


@dataclass(frozen=True, slots=True)
class Rated:
    """What somebody says of one criterion."""

    criterion_id: str
    score: int | None
    """None: there was no evidence."""
    reason: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody had before them when they wrote: the counts of changes."""

    opening: int
    review: int


def write_review(
    session: Session,
    *,
    member: Member,
    person_id: str,
    opening_id: str,
    rated: Sequence[Rated],
    seen: Seen,
    now: datetime,
) -> None:
    """Write a member's one review of a Candidate for an Opening, or change it.

    Raises:
        Conflict: the opening was closed or has other words now, its author changed the review in
            another window, or the Team no longer sees the Candidate.
    """
    hold(session, member=member, person_id=person_id)
    opening = _open_one(session, member, opening_id, seen=seen.opening)
    named = {"person_id": person_id, "opening_id": opening_id}
    review = queries.review_by(session, member, **named)
    if seen.review != (review.changes if review else 0):
        raise Conflict(_("You changed this review in another window."))
    if review is None:
        review = _begin(session, member, opening, person_id, now=now)
    elif _is_said(rated, queries.ratings_of(session, review)):
        return
    elif queries.has_others(session, review):
        review.changed_knowing_at = now
    review.changes += 1
    review.changed_at = now
    session.flush()
    _rate(session, review, rated)


def _open_one(session: Session, member: Member, opening_id: str, *, seen: int) -> Opening:
    """Return an Opening that takes reviews, held against changes of its words."""
    key = (member.event_id, member.team_id, opening_id)
    opening = session.get(Opening, key, with_for_update={"read": True}, populate_existing=True)
    if opening is None or opening.closed_at is not None:
        raise Conflict(_("This opening was closed; it takes no review any more."))
    if opening.changes != seen:
        raise Conflict(_("The words of this opening changed meanwhile. Here is how it stands."))
    return opening


def _begin(
    session: Session, member: Member, opening: Opening, person_id: str, *, now: datetime
) -> CandidateReview:
    review = CandidateReview(
        event_id=member.event_id,
        team_id=member.team_id,
        opening_id=opening.id,
        person_id=person_id,
        reviewer_id=member.person_id,
        written_at=now,
        changes=0,
    )
    session.add(review)
    _tell(session, member, person_id, Step.REVIEWED, told=opening.title, about=opening, now=now)
    return review


def _is_said(rated: Sequence[Rated], known: Mapping[str, Rating]) -> bool:
    """Tell whether a review says just this already."""
    said = {one.criterion_id: (one.score, one.reason) for one in _worth_keeping(rated)}
    return said == {key: (one.score, one.reason) for key, one in known.items()}


def _worth_keeping(rated: Sequence[Rated]) -> list[Rated]:
    return [one for one in rated if one.score is not None or one.reason]


def _rate(session: Session, review: CandidateReview, rated: Sequence[Rated]) -> None:
    key = {
        "event_id": review.event_id,
        "team_id": review.team_id,
        "opening_id": review.opening_id,
        "person_id": review.person_id,
        "reviewer_id": review.reviewer_id,
    }
    session.execute(delete(Rating).filter_by(**key))
    session.add_all(
        Rating(**key, criterion_id=one.criterion_id, score=one.score, reason=one.reason)
        for one in _worth_keeping(rated)
    )
    session.flush()


def write_note(
    session: Session, *, member: Member, person_id: str, text: str, now: datetime
) -> TeamNote:
    """Note something about a Candidate for the whole Team.

    Raises:
        Conflict: the Team no longer sees them.
    """
    hold(session, member=member, person_id=person_id)
    note = TeamNote(
        event_id=member.event_id,
        team_id=member.team_id,
        person_id=person_id,
        author_id=member.person_id,
        text=text,
        written_at=now,
    )
    session.add(note)
    _tell(session, member, person_id, Step.NOTED, now=now)
    session.flush()
    return note


def delete_note(session: Session, *, member: Member, person_id: str, note_id: str) -> None:
    """Delete one's own note; that of somebody else, or none, is left alone."""
    note = session.get(TeamNote, (member.event_id, member.team_id, note_id))
    if note is not None and (note.author_id, note.person_id) == (member.person_id, person_id):
        session.delete(note)
        session.flush()


def _tell(
    session: Session,
    member: Member,
    person_id: str,
    step: Step,
    *,
    now: datetime,
    told: str = "",
    about: Opening | None = None,
) -> None:
    """Add a line to the history of a Candidate."""
    session.add(
        HistoryEntry(
            event_id=member.event_id,
            team_id=member.team_id,
            person_id=person_id,
            by_id=member.person_id,
            step=step,
            told=told,
            opening_id=about.id if about else None,
            done_at=now,
        )
    )
