"""What left a Team as a file, and who was in it. Keys begin with the event."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, Id
from webapp.core.ids import new_id


class Export(Base):
    """One file that a member of a Team made; the file itself is kept nowhere."""

    __tablename__ = "export"

    event_id: Mapped[str] = mapped_column(Id)
    id: Mapped[str] = mapped_column(Id, default=new_id)
    team_id: Mapped[str] = mapped_column(Id)
    by_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    preset: Mapped[str]
    """For which program; a key of `exporting.presets`."""
    made_at: Mapped[datetime]
    count: Mapped[int]
    """How many people were in it."""

    __table_args__ = (
        PrimaryKeyConstraint("event_id", "id"),
        ForeignKeyConstraint(["event_id", "team_id"], ["team.event_id", "team.id"]),
        Index("ix_export_of_team", "event_id", "team_id", "made_at"),
    )


class ExportedPerson(Base):
    """A Person was in a file: their proof of where their data went, also after they withdrew."""

    __tablename__ = "exported_person"

    event_id: Mapped[str] = mapped_column(Id)
    export_id: Mapped[str] = mapped_column(Id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)

    __table_args__ = (
        PrimaryKeyConstraint("event_id", "export_id", "person_id"),
        ForeignKeyConstraint(["event_id", "export_id"], ["export.event_id", "export.id"]),
    )
