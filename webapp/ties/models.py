"""Ties, links, who gets them, and notes."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
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


class Closing(StrEnum):
    """Why a tie is closed."""

    UNTIED = "untied"
    UNDONE = "undone"
    BLOCKED = "blocked"
    LEFT = "left"
    """One of the two deleted their account."""


class LinkKind(StrEnum):
    """A way to reach a Person online."""

    LINKEDIN = "linkedin"
    GITHUB = "github"
    WEBSITE = "website"
    EMAIL = "email"
    MASTODON = "mastodon"
    BLUESKY = "bluesky"
    X = "x"
    CALENDAR = "calendar"


class Audience(StrEnum):
    """Which of the people its owner has talked with get a link."""

    EVERYONE = "everyone"
    ASK = "ask"
    """Each only after its owner has given it to them."""
    NEVER_RECRUITERS = "never_recruiters"
    """Nobody who is or was a recruiter at any event."""


class Tie(Base):
    """Two Persons with at least one proven Conversation; either can untie it."""

    __tablename__ = "tie"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    low_person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    high_person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    opened_at: Mapped[datetime]
    last_talk_at: Mapped[datetime]
    last_event_id: Mapped[str] = mapped_column(ForeignKey("event.id"))
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[str | None] = mapped_column(Id)
    closing: Mapped[Closing | None]

    __table_args__ = (
        UniqueConstraint("low_person_id", "high_person_id"),
        CheckConstraint("low_person_id < high_person_id", name="ordered_pair"),
    )

    def other_than(self, person_id: str) -> str:
        """Return the Person on the other side."""
        return self.high_person_id if person_id == self.low_person_id else self.low_person_id


class Link(Base):
    """A way to reach a Person online, shown to others over an open tie only."""

    __tablename__ = "link"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[LinkKind]
    url: Mapped[str]
    added_at: Mapped[datetime]
    audience: Mapped[Audience] = mapped_column(
        default=Audience.EVERYONE, server_default=Audience.EVERYONE.value
    )
    place: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """Where it stands among its owner's links, the first one on top."""
    removed_at: Mapped[datetime | None]
    """When its owner removed it; nobody gets it from then on, and soon the row goes, too."""

    __table_args__ = (UniqueConstraint("person_id", "url"),)


class LinkAnswer(Base):
    """What a Person said when asked whether one of theirs goes to the other side of a tie."""

    __tablename__ = "link_answer"

    tie_id: Mapped[str] = mapped_column(ForeignKey("tie.id"))
    link_id: Mapped[str] = mapped_column(ForeignKey("link.id"), index=True)
    is_given: Mapped[bool]
    answered_at: Mapped[datetime]

    __table_args__ = (PrimaryKeyConstraint("tie_id", "link_id"),)


class Note(Base):
    """What the other one needed, in words only their author reads."""

    __tablename__ = "note"

    event_id: Mapped[str] = mapped_column(Id)
    author_id: Mapped[str] = mapped_column(Id)
    about_id: Mapped[str] = mapped_column(Id)
    text: Mapped[str]
    changed_at: Mapped[datetime]

    __table_args__ = (
        PrimaryKeyConstraint("event_id", "author_id", "about_id"),
        ForeignKeyConstraint(["event_id", "author_id"], ["attendee.event_id", "attendee.id"]),
        ForeignKeyConstraint(["event_id", "about_id"], ["attendee.event_id", "attendee.id"]),
        Index("ix_note_event_id_about_id", "event_id", "about_id"),
    )
