"""Teams, who is in them, and who agreed to be seen by them. Keys begin with the event."""

from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, Id
from webapp.core.ids import new_id


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
        Index("ix_agreement_latest", "event_id", "team_id", "agreed_at", "person_id"),
    )
