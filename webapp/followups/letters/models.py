"""What somebody has been told by mail, and when the app last looked at what to tell them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, Id


class Topic(StrEnum):
    """What a letter is about; each thing is told once."""

    MET = "met"
    PROMISE = "promise"
    CHECK_IN = "check_in"
    OUTCOME = "outcome"
    INTRODUCTION = "introduction"
    ROUND_UP = "round_up"
    GUEST = "guest"


class Told(Base):
    """One thing one reader has been told in a letter."""

    __tablename__ = "told"

    reader: Mapped[str]
    """A Person's id, or the digest of a guest's address."""
    topic: Mapped[Topic]
    about: Mapped[str]
    """Which event, promise, tie or month, as the planner names it."""
    mail_id: Mapped[str] = mapped_column(Id)
    """The letter; if it never left, this counts as not told."""
    told_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (PrimaryKeyConstraint("reader", "topic", "about"),)


class Morning(Base):
    """The last morning on which the app looked whether there is a letter for a Person."""

    __tablename__ = "morning"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    looked_on: Mapped[date]
    """A day where the Person is."""
    wrote_at: Mapped[datetime | None]
    """When the last letter was queued."""
