"""Topics, and who wants to be suggested. Keys begin with the event."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, Id


class Side(StrEnum):
    """What an attendee says with a topic."""

    OFFERS = "offers"
    """Ask me about it."""
    SEEKS = "seeks"
    """I am looking for it."""


class Topic(Base):
    """One thing an attendee can be asked about or looks for, in their own words."""

    __tablename__ = "topic"

    event_id: Mapped[str] = mapped_column(Id)
    attendee_id: Mapped[str] = mapped_column(Id)
    side: Mapped[Side]
    key: Mapped[str]
    """What is compared; see `rules.key_of`."""
    text: Mapped[str]
    """As typed; shown to its author, and to hosts while the author lets them introduce them."""
    place: Mapped[int]
    """Its place among the attendee's own, the first is 0."""

    __table_args__ = (
        PrimaryKeyConstraint("event_id", "attendee_id", "side", "key"),
        ForeignKeyConstraint(["event_id", "attendee_id"], ["attendee.event_id", "attendee.id"]),
        Index("ix_topic_matching", "event_id", "key", "side", "attendee_id"),
    )


class Looking(Base):
    """An attendee wants to be suggested to others, and others to be suggested to them."""

    __tablename__ = "looking"

    event_id: Mapped[str] = mapped_column(Id)
    attendee_id: Mapped[str] = mapped_column(Id)
    began_at: Mapped[datetime]

    __table_args__ = (
        PrimaryKeyConstraint("event_id", "attendee_id"),
        ForeignKeyConstraint(["event_id", "attendee_id"], ["attendee.event_id", "attendee.id"]),
    )
