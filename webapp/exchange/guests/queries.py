"""Lists that wait, and attendees as far as a list may know them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, defer

from webapp.events.models import Attendee, Event
from webapp.events.queries import event_by_code
from webapp.exchange.guests.models import GuestList, GuestSource
from webapp.exchange.guests.rules.checking import Guest
from webapp.exchange.guests.rules.comparing import Known
from webapp.security.tokens import as_typed

WAITS_FOR = timedelta(hours=24)


def waiting_list(
    session: Session, *, event_id: str, list_id: str, now: datetime, for_update: bool = False
) -> GuestList | None:
    """Return a list that is still waiting; `for_update` makes others wait for its row."""
    found = select(GuestList).where(
        GuestList.event_id == event_id,
        GuestList.id == list_id,
        GuestList.created_at > now - WAITS_FOR,
    )
    if for_update:
        found = found.with_for_update().execution_options(populate_existing=True)
    return session.scalar(found)


def lists_that_wait(session: Session, *, event_id: str, now: datetime) -> list[GuestList]:
    """Return the lists of an event that still wait, the newest first, without their rows."""
    found = (
        select(GuestList)
        .where(GuestList.event_id == event_id, GuestList.created_at > now - WAITS_FOR)
        .options(defer(GuestList.content, raiseload=True))
    )
    return list(session.scalars(found.order_by(GuestList.created_at.desc(), GuestList.id)))


def find_event(session: Session, said: str) -> Event | None:
    """Return an event by its code or its id, unless it is erased."""
    found = event_by_code(session, as_typed(said)) or session.get(Event, said)
    return None if found is None or found.is_erased else found


def known_attendees(
    session: Session, *, event_id: str, source: str, among: Sequence[Guest] | None = None
) -> list[Known]:
    """Return the attendees a list may speak of, in one query: all, or those some guests could be.

    Those who came first come first.
    """
    own_key = and_(
        GuestSource.event_id == Attendee.event_id,
        GuestSource.attendee_id == Attendee.id,
        GuestSource.source == source,
    )
    found = (
        select(
            Attendee.id,
            Attendee.name,
            Attendee.organisation,
            Attendee.headline,
            Attendee.group_name,
            Attendee.address,
            Attendee.person_id.is_not(None),
            GuestSource.key,
        )
        .outerjoin(GuestSource, own_key)
        .where(Attendee.event_id == event_id)
        .order_by(Attendee.added_at, Attendee.id)
    )
    if among is not None:
        found = found.where(_could_be(among))
    return [
        Known(id_, name, organisation, headline, group or "", address or "", is_claimed, key or "")
        for id_, name, organisation, headline, group, address, is_claimed, key in session.execute(
            found
        )
    ]


def _could_be(guests: Sequence[Guest]) -> ColumnElement[bool]:
    keys = {guest.key for guest in guests if guest.key}
    addresses = {guest.address for guest in guests if guest.address}
    names = {guest.name for guest in guests}
    return or_(
        GuestSource.key.in_(keys),
        Attendee.address.in_(addresses),
        and_(Attendee.name.in_(names), Attendee.address.is_(None)),
    )
