"""Taking in scans that a phone kept: each counts once, and is answered for itself."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.badges.codes import moment_of
from webapp.badges.queries import badge_by_printed_code, read_kept_code
from webapp.conversations import services as talks
from webapp.conversations.models import Conversation
from webapp.conversations.services import Scan
from webapp.core.db import savepoint
from webapp.core.errors import DomainError, TooMany
from webapp.events.models import Attendee, Event
from webapp.events.queries import event_by_code, my_place
from webapp.offline.rules import KeptScan, kept_scan
from webapp.security.tokens import as_typed

BUSY_SECONDS = 5


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


def take_in(session: Session, item: Any, *, person_id: str, now: datetime) -> Answer:
    """Count one kept scan, or say why not; whatever becomes of it, the others are not touched."""
    nonce = str(item.get("nonce", ""))[:64] if isinstance(item, dict) else ""
    try:
        with savepoint(session):
            talk = _count(session, kept_scan(item), person_id=person_id, now=now)
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
    return Answer(nonce=nonce, state=State.COUNTED, talk=talk)


def _count(session: Session, kept: KeptScan, *, person_id: str, now: datetime) -> Conversation:
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
    return talks.claim(session, event=event, by=me, scan=scan, now=now)


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
