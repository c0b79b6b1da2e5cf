"""Lists that wait to be imported, and what their sources call the people on them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, Id
from webapp.core.ids import new_id


class GuestList(Base):
    """A file on its way in; it is gone when the import is done, or after a day."""

    __tablename__ = "guest_list"

    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"))
    id: Mapped[str] = mapped_column(Id, default=new_id)
    uploaded_by_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    file_name: Mapped[str]
    content: Mapped[bytes]
    """The rows that were read from the file, packed; see `packing`."""
    chosen: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Which field each column goes to, as somebody chose it."""
    next_row: Mapped[int] = mapped_column(default=0)
    """How many rows have been imported."""
    tally: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What has become of them, counted."""
    created_at: Mapped[datetime]

    __table_args__ = (
        PrimaryKeyConstraint("event_id", "id"),
        Index("ix_guest_list_created_at", "created_at"),
    )

    @property
    def is_started(self) -> bool:
        """True if some of its rows have been imported."""
        return self.next_row > 0


class GuestSource(Base):
    """What a ticket shop or meeting place calls an attendee."""

    __tablename__ = "guest_source"

    event_id: Mapped[str] = mapped_column(Id)
    source: Mapped[str]
    key: Mapped[str]
    attendee_id: Mapped[str] = mapped_column(Id)

    __table_args__ = (
        PrimaryKeyConstraint("event_id", "source", "key"),
        ForeignKeyConstraint(["event_id", "attendee_id"], ["attendee.event_id", "attendee.id"]),
        Index("ix_guest_source_event_id_attendee_id", "event_id", "attendee_id"),
    )
