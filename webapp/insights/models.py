"""Frozen summaries of events."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base


class Snapshot(Base):
    """One frozen, privacy-safe summary of an Event."""

    __tablename__ = "snapshot"

    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), primary_key=True)
    taken_at: Mapped[datetime] = mapped_column(primary_key=True)
    is_final: Mapped[bool]
    """True if it was taken when nothing new could be recorded any more."""
    report: Mapped[dict[str, Any]] = mapped_column(JSON)
    parts: Mapped[dict[str, str]] = mapped_column(JSON, deferred=True)
    """What of each attendee's went in, as digests by attendee: only to count by how many people
    two summaries differ. Large, and no page reads it."""
