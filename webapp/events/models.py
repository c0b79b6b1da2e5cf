"""Events, attendees and roles. Keys begin with the event, so one event is one shard."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, validates

from webapp.core.db import Base, Id, partial_index
from webapp.core.ids import new_id
from webapp.core.text import findable


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
    language: Mapped[str] = mapped_column(default="en", server_default="en")
    """What its badges and mails are written in."""
    has_organisations: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether badges show organisations; the next two tell it of headlines and groups."""
    has_headlines: Mapped[bool] = mapped_column(default=True, server_default=true())
    has_groups: Mapped[bool] = mapped_column(default=True, server_default=true())
    retention_months: Mapped[int] = mapped_column(default=6, server_default=text("6"))
    """How long after its end the guest list is kept."""
    may_mail_unclaimed: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether people who never claimed their badge may get one mail the morning after."""
    has_discreet_subjects: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether mails leave the event's name out of their subject."""
    published_at: Mapped[datetime | None]
    """When its first summary was frozen: from then on k only goes up."""
    archived_at: Mapped[datetime | None]
    erasure_asked_at: Mapped[datetime | None]
    """When its organiser asked to erase it; the worker does it soon after."""
    erased_at: Mapped[datetime | None]
    """When its guest list and all that hung on it were erased."""

    __table_args__ = (UniqueConstraint("code"),)

    @property
    def is_archived(self) -> bool:
        """True if it was put out of the list of events."""
        return self.archived_at is not None

    @property
    def is_erased(self) -> bool:
        """True if its guest list is erased, or about to be."""
        return self.erased_at is not None or self.erasure_asked_at is not None


class Role(Base):
    """One role of one Person at one Event."""

    __tablename__ = "role"

    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    name: Mapped[RoleName] = mapped_column(primary_key=True)
    granted_at: Mapped[datetime]
    team_name: Mapped[str] = mapped_column(default="", server_default=text("''"))
    """The Team they are in, said with the role to whoever they talk with."""

    __table_args__ = (
        partial_index(
            "uq_role_event_id_organiser", "event_id", where="name = 'organiser'", unique=True
        ),
    )


class Invitation(Base):
    """A role waiting for whoever proves to read an address."""

    __tablename__ = "invitation"

    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True, index=True)
    name: Mapped[RoleName] = mapped_column(primary_key=True)
    invited_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    """A withdrawn one stays known: nobody is sent the same mail twice."""


class Transfer(Base):
    """An event offered to a co-organiser, who has not answered yet."""

    __tablename__ = "transfer"

    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    offered_at: Mapped[datetime]


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
    folded: Mapped[str] = mapped_column(server_default=text("''"))
    """Name and organisation as the desk searches them; follows them by itself, but in bulk."""

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
        Index("ix_attendee_event_id_folded", "event_id", "folded", "id"),
    )

    @validates("name", "organisation")
    def _fold(self, column: str, value: str) -> str:
        said = {"name": self.name, "organisation": self.organisation} | {column: value}
        self.folded = findable(said["name"] or "", said["organisation"] or "")
        return value

    @property
    def is_claimed(self) -> bool:
        """True if a Person stands behind this place."""
        return self.person_id is not None

    @property
    def is_checked_in(self) -> bool:
        """True if the attendee has come."""
        return self.checked_in_at is not None
