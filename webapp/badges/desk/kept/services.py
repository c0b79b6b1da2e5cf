"""Taking in what a helper's phone kept: each item counts once, and is answered for itself."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.badges.desk import services
from webapp.badges.desk.models import DeskItem
from webapp.badges.desk.queries import SeenBadge, Standing, item_of, read_at_desk
from webapp.badges.desk.rules import KeptItem, Verb, kept_item, second_of
from webapp.core.db import savepoint
from webapp.core.errors import DomainError
from webapp.events.models import Attendee, Event
from webapp.events.queries import attendee as attendee_by_id
from webapp.security.tokens import plain_digest

BUSY_SECONDS = 5


class State(StrEnum):
    """What became of an item."""

    COUNTED = "counted"
    REFUSED = "refused"
    LATER = "later"


class UnknownBadge(DomainError):
    """Nobody at this event wears what was scanned."""

    def __init__(self, message: Any, seen: SeenBadge) -> None:
        super().__init__(message)
        self.seen = seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of one item, in words for the helper, and how the guest stands now."""

    nonce: str
    state: State
    words: str = ""
    seconds: int = 0
    """After how long to send it again, if it is to be sent again."""
    guest: Attendee | None = None
    is_first: bool = False
    """True if this was the check-in that counts."""
    is_unknown: bool = False


def take_in(session: Session, item: Any, *, event: Event, by: Person, now: datetime) -> Answer:
    """Do what an item says, or say why not; whatever becomes of it, the others are not touched."""
    nonce = str(item.get("nonce", ""))[:64] if isinstance(item, dict) else ""
    try:
        with savepoint(session):
            done, is_first = _do(session, kept_item(item), event=event, by=by, now=now)
    except IntegrityError:
        return Answer(nonce=nonce, state=State.LATER, seconds=BUSY_SECONDS)
    except UnknownBadge as error:
        return Answer(
            nonce=nonce,
            state=State.REFUSED,
            words=str(error.message),
            guest=error.seen.attendee,
            is_unknown=True,
        )
    except DomainError as error:
        guest = _guest(session, item, event) if error.status is HTTPStatus.CONFLICT else None
        return Answer(nonce=nonce, state=State.REFUSED, words=str(error.message), guest=guest)
    return Answer(nonce=nonce, state=State.COUNTED, guest=done, is_first=is_first)


def _do(
    session: Session, kept: KeptItem, *, event: Event, by: Person, now: datetime
) -> tuple[Attendee, bool]:
    known = item_of(session, event_id=event.id, by_id=by.id, nonce=kept.nonce)
    if known is not None:
        return _repeated(session, kept, known)
    at = now - kept.age
    attendee = _whom(session, kept, event=event, at=at, now=now)
    session.add(
        DeskItem(
            event_id=event.id,
            by_id=by.id,
            nonce=kept.nonce,
            attendee_id=attendee.id,
            body_digest=plain_digest(kept.body),
            done_at=at,
            came_at=now,
        )
    )
    session.flush()
    if kept.verb is Verb.UNDO:
        seen = _seen(session, kept, event=event, by=by)
        services.undo_check_in(session, attendee=attendee, by=by, seen=seen, at=at, now=now)
        return attendee, False
    arrival = services.check_in(session, attendee=attendee, by=by, at=at, now=now)
    return attendee, arrival.is_first


def _repeated(session: Session, kept: KeptItem, known: DeskItem) -> tuple[Attendee, bool]:
    """Answer again what was counted before.

    Raises:
        DomainError: the key was used for something else.
    """
    if known.body_digest != plain_digest(kept.body):
        raise DomainError(_("This was already sent with something else in it. Please look again."))
    attendee = session.get_one(Attendee, (known.event_id, known.attendee_id))
    return attendee, kept.verb is Verb.CHECK_IN and attendee.checked_in_at == known.done_at


def _whom(
    session: Session, kept: KeptItem, *, event: Event, at: datetime, now: datetime
) -> Attendee:
    """Return whom an item is about: a badge that was scanned has to have been worn then.

    Raises:
        DomainError: nobody of this event.
    """
    if kept.code:
        seen = read_at_desk(session, kept.code, event_id=event.id, at=at, now=now)
        if seen.attendee is None or seen.standing is not Standing.VALID:
            raise UnknownBadge(services.words_for(seen), seen)
        return seen.attendee
    attendee = attendee_by_id(session, event_id=event.id, attendee_id=kept.guest)
    if attendee is None:
        raise DomainError(_("This guest is not on the list any more."))
    return attendee


def _seen(session: Session, kept: KeptItem, *, event: Event, by: Person) -> int:
    """Return the check-in an undo takes back: the one its helper made, or saw.

    Raises:
        DomainError: the helper's own check-in has not come.
    """
    if kept.seen is not None:
        return kept.seen
    made = item_of(session, event_id=event.id, by_id=by.id, nonce=kept.of)
    if made is None:
        raise DomainError(_("There is no such check-in. Please look again."))
    return second_of(made.done_at)


def _guest(session: Session, item: Any, event: Event) -> Attendee | None:
    """Return whom an item that was refused is about, as they stand now."""
    guest = kept_item(item).guest
    return attendee_by_id(session, event_id=event.id, attendee_id=guest) if guest else None
