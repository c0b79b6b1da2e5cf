"""Keeping a list until it is imported, and importing it piece by piece."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.badges.services import issue_badges
from webapp.core.text import LONGEST_LINE, findable, one_line
from webapp.events.models import Attendee, Event
from webapp.events.services import NewGuest, add_guests
from webapp.exchange.guests.models import GuestList, GuestSource
from webapp.exchange.guests.queries import WAITS_FOR, known_attendees, waiting_list
from webapp.exchange.guests.rules.checking import Guest
from webapp.exchange.guests.rules.comparing import PRINTED, Fate, Room, Verdict
from webapp.exchange.guests.rules.words import Field
from webapp.security.audit import record
from webapp.security.models import Action

CHUNK_ROWS = 500
"""How many rows one transaction imports: SQLite lets nobody else write meanwhile."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a list, checked, and where they stand in it."""

    start: int
    stop: int
    guests: Sequence[Guest]
    is_last: bool


def keep_list(
    session: Session, *, event: Event, by: Person, file_name: str, content: bytes, now: datetime
) -> GuestList:
    """Keep a list until it is imported; it takes the place of this person's earlier ones."""
    session.execute(
        delete(GuestList).where(GuestList.event_id == event.id, GuestList.uploaded_by_id == by.id)
    )
    forget_old_lists(session, now=now)
    kept = GuestList(
        event_id=event.id,
        uploaded_by_id=by.id,
        file_name=one_line(file_name)[:LONGEST_LINE],
        content=content,
        created_at=now,
    )
    session.add(kept)
    session.flush()
    return kept


def forget_old_lists(session: Session, *, now: datetime) -> None:
    """Delete lists that nobody imported within a day."""
    session.execute(delete(GuestList).where(GuestList.created_at <= now - WAITS_FOR))


def keep_choices(
    session: Session, *, waiting: GuestList, chosen: Mapping[int, Field | None]
) -> None:
    """Note which field each column goes to."""
    waiting.chosen = {str(number): field.value if field else "" for number, field in chosen.items()}
    session.flush()


def import_chunk(
    session: Session,
    *,
    event: Event,
    list_id: str,
    chunk: Chunk,
    source: str,
    by: Person,
    now: datetime,
) -> GuestList | None:
    """Import the next rows of a waiting list, and delete it after the last; then it is None.

    A chunk that was imported already changes nothing, so it may be sent twice.
    """
    waiting = waiting_list(session, event_id=event.id, list_id=list_id, now=now, for_update=True)
    if waiting is None or waiting.next_row != chunk.start:
        return waiting
    fates = import_guests(session, event=event, guests=chunk.guests, source=source, now=now)
    tally = Counter(waiting.tally)
    tally.update({fate.value: count for fate, count in fates.items()})
    waiting.tally, waiting.next_row = dict(tally), chunk.stop
    if chunk.is_last:
        note_import(session, event=event, tally=waiting.tally, by=by.id, now=now)
        session.delete(waiting)
    session.flush()
    return waiting


def note_import(
    session: Session, *, event: Event, tally: Mapping[str, int], by: str | None, now: datetime
) -> None:
    """Write to the log how many guests an import brought, and how many it brought up to date."""
    record(
        session,
        event_id=event.id,
        action=Action.GUESTS_IMPORTED,
        by=by,
        now=now,
        new=tally.get(Fate.NEW, 0),
        updated=tally.get(Fate.UPDATED, 0),
    )
    session.flush()


def import_guests(
    session: Session, *, event: Event, guests: Sequence[Guest], source: str, now: datetime
) -> Counter[Fate]:
    """Put guests on the list of an event, each with a badge, or bring those on it up to date.

    The same guests again change nothing; nobody is deleted, and what the badge of somebody who
    has claimed it says stays.
    """
    _wait_for_other_imports(session, event)
    room = Room(known_attendees(session, event_id=event.id, source=source, among=guests))
    verdicts = room.judge(guests)
    _add_new(session, event, verdicts, source, now)
    _bring_up_to_date(session, event, verdicts)
    adopted = {
        one.guest.key: one.known.id
        for one in verdicts
        if one.known and one.guest.key and not one.known.key
    }
    _remember_keys(session, event, source, adopted)
    return Counter(verdict.fate for verdict in verdicts)


def _wait_for_other_imports(session: Session, event: Event) -> None:
    """Let two imports at one event happen one after the other: both could miss the same guest."""
    session.execute(select(Event.id).where(Event.id == event.id).with_for_update(key_share=True))


def _add_new(
    session: Session, event: Event, verdicts: Sequence[Verdict], source: str, now: datetime
) -> None:
    guests = [one.guest for one in verdicts if one.fate is Fate.NEW]
    added = add_guests(session, event=event, guests=[_as_new(one) for one in guests], now=now)
    issue_badges(session, attendees=added, now=now)
    keys = {guest.key: one.id for guest, one in zip(guests, added, strict=True) if guest.key}
    _remember_keys(session, event, source, keys)


def _as_new(guest: Guest) -> NewGuest:
    return NewGuest(
        name=guest.name,
        organisation=guest.organisation,
        headline=guest.headline,
        address=guest.address or None,
        group_name=guest.group_name or None,
    )


def _bring_up_to_date(session: Session, event: Event, verdicts: Sequence[Verdict]) -> None:
    """Change who has not claimed their badge in the meantime; the database looks once more."""
    rows: list[dict[str, str | None]] = [
        {
            "of": one.known.id,
            "new_folded": findable(one.printed["name"] or "", one.printed["organisation"] or ""),
            **{f"new_{name}": value for name, value in one.printed.items()},
        }
        for one in verdicts
        if one.fate is Fate.UPDATED and one.known
    ]
    if not rows:
        return
    changed = (
        update(Attendee.__table__)  # type: ignore[arg-type]  # a table, whatever the types say
        .where(
            Attendee.event_id == event.id,
            Attendee.id == bindparam("of"),
            Attendee.person_id.is_(None),
        )
        .values({name: bindparam(f"new_{name}") for name in (*PRINTED, "folded")})
    )
    session.connection().execute(changed, rows)
    session.expire_all()


def _remember_keys(session: Session, event: Event, source: str, keys: Mapping[str, str]) -> None:
    """Note what the source calls some attendees, by key."""
    if keys:
        fixed = {"event_id": event.id, "source": source}
        rows = [fixed | {"key": key, "attendee_id": of} for key, of in keys.items()]
        session.execute(insert(GuestSource).returning(GuestSource.key), rows)


def follow(guest: Attendee, *, session: Session, into: Attendee, **_more: object) -> None:
    """Let what sources call a guest follow their place into another one."""
    session.execute(
        update(GuestSource)
        .where(GuestSource.event_id == guest.event_id, GuestSource.attendee_id == guest.id)
        .values(attendee_id=into.id)
    )
