"""Conversations and the claims they rest on. Keys begin with the event."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.badges.rules import Way
from webapp.core.db import Base, Id, partial_index
from webapp.core.ids import new_id

UNPROVEN = "proven_at IS NULL AND undone_at IS NULL AND expired_at IS NULL"


class Word(StrEnum):
    """How one side said that the talk happened, the weakest first."""

    ANSWERED = "answered"
    SCANNED = "scanned"
    SHOWED = "showed"
    SCANNED_LIVE = "scanned_live"


class Evidence(StrEnum):
    """How well a Conversation is proven, the weakest first."""

    CLAIMED = "claimed"
    CONFIRMED = "confirmed"
    MUTUAL = "mutual"
    LIVE = "live"


class Conversation(Base):
    """One face-to-face talk between two Attendees at one Event."""

    __tablename__ = "conversation"

    event_id: Mapped[str] = mapped_column(Id)
    id: Mapped[str] = mapped_column(Id, default=new_id)
    low_id: Mapped[str] = mapped_column(Id)
    """The attendee whose id sorts first; the pair is kept in this order."""
    high_id: Mapped[str] = mapped_column(Id)
    claimed_by_id: Mapped[str] = mapped_column(Id)
    claimed_about_id: Mapped[str] = mapped_column(Id)
    low_word: Mapped[Word | None]
    high_word: Mapped[Word | None]
    evidence: Mapped[Evidence]
    started_at: Mapped[datetime]
    last_at: Mapped[datetime]
    """When either side last scanned the other in this talk."""
    proven_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    """When the other side said "no, we didn't"; the claimer never learns it."""
    refusals: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
    """When somebody untied: no later scan belongs to this talk, however soon it comes."""
    undone_at: Mapped[datetime | None]
    expired_at: Mapped[datetime | None]
    """Set when a new claim takes the place of one nobody answered in time."""

    __table_args__ = (
        PrimaryKeyConstraint("event_id", "id"),
        ForeignKeyConstraint(["event_id", "low_id"], ["attendee.event_id", "attendee.id"]),
        ForeignKeyConstraint(["event_id", "high_id"], ["attendee.event_id", "attendee.id"]),
        CheckConstraint("low_id < high_id", name="ordered_pair"),
        Index("ix_conversation_pair", "event_id", "low_id", "high_id"),
        Index("ix_conversation_high", "event_id", "high_id", "low_id"),
        Index("ix_conversation_proven", "event_id", "proven_at"),
        partial_index(
            "uq_conversation_one_waiting_claim",
            "event_id",
            "claimed_by_id",
            "claimed_about_id",
            where=UNPROVEN,
            unique=True,
        ),
        partial_index(
            "ix_conversation_waiting_about",
            "event_id",
            "claimed_about_id",
            where=UNPROVEN,
        ),
    )

    @property
    def is_proven(self) -> bool:
        """True from `confirmed` upward, while nobody has undone it."""
        return self.proven_at is not None and self.undone_at is None

    def word_of(self, attendee_id: str) -> Word | None:
        """Return how one side said so, or None if it has not."""
        return self.low_word if attendee_id == self.low_id else self.high_word

    def other_than(self, attendee_id: str) -> str:
        """Return the attendee on the other side."""
        return self.high_id if attendee_id == self.low_id else self.low_id


class Claim(Base):
    """One side's act of saying "we talked", under a key that counts it once."""

    __tablename__ = "claim"

    event_id: Mapped[str] = mapped_column(Id)
    by_id: Mapped[str] = mapped_column(Id)
    nonce: Mapped[str]
    conversation_id: Mapped[str] = mapped_column(Id)
    about_id: Mapped[str] = mapped_column(Id)
    badge_id: Mapped[str] = mapped_column(Id)
    way: Mapped[Way]
    live_step: Mapped[int | None]
    body_digest: Mapped[str]
    claimed_at: Mapped[datetime]

    conversation: Mapped[Conversation] = relationship(lazy="raise")

    __table_args__ = (
        PrimaryKeyConstraint("event_id", "by_id", "nonce"),
        ForeignKeyConstraint(
            ["event_id", "conversation_id"], ["conversation.event_id", "conversation.id"]
        ),
        Index("ix_claim_recent", "event_id", "by_id", "claimed_at"),
        Index("ix_claim_live", "event_id", "badge_id", "live_step"),
        Index("ix_claim_conversation", "event_id", "conversation_id"),
    )


class Block(Base):
    """One Person no longer wants to meet another; silent, and it works both ways."""

    __tablename__ = "block"

    blocker_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    blocked_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    blocked_at: Mapped[datetime]
