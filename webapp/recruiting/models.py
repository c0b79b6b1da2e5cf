"""Teams, who agreed to be seen by them, and what they note. Keys begin with the event."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, Id
from webapp.core.ids import new_id


class Step(StrEnum):
    """What was done about a Candidate, for the history the Team reads."""

    AGREED = "agreed"
    MOVED = "moved"
    PLANNED = "planned"


class Team(Base):
    """Colleagues at one Event who review their Conversations together."""

    __tablename__ = "team"

    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"))
    id: Mapped[str] = mapped_column(Id, default=new_id)
    name: Mapped[str]
    """What people they talk with read, such as Kora Labs."""
    granted_at: Mapped[datetime]

    __table_args__ = (PrimaryKeyConstraint("event_id", "id"), UniqueConstraint("event_id", "name"))


class Member(Base):
    """A Person in the one Team they have at an Event."""

    __tablename__ = "team_member"

    event_id: Mapped[str] = mapped_column(Id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    team_id: Mapped[str] = mapped_column(Id)
    is_admin: Mapped[bool] = mapped_column(default=False)
    """Whether they invite colleagues and name stages."""
    joined_at: Mapped[datetime]

    __table_args__ = (
        PrimaryKeyConstraint("event_id", "person_id"),
        ForeignKeyConstraint(["event_id", "team_id"], ["team.event_id", "team.id"]),
        Index("ix_team_member_event_id_team_id", "event_id", "team_id"),
    )


class TeamInvitation(Base):
    """A place in a Team that waits for whoever proves to read an address."""

    __tablename__ = "team_invitation"

    event_id: Mapped[str] = mapped_column(Id)
    team_id: Mapped[str] = mapped_column(Id)
    address: Mapped[str] = mapped_column(index=True)
    is_admin: Mapped[bool] = mapped_column(default=False)
    invited_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    """A withdrawn one stays known: nobody is sent the same mail twice."""

    __table_args__ = (
        PrimaryKeyConstraint("event_id", "team_id", "address"),
        ForeignKeyConstraint(["event_id", "team_id"], ["team.event_id", "team.id"]),
    )


class Agreement(Base):
    """A Person said that a Team may see them; withdrawing it acts everywhere at once."""

    __tablename__ = "agreement"

    event_id: Mapped[str] = mapped_column(Id)
    team_id: Mapped[str] = mapped_column(Id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    agreed_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    __table_args__ = (
        PrimaryKeyConstraint("event_id", "team_id", "person_id"),
        ForeignKeyConstraint(["event_id", "team_id"], ["team.event_id", "team.id"]),
    )


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

    __table_args__ = (
        PrimaryKeyConstraint("event_id", "team_id", "person_id"),
        ForeignKeyConstraint(
            ["event_id", "team_id", "stage_id"], ["stage.event_id", "stage.team_id", "stage.id"]
        ),
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
    """The stage, or the next step, as it was then."""
    done_at: Mapped[datetime]

    __table_args__ = (
        PrimaryKeyConstraint("event_id", "team_id", "id"),
        ForeignKeyConstraint(["event_id", "team_id"], ["team.event_id", "team.id"]),
        Index("ix_history_entry_of_person", "event_id", "team_id", "person_id", "done_at"),
    )
