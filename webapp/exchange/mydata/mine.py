"""Which rows are a Person's: conditions on the tables of all features."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, tuple_

from webapp.core.db import Base
from webapp.events.models import Attendee
from webapp.mail.stopping import address_digest
from webapp.ties.models import Link


@dataclass(frozen=True, slots=True)
class Me:
    """A Person, and the addresses they have proven to read."""

    id: str
    addresses: tuple[str, ...]

    @property
    def readers(self) -> list[str]:
        """What letters call them: by id, or by the digests of their addresses."""
        return [self.id, *(address_digest(address) for address in self.addresses)]


@dataclass(frozen=True, slots=True)
class By:
    """Rows in which one of some columns names the Person."""

    columns: tuple[str, ...]

    def __call__(self, model: type[Base], me: Me) -> ColumnElement[bool]:
        """Return the condition."""
        return or_(*(model.__table__.c[column] == me.id for column in self.columns))


@dataclass(frozen=True, slots=True)
class AsAttendee:
    """Rows of an event in which one of some columns names a place of the Person there."""

    columns: tuple[str, ...] = ("attendee_id",)

    def __call__(self, model: type[Base], me: Me) -> ColumnElement[bool]:
        """Return the condition."""
        cells: Any = model.__table__.c
        places = places_of(me)
        return or_(*(tuple_(cells.event_id, cells[one]).in_(places) for one in self.columns))


@dataclass(frozen=True, slots=True)
class ByAddress:
    """Rows in which a column holds an address of the Person."""

    column: str

    def __call__(self, model: type[Base], me: Me) -> ColumnElement[bool]:
        """Return the condition."""
        return model.__table__.c[self.column].in_(me.addresses)


@dataclass(frozen=True, slots=True)
class ByReader:
    """Rows in which a column holds what letters call the Person."""

    column: str

    def __call__(self, model: type[Base], me: Me) -> ColumnElement[bool]:
        """Return the condition."""
        return model.__table__.c[self.column].in_(me.readers)


def places_of(me: Me) -> Select[str, str]:
    """Return the query of a Person's places, as keys."""
    return select(Attendee.event_id, Attendee.id).where(Attendee.person_id == me.id)


def on_the_list(_model: type[Base], me: Me) -> ColumnElement[bool]:
    """Return the condition of places that are a Person's, and of guests with their address."""
    is_guest = Attendee.person_id.is_(None)
    return or_(Attendee.person_id == me.id, and_(is_guest, Attendee.address.in_(me.addresses)))


def of_my_links(model: type[Base], me: Me) -> ColumnElement[bool]:
    """Return the condition of what was said about a Person's links."""
    return model.__table__.c.link_id.in_(select(Link.id).where(Link.person_id == me.id))
