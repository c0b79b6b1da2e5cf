"""Badges. The database holds digests for looking codes up; the codes themselves are derived."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, Id, partial_index
from webapp.core.ids import new_id


class Badge(Base):
    """The credential an Attendee wears or shows; reissuing revokes the old one."""

    __tablename__ = "badge"

    event_id: Mapped[str] = mapped_column(Id)
    id: Mapped[str] = mapped_column(Id, default=new_id)
    attendee_id: Mapped[str] = mapped_column(Id)
    code_digest: Mapped[str]
    short_code_digest: Mapped[str]
    handle: Mapped[str]
    """The first four characters of its live codes: whose code it is, not a secret."""
    issued_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (
        PrimaryKeyConstraint("event_id", "id"),
        ForeignKeyConstraint(["event_id", "attendee_id"], ["attendee.event_id", "attendee.id"]),
        UniqueConstraint("code_digest"),
        UniqueConstraint("event_id", "short_code_digest"),
        UniqueConstraint("event_id", "handle"),
        partial_index(
            "uq_badge_event_id_attendee_id_valid",
            "event_id",
            "attendee_id",
            where="revoked_at IS NULL",
            unique=True,
        ),
    )
