"""What the screens of the desk show."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from webapp.badges import codes
from webapp.badges.desk import queries
from webapp.badges.desk.forms import GuestForm, VouchForm
from webapp.badges.desk.queries import Standing
from webapp.badges.desk.rules import LONGEST_CODE, MOST_SHOWN, second_of
from webapp.badges.desk.services import words_for
from webapp.badges.models import Badge
from webapp.badges.queries import was_issued_before
from webapp.core.pictures import qr_svg
from webapp.core.urls import absolute, config
from webapp.events.models import Attendee, Event
from webapp.security.tokens import grouped


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One guest at the desk."""

    event_id: str
    id: str
    name: str
    organisation: str
    is_claimed: bool
    checked_in_at: datetime | None
    seen: int | None
    """Which check-in this row shows, so that Undo takes no other one back."""
    time_zone: str
    was_before: bool = False
    """True if somebody was checked in already when this row's button was tapped."""


@dataclass(frozen=True, slots=True)
class FoundGuests:
    """Who was found, or what a code stands for instead."""

    rows: list[DeskRow]
    letters: str
    problem: str
    is_full: bool
    """True if there may be more than are shown."""


@dataclass(frozen=True, slots=True)
class DeskPage:
    """The list at the desk."""

    event: Event
    found: FoundGuests
    listed: int
    here: int
    form: GuestForm
    poster: Markup
    join_url: str
    may_run: bool


@dataclass(frozen=True, slots=True)
class GuestPage:
    """One guest: whether they are here, whose badge it is, and what is printed on it."""

    event: Event
    attendee: Attendee
    row: DeskRow
    qr: Markup
    host: str
    short_code: str
    claim_code: str
    is_reissued: bool
    is_vouched_for: bool
    """Whether the desk's word connected them; whether they talked since is not for the desk."""
    namesakes: list[Attendee]
    form: VouchForm
    may_run: bool


def found_guests(session: Session, *, event: Event, letters: str, now: datetime) -> FoundGuests:
    """Return who is found by letters, or by a code that was typed or read by a reader of codes."""
    seen = queries.UNKNOWN
    if " " not in letters.strip() or letters.upper() == letters:
        seen = queries.read_at_desk(
            session, letters[: 4 * LONGEST_CODE], event_id=event.id, at=now, now=now
        )
    if seen.attendee is not None and seen.standing is Standing.VALID:
        return FoundGuests([desk_row(event, seen.attendee)], letters, "", is_full=False)
    found = queries.find_guests(session, event_id=event.id, letters=letters)
    problem = "" if found or seen.standing is Standing.UNKNOWN else words_for(seen)
    rows = [desk_row(event, one) for one in found]
    return FoundGuests(rows, letters, problem, is_full=len(rows) == MOST_SHOWN)


def desk_row(event: Event, attendee: Attendee, *, was_before: bool = False) -> DeskRow:
    """Return a guest as a row of the list."""
    came = attendee.checked_in_at
    return DeskRow(
        event_id=attendee.event_id,
        id=attendee.id,
        name=attendee.name,
        organisation=attendee.organisation,
        is_claimed=attendee.is_claimed,
        checked_in_at=came,
        seen=second_of(came) if came else None,
        time_zone=event.time_zone,
        was_before=was_before,
    )


def desk_page(
    session: Session, *, event: Event, letters: str, form: GuestForm, may_run: bool, now: datetime
) -> DeskPage:
    """Return the desk with who was found."""
    listed, here = queries.counts(session, event.id, by=now)
    join_url = absolute(f"/E/{event.code}")
    return DeskPage(
        event=event,
        found=found_guests(session, event=event, letters=letters, now=now),
        listed=listed,
        here=here,
        form=form,
        poster=qr_svg(join_url.upper(), label=_("Code to join %(event)s", event=event.name)),
        join_url=join_url,
        may_run=may_run,
    )


def guest_page(
    session: Session,
    *,
    event: Event,
    attendee: Attendee,
    badge: Badge,
    form: VouchForm,
    may_run: bool,
) -> GuestPage:
    """Return one guest with everything that is printed on their badge."""
    url = absolute(f"/B/{codes.printed_code(badge)}").upper()
    return GuestPage(
        event=event,
        attendee=attendee,
        row=desk_row(event, attendee),
        qr=qr_svg(url, label=_("Badge of %(name)s", name=attendee.name)),
        host=config().host,
        short_code=grouped(codes.short_code(badge)),
        claim_code=grouped(codes.claim_code(badge)),
        is_reissued=was_issued_before(session, badge),
        is_vouched_for=queries.vouching_for(session, attendee) is not None,
        namesakes=queries.namesakes(session, attendee),
        form=form,
        may_run=may_run,
    )
