"""Issuing, claiming and reissuing badges."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.badges import codes
from webapp.badges.models import Badge
from webapp.badges.queries import FoundBadge, badges_of, is_walk_in, taken_handles
from webapp.core.errors import Conflict, DomainError
from webapp.core.ids import new_id
from webapp.core.signals import places_merged
from webapp.events.models import Attendee, Event
from webapp.events.queries import attendee_of
from webapp.events.services import add_attendee
from webapp.security.keys import badge_key
from webapp.security.tokens import as_typed, code_of, derive, same


def issue_badge(session: Session, *, attendee: Attendee, now: datetime) -> Badge:
    """Give an attendee a badge; one that is still valid is revoked at once, with its secret."""
    return issue_badges(session, attendees=[attendee], now=now)[0]


def issue_badges(session: Session, *, attendees: Sequence[Attendee], now: datetime) -> list[Badge]:
    """Give attendees of one event a badge each, in the same order, with a few queries for all."""
    if not attendees:
        return []
    event_id = attendees[0].event_id
    for old in badges_of(session, event_id=event_id, attendee_ids=[one.id for one in attendees]):
        old.revoked_at = now
    session.flush()
    free = _free_handles(session, event_id, len(attendees))
    rows = [
        _new_badge(event_id, badge_id, handle) | {"attendee_id": one.id, "issued_at": now}
        for one, (handle, badge_id) in zip(attendees, free.items(), strict=True)
    ]
    issued = {one.id: one for one in session.scalars(insert(Badge).returning(Badge), rows)}
    return [issued[badge_id] for badge_id in free.values()]


def _new_badge(event_id: str, badge_id: str, handle: str) -> dict[str, Any]:
    badge = Badge(event_id=event_id, id=badge_id)
    return {
        "event_id": event_id,
        "id": badge_id,
        "handle": handle,
        "code_digest": codes.printed_digest(codes.printed_code(badge)),
        "short_code_digest": codes.short_digest(codes.short_code(badge)),
    }


def _free_handles(session: Session, event_id: str, number: int) -> dict[str, str]:
    """Return new badge ids by their handles, none used at this event before."""
    free: dict[str, str] = {}
    while len(free) < number:
        ids = [new_id() for _ in range(number - len(free))]
        tried = {_handle_of(event_id, badge_id): badge_id for badge_id in ids}
        for handle in taken_handles(session, event_id=event_id, among=tried):
            del tried[handle]
        free = tried | free
    return free


def _handle_of(event_id: str, badge_id: str) -> str:
    secret = derive(badge_key(), purpose="handle", about=f"{event_id}/{badge_id}")
    return code_of(secret, length=codes.HANDLE_LENGTH)


def join_event(
    session: Session,
    *,
    event: Event,
    person: Person,
    name: str,
    organisation: str,
    headline: str,
    now: datetime,
) -> Attendee:
    """Take a walk-in in, with a badge on their phone; joining twice changes nothing."""
    already = attendee_of(session, event_id=event.id, person_id=person.id)
    if already is not None:
        return already
    attendee = add_attendee(
        session,
        event=event,
        person=person,
        name=name,
        organisation=organisation,
        headline=headline,
        now=now,
    )
    _fill_card(person, attendee)
    issue_badge(session, attendee=attendee, now=now)
    return attendee


def claim(
    session: Session, *, found: FoundBadge | None, typed: str | None, person: Person, now: datetime
) -> Event:
    """Claim a badge by the code on its back, or without one (`None`) if the address is proven.

    Raises:
        DomainError: the code is wrong, or the person has a place at the event already; an unknown
            badge is answered like a wrong code.
        Conflict: somebody claimed it before.
    """
    is_right = found and (typed is None or same(codes.claim_code(found.badge), as_typed(typed)))
    if found is None or not is_right:
        raise DomainError(_("That is not the claim code on the back of this badge."))
    claim_badge(session, attendee=found.attendee, event=found.event, person=person, now=now)
    return found.event


def claim_badge(
    session: Session, *, attendee: Attendee, event: Event, person: Person, now: datetime
) -> Attendee:
    """Put a Person behind a guest's place; of many parallel claims one wins.

    Who joined as a walk-in before and finds their printed badge now has one place, not two.

    Raises:
        DomainError: the person has a badge of the guest list already.
        Conflict: somebody claimed it before.
    """
    mine = attendee_of(session, event_id=event.id, person_id=person.id)
    if mine is not None:
        return _merge(session, guest=attendee, mine=mine, now=now)
    claimed = session.scalar(
        update(Attendee)
        .where(
            Attendee.event_id == attendee.event_id,
            Attendee.id == attendee.id,
            Attendee.person_id.is_(None),
        )
        .values(person_id=person.id)
        .returning(Attendee.id)
        .execution_options(synchronize_session=False)
    )
    if claimed is None:
        raise Conflict(_("This badge has already been claimed. The desk can help."))
    session.refresh(attendee)
    if not event.needs_check_in and not attendee.is_checked_in:
        attendee.checked_in_at = now
    _fill_card(person, attendee)
    session.flush()
    return attendee


def _merge(session: Session, *, guest: Attendee, mine: Attendee, now: datetime) -> Attendee:
    """Make a walk-in's place and the printed badge they found one place, as it is printed.

    What others said to the printed badge follows it; the code on the phone is that of the printed
    badge from now on.
    """
    held = sorted([guest, mine], key=lambda one: one.id)
    for one in held:
        session.refresh(one, with_for_update=True)
    if guest.is_claimed:
        raise Conflict(_("This badge has already been claimed. The desk can help."))
    if not is_walk_in(session, mine):
        raise DomainError(_("You have a badge at this event already. The desk can help."))
    for badge in badges_of(session, event_id=mine.event_id, attendee_ids=[mine.id]):
        badge.revoked_at = now
    session.flush()
    of_guest = update(Badge).where(Badge.event_id == guest.event_id, Badge.attendee_id == guest.id)
    session.execute(of_guest.values(attendee_id=mine.id))
    mine.name, mine.organisation, mine.headline = guest.name, guest.organisation, guest.headline
    mine.address, mine.group_name = guest.address, guest.group_name
    came = [one.checked_in_at for one in held if one.checked_in_at]
    mine.checked_in_at = min(came, default=None)
    session.flush()
    places_merged.send(guest, session=session, into=mine, now=now)
    session.delete(guest)
    session.flush()
    return mine


def _fill_card(person: Person, attendee: Attendee) -> None:
    """Start an empty card with what stands on the badge."""
    if not person.name:
        person.name = attendee.name
        person.organisation = attendee.organisation
        person.headline = attendee.headline
