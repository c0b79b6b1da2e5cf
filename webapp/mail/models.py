"""The outbox, and who wants which letters."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, Id, partial_index
from webapp.core.ids import new_id


class LetterKind(StrEnum):
    """What the app writes about unasked; a sign-in code or an invitation is no letter."""

    MORNING = "morning"
    REMINDER = "reminder"
    ROUND_UP = "round_up"
    GUEST = "guest"
    """To somebody on a guest list who has no account."""


class Trouble(StrEnum):
    """Why a mail has not arrived."""

    LATER = "later"
    """The server asks to come back."""
    AWAY = "away"
    """There was no server, or the connection broke."""
    OURS = "ours"
    """Our own greeting, password or sender was refused: somebody has to mend a setting."""
    NOBODY = "nobody"
    """There is no such mailbox."""
    REFUSED = "refused"
    UNWRITABLE = "unwritable"
    TOO_LATE = "too_late"
    UNWANTED = "unwanted"
    """Its reader has said no meanwhile."""
    GIVEN_UP = "given_up"
    """By the operator."""


class Mail(Base):
    """One mail to one person, waiting or sent; what it said is dropped once it is sent."""

    __tablename__ = "mail"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    kind: Mapped[str]
    recipient: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    queued_at: Mapped[datetime]
    due_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    gave_up_at: Mapped[datetime | None]
    problem: Mapped[str | None]
    """The server's own words, without addresses."""
    expires_at: Mapped[datetime | None]
    """From when on it is of no use to anybody."""
    letter: Mapped[LetterKind | None]
    """None for an answer to what somebody just did."""
    reader: Mapped[str | None] = mapped_column(index=True)
    """Whom a letter is for: a Person's id, or the digest of a guest's address."""
    stop_url: Mapped[str | None]
    """Where a letter's reader says no to more of its kind."""
    trouble: Mapped[Trouble | None]

    __table_args__ = (
        partial_index(
            "ix_mail_waiting",
            "due_at",
            where="sent_at IS NULL AND gave_up_at IS NULL",
        ),
        partial_index("ix_mail_gave_up_at", "gave_up_at", where="gave_up_at IS NOT NULL"),
    )


class Wish(Base):
    """Whether a Person wants letters of one kind; without a row the usual holds."""

    __tablename__ = "wish"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[LetterKind]
    is_wanted: Mapped[bool]
    said_at: Mapped[datetime]

    __table_args__ = (PrimaryKeyConstraint("person_id", "kind"),)


class StopReason(StrEnum):
    """Why no letters go to an address."""

    ASKED = "asked"
    UNDELIVERABLE = "undeliverable"


class Stop(Base):
    """An address that gets no letters, whoever it belongs to, known by its digest only."""

    __tablename__ = "stop"

    address_digest: Mapped[str]
    reason: Mapped[StopReason]
    stopped_at: Mapped[datetime]

    __table_args__ = (PrimaryKeyConstraint("address_digest", "reason"),)


class LetterDay(Base):
    """A day on which a reader has been written to: there is no second letter on it."""

    __tablename__ = "letter_day"

    reader: Mapped[str]
    """A Person's id, or the digest of an address."""
    day_on: Mapped[date]

    __table_args__ = (PrimaryKeyConstraint("reader", "day_on"),)
