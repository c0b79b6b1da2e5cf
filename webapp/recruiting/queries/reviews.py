"""Reading openings, and reviews as far as a member may know them.

`is_readable` alone decides that: one's own review comes first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.accounts.models import Person
from webapp.recruiting.models import (
    CandidateReview,
    Criterion,
    HistoryEntry,
    Member,
    Opening,
    Rating,
    Step,
)


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One review a member may read, with who wrote it."""

    review: CandidateReview
    name: str
    is_in_team: bool


@dataclass(frozen=True, slots=True)
class Use:
    """How many reviews stand on a criterion: all, and those a member may read."""

    all: int = 0
    readable: int = 0


def is_readable(member: Member, review: Any) -> ColumnElement[bool]:
    """Return the condition of reviews a member may know of.

    They are of the member's Team and for an Opening and a Candidate of whom the member has written
    a review too. `review` has the columns of a review's key.
    """
    mine = aliased(CandidateReview)
    has_own = (
        select(mine.reviewer_id)
        .where(
            mine.event_id == review.event_id,
            mine.team_id == review.team_id,
            mine.opening_id == review.opening_id,
            mine.person_id == review.person_id,
            mine.reviewer_id == member.person_id,
        )
        .correlate_except(mine)
        .exists()
    )
    return and_(review.event_id == member.event_id, review.team_id == member.team_id, has_own)


def may_be_told(member: Member) -> ColumnElement[bool]:
    """Return the condition of what a member reads in the history: nobody's review before theirs."""
    return or_(
        HistoryEntry.step != Step.REVIEWED,
        HistoryEntry.by_id == member.person_id,
        is_readable(member, HistoryEntry),
    )


def openings(session: Session, member: Member) -> Sequence[Opening]:
    """Return the Openings of a member's Team, the open ones first."""
    found = select(Opening).where(
        Opening.event_id == member.event_id, Opening.team_id == member.team_id
    )
    is_closed = Opening.closed_at.is_not(None)
    return session.scalars(found.order_by(is_closed, Opening.opened_at, Opening.id)).all()


def criteria(session: Session, member: Member) -> dict[str, list[Criterion]]:
    """Return the criteria of a member's Team in order, by Opening, as they are now."""
    rows = session.scalars(
        select(Criterion)
        .where(Criterion.event_id == member.event_id, Criterion.team_id == member.team_id)
        .order_by(Criterion.place, Criterion.id)
        .execution_options(populate_existing=True)
    )
    found: dict[str, list[Criterion]] = {}
    for one in rows:
        found.setdefault(one.opening_id, []).append(one)
    return found


def uses(session: Session, member: Member, opening_id: str) -> dict[str, Use]:
    """Return how many reviews stand on each criterion of an Opening, in one query."""
    readable = func.sum(case((is_readable(member, Rating), 1), else_=0))
    rows = session.execute(
        select(Rating.criterion_id, func.count(), readable)
        .where(
            Rating.event_id == member.event_id,
            Rating.team_id == member.team_id,
            Rating.opening_id == opening_id,
        )
        .group_by(Rating.criterion_id)
    )
    return {row[0]: Use(row[1], row[2]) for row in rows}


def readable_reviews(session: Session, member: Member, person_id: str) -> list[ReviewRow]:
    """Return the reviews of a Candidate that a member may read: their own first, then by name."""
    in_team = aliased(Member)
    rows = session.execute(
        select(CandidateReview, Person.name, in_team.person_id)
        .join(Person, Person.id == CandidateReview.reviewer_id)
        .outerjoin(
            in_team,
            and_(
                in_team.event_id == CandidateReview.event_id,
                in_team.team_id == CandidateReview.team_id,
                in_team.person_id == CandidateReview.reviewer_id,
            ),
        )
        .where(CandidateReview.person_id == person_id, is_readable(member, CandidateReview))
        .order_by(CandidateReview.reviewer_id != member.person_id, Person.name, Person.id)
    )
    return [ReviewRow(row[0], row[1], row[2] is not None) for row in rows]


def readable_ratings(
    session: Session, member: Member, person_id: str
) -> dict[tuple[str, str, str], Rating]:
    """Return the ratings of those reviews, by Opening, criterion and reviewer."""
    rows = session.scalars(
        select(Rating).where(Rating.person_id == person_id, is_readable(member, Rating))
    )
    return {(one.opening_id, one.criterion_id, one.reviewer_id): one for one in rows}


def review_by(
    session: Session, member: Member, *, person_id: str, opening_id: str
) -> CandidateReview | None:
    """Return a member's own review of a Candidate for an Opening, as it is now."""
    key = (member.event_id, member.team_id, opening_id, person_id, member.person_id)
    return session.get(CandidateReview, key, populate_existing=True)


def ratings_of(session: Session, review: CandidateReview) -> dict[str, Rating]:
    """Return what one review says, by criterion."""
    rows = session.scalars(
        select(Rating).where(
            Rating.event_id == review.event_id,
            Rating.team_id == review.team_id,
            Rating.opening_id == review.opening_id,
            Rating.person_id == review.person_id,
            Rating.reviewer_id == review.reviewer_id,
        )
    )
    return {one.criterion_id: one for one in rows}


def has_others(session: Session, review: CandidateReview) -> bool:
    """Tell whether somebody else has reviewed the same Candidate for the same Opening."""
    other = select(CandidateReview.reviewer_id).where(
        CandidateReview.event_id == review.event_id,
        CandidateReview.team_id == review.team_id,
        CandidateReview.opening_id == review.opening_id,
        CandidateReview.person_id == review.person_id,
        CandidateReview.reviewer_id != review.reviewer_id,
    )
    return session.scalar(select(other.exists())) or False
