"""Taking in scans that a phone kept: each counts once, and is answered for itself."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.badges.codes import moment_of
from webapp.badges.queries import badge_by_printed_code, read_kept_code
from webapp.conversations import services as talks
from webapp.conversations.models import Conversation
from webapp.conversations.queries import lock_attendees
from webapp.conversations.services import Scan
from webapp.core.db import savepoint
from webapp.core.errors import DomainError, TooMany
from webapp.events.models import Attendee, Event
from webapp.events.queries import event_by_code, my_place
from webapp.offline.rules import KeptScan, kept_scan
from webapp.security.tokens import as_typed

BUSY_SECONDS = 5
T = TypeVar("T")


class State(StrEnum):
    """What became of a kept scan."""

    COUNTED = "counted"
    REFUSED = "refused"
    LATER = "later"


class UnknownCode(DomainError):
    """No badge of an event the sender attends has this code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of one kept scan, in words for whoever made it."""

    nonce: str
    state: State
    words: str = ""
    seconds: int = 0
    """After how long to send it again, if it is to be sent again."""
    talk: Conversation | None = None
    is_unknown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A kept scan whose code is known, and whose claim is still to be made."""

    event: Event
    by: Attendee
    scan: Scan


def take_in(
    session: Session, items: Sequence[Any], *, person_id: str, now: datetime
) -> list[Answer]:
    """Count kept scans, or say why not; whatever becomes of one, the others are not touched."""
    nonces = [_nonce(item) for item in items]
    found = [
        _tried(nonce, partial(_read, session, item, person_id=person_id, now=now))
        for nonce, item in zip(nonces, items, strict=True)
    ]
    _hold(session, [one for one in found if isinstance(one, Read)])
    done = [
        _tried(nonce, partial(_claim, session, one, now=now)) if isinstance(one, Read) else one
        for nonce, one in zip(nonces, found, strict=True)
    ]
    return [
        one if isinstance(one, Answer) else Answer(nonce=nonce, state=State.COUNTED, talk=one)
        for nonce, one in zip(nonces, done, strict=True)
    ]


def _nonce(item: Any) -> str:
    return str(item.get("nonce", ""))[:64] if isinstance(item, dict) else ""


def _tried(nonce: str, work: Callable[[], T]) -> T | Answer:
    """Return what comes of a scan, or in words why nothing does."""
    try:
        return work()
    except TooMany as full:
        return Answer(
            nonce=nonce,
            state=State.LATER,
            words=str(full.message),
            seconds=full.retry_seconds,
        )
    except IntegrityError:
        return Answer(nonce=nonce, state=State.LATER, seconds=BUSY_SECONDS)
    except DomainError as error:
        return Answer(
            nonce=nonce,
            state=State.REFUSED,
            words=str(error.message),
            is_unknown=isinstance(error, UnknownCode),
        )


def _read(session: Session, item: Any, *, person_id: str, now: datetime) -> Conversation | Read:
    """Find out what a kept scan is about; one that has been counted gives its talk."""
    kept = kept_scan(item)
    place = _where(session, kept, person_id=person_id)
    if place is None:
        raise UnknownCode(_("We do not know this code, or you have not joined its event."))
    event, me = place
    if known := talks.repeated_claim(session, by=me, nonce=kept.nonce, body=kept.code):
        return known
    at = now - kept.age
    reading = read_kept_code(session, kept.code, event_id=event.id, at=at, now=now)
    if reading is None:
        raise UnknownCode(_("We do not know this code, or you have not joined its event."))
    shown = at if reading.live_step is None else moment_of(reading.live_step)
    scan = Scan(reading=reading, nonce=kept.nonce, body=kept.code, at=shown)
    return Read(event=event, by=me, scan=scan)


def _hold(session: Session, found: Sequence[Read]) -> None:
    """Hold everybody the scans are about before the first claim, in one order for all senders.

    Held one pair after the other, two phones that met the same people would wait for each other.
    """
    sides: defaultdict[str, set[str]] = defaultdict(set)
    for one in found:
        sides[one.event.id] |= {one.by.id, one.scan.reading.attendee_id}
    for event_id, ids in sorted(sides.items()):
        lock_attendees(session, event_id=event_id, ids=sorted(ids))


def _claim(session: Session, read: Read, *, now: datetime) -> Conversation:
    with savepoint(session):
        return talks.claim(session, event=read.event, by=read.by, scan=read.scan, now=now)


def _where(session: Session, kept: KeptScan, *, person_id: str) -> tuple[Event, Attendee] | None:
    """Return the event a scan was made at and the sender's place there, if they attend it."""
    event_id = kept.event
    if not event_id:
        found = badge_by_printed_code(session, kept.code)
        event_id = found.event.id if found else ""
    elif event := event_by_code(session, as_typed(event_id)):
        event_id = event.id
    place = my_place(session, event_id=event_id, person_id=person_id)
    return (place.event, place.attendee) if place and place.attendee else None
