"""What a Team asks a Candidate: may a colleague carry on? Keys begin with the event."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, Id, partial_index
from webapp.core.ids import new_id

WAITING = "answered_at IS NULL AND ended_at IS NULL"


class Handover(Base):
    """One member would like a colleague to carry on with a Candidate, who says yes or no."""

    __tablename__ = "handover"

    event_id: Mapped[str] = mapped_column(Id)
    team_id: Mapped[str] = mapped_column(Id)
    id: Mapped[str] = mapped_column(Id, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    """The Candidate, whose word decides."""
    from_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    """Who has talked with them, and asks."""
    to_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    """The colleague who knows."""
    reason: Mapped[str]
    asked_at: Mapped[datetime]
    is_accepted: Mapped[bool | None]
    """None while the Candidate has not answered."""
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    """When its asker took it back, another took its place, or a block came between the two."""

    __table_args__ = (
        PrimaryKeyConstraint("event_id", "team_id", "id"),
        ForeignKeyConstraint(["event_id", "team_id"], ["team.event_id", "team.id"]),
        Index("ix_handover_of_person", "event_id", "team_id", "person_id"),
        partial_index(
            "uq_handover_one_waiting",
            "event_id",
            "team_id",
            "person_id",
            where=WAITING,
            unique=True,
        ),
    )

    @property
    def key(self) -> tuple[str, str, str]:
        """Whom it is about: the event, the Team and the Candidate."""
        return self.event_id, self.team_id, self.person_id

    @property
    def is_waiting(self) -> bool:
        """True until the Candidate answers or its asker takes it back."""
        return self.answered_at is None and self.ended_at is None

    @property
    def is_standing(self) -> bool:
        """True while the Candidate's yes holds."""
        return self.is_accepted is True and self.ended_at is None
