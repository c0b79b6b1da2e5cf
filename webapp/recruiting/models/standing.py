"""What a Team notes of a Candidate: stage, next step, history. Keys begin with the event."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, Id
from webapp.core.ids import new_id


class Step(StrEnum):
    """What was done about a Candidate, for the history the Team reads."""

    AGREED = "agreed"
    MOVED = "moved"
    PLANNED = "planned"
    OUTCOME = "outcome"
    REVIEWED = "reviewed"
    NOTED = "noted"
    HANDED = "handed"
    NOT_HANDED = "not_handed"


class TeamOutcome(StrEnum):
    """What came of a talk, in the words of hiring and selling."""

    NOTHING_YET = "nothing_yet"
    INTERVIEW = "interview"
    HIRE = "hire"
    DEAL = "deal"


class Stage(Base):
    """How far a Team is with somebody, in the Team's own words and order."""

    __tablename__ = "stage"

    event_id: Mapped[str] = mapped_column(Id)
    team_id: Mapped[str] = mapped_column(Id)
    id: Mapped[str] = mapped_column(Id, default=new_id)
    name: Mapped[str]
    place: Mapped[int]

    __table_args__ = (
        PrimaryKeyConstraint("event_id", "team_id", "id"),
        ForeignKeyConstraint(["event_id", "team_id"], ["team.event_id", "team.id"]),
    )


class Standing(Base):
    """Where a Candidate stands with a Team: stage, owner, and the next step with its day."""

    __tablename__ = "standing"

    event_id: Mapped[str] = mapped_column(Id)
    team_id: Mapped[str] = mapped_column(Id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    stage_id: Mapped[str] = mapped_column(Id)
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    """Who in the Team takes the next step."""
    next_step: Mapped[str] = mapped_column(default="", server_default=text("''"))
    next_on: Mapped[date | None]
    changes: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """Counts up with every change, so that nobody writes over what they have not seen."""
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    outcome: Mapped[TeamOutcome | None]
    outcome_at: Mapped[datetime | None]
    """When something first came of it."""

    __table_args__ = (
        PrimaryKeyConstraint("event_id", "team_id", "person_id"),
        ForeignKeyConstraint(
            ["event_id", "team_id", "stage_id"], ["stage.event_id", "stage.team_id", "stage.id"]
        ),
        Index("ix_standing_next", "event_id", "team_id", "next_on", "person_id"),
    )


class HistoryEntry(Base):
    """One thing the Team did about a Candidate."""

    __tablename__ = "history_entry"

    event_id: Mapped[str] = mapped_column(Id)
    team_id: Mapped[str] = mapped_column(Id)
    id: Mapped[str] = mapped_column(Id, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    step: Mapped[Step]
    told: Mapped[str] = mapped_column(default="", server_default=text("''"))
    """The stage, the next step, the opening, or the reason of a hand-over, as it was then."""
    done_at: Mapped[datetime]
    opening_id: Mapped[str | None] = mapped_column(Id)
    """Which Opening a review was for: whoever has not reviewed for it does not read this."""
    to_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    """To whom they were handed, or who no longer carries on."""

    __table_args__ = (
        PrimaryKeyConstraint("event_id", "team_id", "id"),
        ForeignKeyConstraint(["event_id", "team_id"], ["team.event_id", "team.id"]),
        ForeignKeyConstraint(
            ["event_id", "team_id", "opening_id"],
            ["opening.event_id", "opening.team_id", "opening.id"],
        ),
        Index("ix_history_entry_of_person", "event_id", "team_id", "person_id", "done_at"),
    )
