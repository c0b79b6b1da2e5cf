"""Prints, and the badges in them. The PDF itself is not kept: it can be drawn again."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, Id
from webapp.core.ids import new_id


class BadgePrint(Base):
    """One batch of badges that somebody asked to print."""

    __tablename__ = "badge_print"

    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"))
    id: Mapped[str] = mapped_column(Id, default=new_id)
    layout: Mapped[str]
    """A name of `badges.sheets.layouts`."""
    has_backs: Mapped[bool]
    has_groups: Mapped[bool]
    asked_by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    """None for a command."""
    asked_at: Mapped[datetime]

    __table_args__ = (PrimaryKeyConstraint("event_id", "id"),)


class PrintedBadge(Base):
    """One badge of a print."""

    __tablename__ = "printed_badge"

    event_id: Mapped[str] = mapped_column(Id)
    print_id: Mapped[str] = mapped_column(Id)
    badge_id: Mapped[str] = mapped_column(Id)

    __table_args__ = (
        PrimaryKeyConstraint("event_id", "print_id", "badge_id"),
        ForeignKeyConstraint(["event_id", "print_id"], ["badge_print.event_id", "badge_print.id"]),
        ForeignKeyConstraint(["event_id", "badge_id"], ["badge.event_id", "badge.id"]),
        Index("ix_printed_badge_event_id_badge_id", "event_id", "badge_id"),
    )
