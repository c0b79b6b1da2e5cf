"""What a Team looks for, what its members found in a Candidate, and notes all of them read."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, Id
from webapp.core.ids import new_id


class Opening(Base):
    """A place a Team wants to fill, against whose criteria it reviews Candidates."""

    __tablename__ = "opening"

    event_id: Mapped[str] = mapped_column(Id)
    team_id: Mapped[str] = mapped_column(Id)
    id: Mapped[str] = mapped_column(Id, default=new_id)
    title: Mapped[str]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    """A closed one takes no review any more; those it has stay readable."""
    changes: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """Counts up when its words change, so that nobody reviews against words they have not read."""

    __table_args__ = (
        PrimaryKeyConstraint("event_id", "team_id", "id"),
        ForeignKeyConstraint(["event_id", "team_id"], ["team.event_id", "team.id"]),
    )


class Criterion(Base):
    """One thing to look for, in the Team's own words and order."""

    __tablename__ = "criterion"

    event_id: Mapped[str] = mapped_column(Id)
    team_id: Mapped[str] = mapped_column(Id)
    opening_id: Mapped[str] = mapped_column(Id)
    id: Mapped[str] = mapped_column(Id, default=new_id)
    text: Mapped[str]
    place: Mapped[int]

    __table_args__ = (
        PrimaryKeyConstraint("event_id", "team_id", "opening_id", "id"),
        ForeignKeyConstraint(
            ["event_id", "team_id", "opening_id"],
            ["opening.event_id", "opening.team_id", "opening.id"],
        ),
    )


class CandidateReview(Base):
    """One member's review of one Candidate for one Opening."""

    __tablename__ = "candidate_review"

    event_id: Mapped[str] = mapped_column(Id)
    team_id: Mapped[str] = mapped_column(Id)
    opening_id: Mapped[str] = mapped_column(Id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    reviewer_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    written_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    changed_knowing_at: Mapped[datetime | None]
    """When it was last changed while its author could read what others gave."""
    changes: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """Counts up with every change, so that two tabs do not write over each other."""

    __table_args__ = (
        PrimaryKeyConstraint("event_id", "team_id", "opening_id", "person_id", "reviewer_id"),
        ForeignKeyConstraint(
            ["event_id", "team_id", "opening_id"],
            ["opening.event_id", "opening.team_id", "opening.id"],
        ),
    )


class Rating(Base):
    """What a review says of one criterion; without a score there was no evidence."""

    __tablename__ = "rating"

    event_id: Mapped[str] = mapped_column(Id)
    team_id: Mapped[str] = mapped_column(Id)
    opening_id: Mapped[str] = mapped_column(Id)
    person_id: Mapped[str] = mapped_column(Id, index=True)
    reviewer_id: Mapped[str] = mapped_column(Id, index=True)
    criterion_id: Mapped[str] = mapped_column(Id)
    score: Mapped[int | None]
    """From 1, weak, to 4, strong."""
    reason: Mapped[str] = mapped_column(default="", server_default=text("''"))

    __table_args__ = (
        PrimaryKeyConstraint(
            "event_id", "team_id", "opening_id", "person_id", "reviewer_id", "criterion_id"
        ),
        ForeignKeyConstraint(
            ["event_id", "team_id", "opening_id", "person_id", "reviewer_id"],
            [
                "candidate_review.event_id",
                "candidate_review.team_id",
                "candidate_review.opening_id",
                "candidate_review.person_id",
                "candidate_review.reviewer_id",
            ],
        ),
        ForeignKeyConstraint(
            ["event_id", "team_id", "opening_id", "criterion_id"],
            ["criterion.event_id", "criterion.team_id", "criterion.opening_id", "criterion.id"],
        ),
        CheckConstraint("score BETWEEN 1 AND 4", name="four_steps"),
        Index("ix_rating_of_criterion", "event_id", "team_id", "opening_id", "criterion_id"),
    )


class TeamNote(Base):
    """A short note about a Candidate for the whole Team, which they themselves may read too."""

    __tablename__ = "team_note"

    event_id: Mapped[str] = mapped_column(Id)
    team_id: Mapped[str] = mapped_column(Id)
    id: Mapped[str] = mapped_column(Id, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    author_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str]
    written_at: Mapped[datetime]

    __table_args__ = (
        PrimaryKeyConstraint("event_id", "team_id", "id"),
        ForeignKeyConstraint(["event_id", "team_id"], ["team.event_id", "team.id"]),
        Index("ix_team_note_of_person", "event_id", "team_id", "person_id", "written_at"),
    )
