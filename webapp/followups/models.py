"""Promises, each side's own view of a tie, words already used, introductions and outcomes."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, Id, partial_index
from webapp.core.ids import new_id


class PromiseKind(StrEnum):
    """What somebody said they would do."""

    SEND_LINK = "send_link"
    INTRODUCE = "introduce"
    MEET_AGAIN = "meet_again"
    OWN_WORDS = "own_words"


class Depth(StrEnum):
    """How deep a talk went, as one side says; the lower of the two counts."""

    HELLO = "hello"
    IDEAS = "ideas"
    MATTERED = "mattered"


class Rhythm(StrEnum):
    """How often a Person wants to be reminded to check in."""

    NONE = "none"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"


class OutcomeKind(StrEnum):
    """What came of a tie."""

    NOTHING_YET = "nothing_yet"
    ADVICE = "advice"
    COLLABORATION = "collaboration"
    DEAL = "deal"
    JOB = "job"
    OTHER = "other"


class Promise(Base):
    """What one side of a tie said it will do, and by when; seen by both, kept or dropped."""

    __tablename__ = "promise"

    tie_id: Mapped[str] = mapped_column(ForeignKey("tie.id"))
    id: Mapped[str] = mapped_column(Id, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"))
    """Where the two had last talked; what an event's numbers count."""
    by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    to_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[PromiseKind]
    text: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date | None]
    """A day where the event was; None if no day was said."""
    made_at: Mapped[datetime]
    kept_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    """When its receiver said that it was kept."""

    __table_args__ = (
        PrimaryKeyConstraint("tie_id", "id"),
        CheckConstraint("kept_at IS NULL OR dropped_at IS NULL", name="kept_or_dropped"),
        CheckConstraint("confirmed_at IS NULL OR kept_at IS NOT NULL", name="kept_first"),
        partial_index(
            "ix_promise_owed", "by_id", "due_on", where="kept_at IS NULL AND dropped_at IS NULL"
        ),
        Index("ix_promise_to_id", "to_id", "made_at"),
        Index("ix_promise_event_id", "event_id"),
    )

    @property
    def is_open(self) -> bool:
        """True while its maker has neither kept nor dropped it."""
        return self.kept_at is None and self.dropped_at is None

    @property
    def settled_at(self) -> datetime | None:
        """When the last word about it was said; None while it is open."""
        return self.confirmed_at or self.kept_at or self.dropped_at


class TieSide(Base):
    """What one Person of a tie has chosen or done; the other never reads it."""

    __tablename__ = "tie_side"

    tie_id: Mapped[str] = mapped_column(ForeignKey("tie.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    depth: Mapped[Depth | None]
    rhythm: Mapped[Rhythm] = mapped_column(default=Rhythm.NONE)
    rhythm_set_at: Mapped[datetime | None]
    """When the rhythm was chosen or last answered by a check-in."""
    link_opened_at: Mapped[datetime | None]
    followed_up_at: Mapped[datetime | None]
    """When the Person said that this one is followed up; a later talk asks anew."""

    __table_args__ = (
        PrimaryKeyConstraint("tie_id", "person_id"),
        partial_index("ix_tie_side_rhythm", "person_id", where="rhythm <> 'none'"),
    )


class UsedMessage(Base):
    """A keyed digest of a message somebody took along; tells that it was used before."""

    __tablename__ = "used_message"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    digest: Mapped[str]
    tie_id: Mapped[str] = mapped_column(ForeignKey("tie.id"), index=True)
    used_at: Mapped[datetime]

    __table_args__ = (PrimaryKeyConstraint("person_id", "digest", "tie_id"),)


class Introduction(Base):
    """One Person proposes two of their ties to each other; both must accept."""

    __tablename__ = "introduction"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    low_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    high_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str]
    proposed_at: Mapped[datetime]
    is_silent: Mapped[bool] = mapped_column(default=False)
    """Whether nobody is asked: one of the two had said no before; it looks as if it waited."""
    low_accepted_at: Mapped[datetime | None]
    high_accepted_at: Mapped[datetime | None]
    low_declined_at: Mapped[datetime | None]
    high_declined_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("low_id < high_id", name="ordered_pair"),
        CheckConstraint("by_id <> low_id AND by_id <> high_id", name="of_two_others"),
        Index("ix_introduction_by_id", "by_id", "proposed_at"),
        Index("ix_introduction_low_id", "low_id", "proposed_at"),
        Index("ix_introduction_high_id", "high_id", "proposed_at"),
    )

    @property
    def is_made(self) -> bool:
        """True once both have accepted, and it was not withdrawn."""
        answers = (self.low_accepted_at, self.high_accepted_at)
        return self.withdrawn_at is None and None not in answers


class Outcome(Base):
    """What came of a tie, as one of its two people says; the latest word counts."""

    __tablename__ = "outcome"

    tie_id: Mapped[str] = mapped_column(ForeignKey("tie.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    id: Mapped[str] = mapped_column(Id, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), index=True)
    asked_days: Mapped[int | None]
    """30 or 90 if the app asked, None if the Person said it unasked."""
    kind: Mapped[OutcomeKind]
    text: Mapped[str] = mapped_column(default="")
    said_at: Mapped[datetime]

    __table_args__ = (PrimaryKeyConstraint("tie_id", "person_id", "id"),)
