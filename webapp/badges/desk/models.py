"""What the desk has to remember: what helpers did, and who is helped to claim a badge."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, Id


class DeskItem(Base):
    """One check-in or undo by a helper's phone, under a key that counts it once."""

    __tablename__ = "desk_item"

    event_id: Mapped[str] = mapped_column(Id, primary_key=True)
    by_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    nonce: Mapped[str] = mapped_column(primary_key=True)
    attendee_id: Mapped[str] = mapped_column(Id)
    body_digest: Mapped[str]
    done_at: Mapped[datetime]
    came_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["event_id", "attendee_id"], ["attendee.event_id", "attendee.id"]),
        Index("ix_desk_item_event_id_attendee_id", "event_id", "attendee_id"),
    )


class DeskCode(Base):
    """Somebody signed in asks the desk for their badge; the code on their phone is derived."""

    __tablename__ = "desk_code"

    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    code_digest: Mapped[str]
    asked_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("event_id", "code_digest"),)


class Vouching(Base):
    """The desk's word that a Person is the guest of a place; it can be taken back."""

    __tablename__ = "vouching"

    event_id: Mapped[str] = mapped_column(Id, primary_key=True)
    attendee_id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    vouched_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["event_id", "attendee_id"], ["attendee.event_id", "attendee.id"]),
    )
