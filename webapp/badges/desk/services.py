"""What the desk does: check-ins and undos, walk-ins, new badges, and vouching for people."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.badges.desk import queries
from webapp.badges.desk.models import DeskCode, DeskItem, Vouching
from webapp.badges.desk.queries import SeenBadge, Standing
from webapp.badges.desk.rules import second_of
from webapp.badges.models import Badge
from webapp.badges.queries import read_code
from webapp.badges.rules import Way
from webapp.badges.services import claim_badge, issue_badge
from webapp.core.errors import Conflict, DomainError
from webapp.core.signals import place_used
from webapp.events.models import Attendee, Event
from webapp.events.queries import attendee as attendee_by_id
from webapp.events.rules import Printed
from webapp.events.services import add_attendee
from webapp.security.audit import record
from webapp.security.models import Action, AuditEntry


@dataclass(frozen=True, slots=True)
class Arrival:
    """A guest who is here, and whether this check-in was the first."""

    attendee: Attendee
    is_first: bool


def check_in(
    session: Session, *, attendee: Attendee, by: Person, at: datetime, now: datetime
) -> Arrival:
    """Note that somebody came at a moment; of several desks the first time counts."""
    _hold(session, attendee)
    if attendee.checked_in_at is not None and attendee.checked_in_at <= at:
        return Arrival(attendee, is_first=False)
    attendee.checked_in_at = at
    _note(session, Action.CHECKED_IN, attendee, by=by, at=at, now=now)
    return Arrival(attendee, is_first=True)


def undo_check_in(
    session: Session, *, attendee: Attendee, by: Person, seen: int, at: datetime, now: datetime
) -> None:
    """Take back the check-in a helper saw, by its second; one that was taken back stays so.

    Raises:
        Conflict: another helper has checked them in since, or before.
    """
    _hold(session, attendee)
    if attendee.checked_in_at is None:
        return
    if second_of(attendee.checked_in_at) != seen:
        raise Conflict(
            _(
                "Another desk has checked %(name)s in. Nothing was undone; look again.",
                name=attendee.name,
            )
        )
    attendee.checked_in_at = None
    _note(session, Action.CHECK_IN_UNDONE, attendee, by=by, at=at, now=now)


def add_walk_in(
    session: Session,
    *,
    event: Event,
    said: Printed,
    address: str | None,
    group_name: str | None,
    is_here: bool,
    by: Person,
    now: datetime,
) -> Attendee:
    """Put somebody on the list with a badge, checked in if they stand at the desk."""
    attendee = add_attendee(
        session,
        event=event,
        name=said.name,
        organisation=said.organisation,
        headline=said.headline,
        address=address,
        group_name=group_name,
        now=now,
    )
    issue_badge(session, attendee=attendee, now=now)
    _note(session, Action.GUEST_ADDED, attendee, by=by, at=now, now=now)
    if is_here:
        check_in(session, attendee=attendee, by=by, at=now, now=now)
    return attendee


def reissue(session: Session, *, attendee: Attendee, by: Person, now: datetime) -> Badge:
    """Give somebody a new badge; the old one is worth nothing from now on."""
    badge = issue_badge(session, attendee=attendee, now=now)
    _note(session, Action.BADGE_REISSUED, attendee, by=by, at=now, now=now)
    return badge


def ask_desk(session: Session, *, event: Event, person: Person, now: datetime) -> str:
    """Give somebody signed in a code by which the desk knows them; an older one is worth nothing.

    Two people never have the same: a code that is taken is passed over.
    """
    asked = session.get(DeskCode, (event.id, person.id))
    if asked is None:
        asked = DeskCode(event_id=event.id, person_id=person.id)
        session.add(asked)
    asked.asked_at = now
    asked.code_digest = queries.desk_digest(queries.desk_code(asked))
    session.flush()
    return queries.desk_code(asked)


def vouch(
    session: Session, *, event: Event, attendee: Attendee, typed: str, by: Person, now: datetime
) -> Attendee:
    """Connect a guest's place with the person who shows a code on their own phone.

    The code is the one for the desk, or the live code of somebody who joined as a walk-in; their
    two places become one. Return the place they have now.

    Raises:
        DomainError: the code is unknown or has run out, or it is the helper's own.
        Conflict: somebody claimed the badge before.
    """
    person_id = _who_shows(session, typed, event=event, now=now)
    if person_id is None:
        raise DomainError(_("We do not know this code, or it has run out. Ask them for a new one."))
    if person_id == by.id:
        raise DomainError(_("This is your own code. Another helper has to do this for you."))
    person = session.get_one(Person, person_id)
    place = claim_badge(session, attendee=attendee, event=event, person=person, now=now)
    _forget_code(session, event, person)
    session.add(
        Vouching(event_id=event.id, attendee_id=place.id, person_id=person.id, vouched_at=now)
    )
    session.flush()
    _note(session, Action.CLAIM_HELPED, place, by=by, at=now, now=now)
    return place


def take_back(session: Session, *, attendee: Attendee, by: Person, now: datetime) -> None:
    """Undo that the desk vouched for somebody: the place is a guest's again, with a new badge.

    Raises:
        Conflict: the desk did not vouch for them, or they have recorded a talk since.
    """
    _hold(session, attendee)
    vouching = queries.vouching_for(session, attendee)
    if vouching is None or _is_used(session, attendee):
        raise Conflict(_("This cannot be taken back any more."))
    session.delete(vouching)
    attendee.person_id = None
    session.flush()
    reissue(session, attendee=attendee, by=by, now=now)


def words_for(seen: SeenBadge) -> str:
    """Say to a helper what is wrong with a badge."""
    words = {
        Standing.ELSEWHERE: _("This badge is of another event."),
        Standing.RUN_OUT: _("This code has run out. Ask them to show it again."),
    }
    if seen.standing is Standing.REPLACED and seen.attendee is not None:
        name = seen.attendee.name
        return str(_("This badge of %(name)s was replaced by a new one.", name=name))
    return str(words.get(seen.standing) or _("We do not know this badge."))


def follow(guest: Attendee, *, session: Session, into: Attendee, **_more: object) -> None:
    """Let what the desk did with a guest's place follow it into another."""
    for table in (DeskItem, AuditEntry):
        session.execute(
            update(table)
            .where(table.event_id == guest.event_id, table.attendee_id == guest.id)
            .values(attendee_id=into.id)
        )


def _is_used(session: Session, attendee: Attendee) -> bool:
    return any(said for _receiver, said in place_used.send(attendee, session=session))


def _who_shows(session: Session, typed: str, *, event: Event, now: datetime) -> str | None:
    """Return who shows a code on a phone that is signed in, by id."""
    if asking := queries.person_asking(session, typed, event_id=event.id, now=now):
        return asking
    reading = read_code(session, typed, event_id=event.id, now=now)
    if reading is None or reading.way is not Way.LIVE:
        return None
    owner = attendee_by_id(session, event_id=event.id, attendee_id=reading.attendee_id)
    return owner.person_id if owner else None


def _forget_code(session: Session, event: Event, person: Person) -> None:
    """Let a code for the desk be good once."""
    if asked := session.get(DeskCode, (event.id, person.id)):
        session.delete(asked)


def _hold(session: Session, attendee: Attendee) -> None:
    """Hold a guest's row and read it anew: another desk may have been faster."""
    session.flush()
    session.refresh(attendee, with_for_update={"key_share": True})


def _note(
    session: Session,
    action: Action,
    attendee: Attendee,
    *,
    by: Person,
    at: datetime,
    now: datetime,
) -> None:
    """Write to the log what was done and when; what a phone had to keep also when it came."""
    came = {} if at == now else {"came_at": now.isoformat()}
    record(
        session,
        event_id=attendee.event_id,
        action=action,
        by=by.id,
        now=at,
        attendee_id=attendee.id,
        **came,
    )
    session.flush()
