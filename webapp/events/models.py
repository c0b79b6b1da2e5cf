"""Events, attendees and roles. Keys begin with the event, so one event is one shard."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, Id, partial_index
from webapp.core.ids import new_id


class RoleName(StrEnum):
    """What a Person may do at an Event beside attending it."""

    ORGANISER = "organiser"
    CO_ORGANISER = "co_organiser"
    DESK = "desk"
    RECRUITER = "recruiter"


class Event(Base):
    """A gathering with a place, a time zone, a start and an end."""

    __tablename__ = "event"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    code: Mapped[str]
    """What is on the poster at the door; joins the event, ignores case."""
    name: Mapped[str]
    place: Mapped[str] = mapped_column(default="")
    time_zone: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    needs_check_in: Mapped[bool] = mapped_column(default=False)
    k: Mapped[int] = mapped_column(default=10)
    """Every published number covers at least this many people."""
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("code"),)


class Role(Base):
    """One role of one Person at one Event."""

    __tablename__ = "role"

    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    name: Mapped[RoleName] = mapped_column(primary_key=True)
    granted_at: Mapped[datetime]


class Invitation(Base):
    """A role waiting for whoever proves to read an address."""

    __tablename__ = "invitation"

    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True, index=True)
    name: Mapped[RoleName] = mapped_column(primary_key=True)
    invited_at: Mapped[datetime]


class Attendee(Base):
    """A Person's place at an Event, or that of a guest who has not claimed it yet."""

    __tablename__ = "attendee"

    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"))
    id: Mapped[str] = mapped_column(Id, default=new_id)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str]
    """As printed on the badge, like organisation and headline."""
    organisation: Mapped[str] = mapped_column(default="")
    headline: Mapped[str] = mapped_column(default="")
    address: Mapped[str | None]
    """The e-mail address on the guest list; proves whose badge it is, shown to nobody."""
    group_name: Mapped[str | None]
    added_at: Mapped[datetime]
    checked_in_at: Mapped[datetime | None]

    __table_args__ = (
        PrimaryKeyConstraint("event_id", "id"),
        partial_index(
            "uq_attendee_event_id_person_id",
            "event_id",
            "person_id",
            where="person_id IS NOT NULL",
            unique=True,
        ),
        Index("ix_attendee_person_id", "person_id"),
        Index("ix_attendee_event_id_name", "event_id", "name"),
    )

    @property
    def is_claimed(self) -> bool:
        """True if a Person stands behind this place."""
        return self.person_id is not None

    @property
    def is_checked_in(self) -> bool:
        """True if the attendee has come."""
        return self.checked_in_at is not None
