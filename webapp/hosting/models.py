"""Who would like to be introduced by a host. Keys begin with the event."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, Id


class Asking(Base):
    """An attendee lets the hosts of the event introduce them; wiped when it is taken back."""

    __tablename__ = "asking"

    event_id: Mapped[str] = mapped_column(Id)
    attendee_id: Mapped[str] = mapped_column(Id)
    asked_at: Mapped[datetime]
    line: Mapped[str] = mapped_column(default="")
    """What they would like to talk about, or with whom; for hosts alone."""
    has_met_nobody: Mapped[bool] = mapped_column(default=False)
    """What they say themselves; never computed from talks, nor changed by one."""
    helper_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    """Which host is on it, or introduced them; to whom is not kept."""
    taken_at: Mapped[datetime | None]
    introduced_at: Mapped[datetime | None]

    __table_args__ = (
        PrimaryKeyConstraint("event_id", "attendee_id"),
        ForeignKeyConstraint(["event_id", "attendee_id"], ["attendee.event_id", "attendee.id"]),
    )

    @property
    def is_introduced(self) -> bool:
        """True if a host has introduced them since they asked."""
        return self.introduced_at is not None
