"""My code, scanning, "did you talk?", and answering what others say about me."""

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from webapp.accounts.access import DEVICE, current_person, signed_in
from webapp.badges import codes
from webapp.badges.pages import claim_page
from webapp.badges.pictures import qr_svg
from webapp.badges.queries import badge_by_printed_code, badge_of_attendee, read_code
from webapp.badges.rules import Reading, Way
from webapp.conversations import queries, services
from webapp.conversations.access import current_talk, may_block
from webapp.conversations.forms import claim_command
from webapp.conversations.queries import ClaimRow, TalkSides, WaitingRow
from webapp.conversations.rules import NOES_BEFORE_BLOCK_IS_OFFERED
from webapp.conversations.services import Scan
from webapp.conversations.tickets import reading_of, ticket_for
from webapp.core import clock
from webapp.core import db as database
from webapp.core.htmx import done, gone_to, invalid
from webapp.core.ids import new_id
from webapp.core.urls import absolute, config
from webapp.events.access import attending, current_attendee, current_event
from webapp.events.models import Attendee, Event, RoleName
from webapp.events.queries import attendee as attendee_by_id
from webapp.events.queries import attendee_of, event_by_code, my_events, my_place
from webapp.events.rules import is_coming, takes_talks
from webapp.security.access import anyone, requires
from webapp.security.limits import limiter
from webapp.security.tokens import as_typed, grouped

bp = Blueprint("conversations", __name__)


@dataclass(frozen=True, slots=True)
class LiveCode:
    """What my screen shows now; it asks again every three seconds."""

    event: Event
    qr: Markup
    code: str
    connected: list[TalkSides]
    claims_about_me: int


@dataclass(frozen=True, slots=True)
class MeetPage:
    """My code at one event."""

    event: Event
    attendee: Attendee
    live: LiveCode | None
    is_coming: bool


@dataclass(frozen=True, slots=True)
class ScanPage:
    """Typing a code."""

    event: Event
    typed: str
    problem: str | None


@dataclass(frozen=True, slots=True)
class AskPage:
    """The question "did you talk?": what stands on the badge and the keys of the claim."""

    event: Event
    name: str
    organisation: str
    headline: str
    is_recruiter: bool
    is_live: bool
    code: str
    nonce: str
    ticket: str | None


@dataclass(frozen=True, slots=True)
class FollowUpPage:
    """Who says we talked, and whom I wait for."""

    claims: list[ClaimRow]
    waiting: list[WaitingRow]


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A claim I said no to, on the spot."""

    talk_id: str
    event_id: str
    name: str
    offers_block: bool


def scanner() -> str:
    """Return who is reading codes, on whatever device; right and wrong ones count alike."""
    return f"scans by {current_person().id}"


@bp.get("/")
@requires(anyone)
def start() -> Response | str:
    """Greet newcomers; take everybody else to their code."""
    if DEVICE in session:
        return redirect(url_for("conversations.meet_now"), 303)
    if config().is_demo:
        return redirect(url_for("demo.start"), 303)
    return render_template("home/landing.html")


@bp.get("/meet")
@requires(signed_in)
def meet_now() -> Response:
    """Go to my code at the event that is on, or to my events."""
    now = clock.now()
    places = [one for one in my_events(database.session(), current_person().id) if one.is_attendee]
    on = [one for one in places if takes_talks(one.event, now)]
    if on:
        return redirect(url_for("conversations.meet", event_id=on[0].event.id), 303)
    return redirect(url_for("events.mine"), 303)


@bp.get("/events/<event_id>/meet")
@requires(attending)
def meet(event_id: str) -> str:  # noqa: ARG001  # the rule reads it
    """Show my live code and the way to scan theirs."""
    event, me, now = current_event(), current_attendee(), clock.now()
    live = _live_code() if takes_talks(event, now) else None
    page = MeetPage(event, me, live, is_coming(event, now))
    return render_template("conversations/meet.html", page=page)


@bp.get("/events/<event_id>/live-code")
@requires(attending)
def live_code_fragment(event_id: str) -> Response | str:
    """Show my code of the next step, and who connected in the meantime."""
    if not takes_talks(current_event(), clock.now()):
        return gone_to(url_for("conversations.meet", event_id=event_id))
    return render_template("conversations/_live_code.html", row=_live_code())


def _live_code() -> LiveCode:
    event, me, now = current_event(), current_attendee(), clock.now()
    badge = badge_of_attendee(database.session(), event_id=event.id, attendee_id=me.id) or abort(
        404
    )
    code = codes.live_code(badge, codes.step_at(now))
    url = absolute(f"/L/{event.code}/{code}").upper()
    claims = queries.claims_about_me(database.session(), person_id=current_person().id, now=now)
    return LiveCode(
        event=event,
        qr=qr_svg(url, label=_("Your code, for others to scan")),
        code=grouped(code, 5),
        connected=queries.just_connected(database.session(), attendee=me, now=now),
        claims_about_me=len(claims),
    )


@bp.get("/events/<event_id>/scan")
@requires(attending)
def scan(event_id: str) -> str:  # noqa: ARG001  # the rule reads it
    """Offer to type a code."""
    return render_template("conversations/scan.html", page=ScanPage(current_event(), "", None))


@bp.get("/events/<event_id>/ask")
@requires(attending)
@limiter.limit("60 per minute; 600 per hour", key_func=scanner)
def ask(event_id: str) -> Response | str:  # noqa: ARG001  # the rule reads it
    """Ask whether a talk happened, for a code that was typed."""
    return _ask(current_event(), current_attendee(), request.args.get("code", ""))


@bp.get("/B/<code>")
@bp.get("/b/<code>")
@requires(signed_in)
@limiter.limit("60 per minute; 600 per hour", key_func=scanner)
def printed_code(code: str) -> Response | str:
    """Ask whether a talk happened, for a badge a phone's camera read; or offer to claim it."""
    found = badge_by_printed_code(database.session(), code)
    mine = found and attendee_of(
        database.session(), event_id=found.event.id, person_id=current_person().id
    )
    if found and mine:
        return _ask(found.event, mine, code)
    page = claim_page(database.session(), code=code, person_id=current_person().id)
    return render_template("badges/claim.html", page=page)


@bp.get("/L/<event_code>/<code>")
@bp.get("/l/<event_code>/<code>")
@requires(signed_in)
@limiter.limit("60 per minute; 600 per hour", key_func=scanner)
def live_code(event_code: str, code: str) -> Response | str:
    """Ask whether a talk happened, for a live code a phone's camera read."""
    event = event_by_code(database.session(), as_typed(event_code)) or abort(404)
    mine = attendee_of(database.session(), event_id=event.id, person_id=current_person().id)
    if mine is None:
        flash(_("Join the event first, then scan again."), "error")
        return redirect(url_for("badges.event_page", code=event.code), 303)
    return _ask(event, mine, code)


def _ask(event: Event, me: Attendee, code: str) -> Response | str:
    """Show what is printed on the badge, while the event is on; a wrong code stays typed."""
    now = clock.now()
    if not takes_talks(event, now):
        return render_template("conversations/closed.html", page=event)
    reading = read_code(database.session(), code, event_id=event.id, now=now)
    if reading is None:
        return _unknown(event, code)
    if reading.attendee_id == me.id:
        flash(_("This is your own badge. Let the other person scan it."), "error")
        return redirect(url_for("conversations.meet", event_id=event.id), 303)
    return render_template("conversations/ask.html", page=_ask_page(event, me, reading, code))


def _unknown(event: Event, code: str) -> Response:
    if codes.is_code(as_typed(code), length=codes.LIVE_LENGTH):
        problem = _("This code has run out. Ask them to show it again.")
    else:
        problem = _("We do not know this code. Please check it, or scan again.")
    page = ScanPage(event, code, problem)
    return invalid("conversations/scan.html", page=page)


def _ask_page(event: Event, me: Attendee, reading: Reading, code: str) -> AskPage:
    about = attendee_by_id(
        database.session(), event_id=event.id, attendee_id=reading.attendee_id
    ) or abort(404)
    return AskPage(
        event=event,
        name=about.name,
        organisation=about.organisation,
        headline=about.headline,
        is_recruiter=_is_recruiter(about),
        is_live=reading.way is Way.LIVE,
        code=code,
        nonce=new_id(),
        ticket=ticket_for(reading, by=me),
    )


def _is_recruiter(about: Attendee) -> bool:
    if about.person_id is None:
        return False
    place = my_place(database.session(), event_id=about.event_id, person_id=about.person_id)
    return place is not None and RoleName.RECRUITER in place.roles


@bp.post("/events/<event_id>/talks")
@requires(attending)
@limiter.limit("60 per minute; 600 per hour", key_func=scanner)
def claim(event_id: str) -> Response:
    """Record that I say we talked."""
    event, me, now = current_event(), current_attendee(), clock.now()
    said = claim_command(request.form)
    talk = services.repeated_claim(database.session(), by=me, nonce=said.nonce, body=said.code)
    if talk is None:
        reading = _what_was_read(said.code, said.ticket, me)
        if reading is None:
            return _unknown(event, said.code)
        scanned = Scan(reading=reading, nonce=said.nonce, body=said.code)
        talk = services.claim(database.session(), event=event, by=me, scan=scanned, now=now)
    return gone_to(url_for("ties.talk", event_id=event_id, talk_id=talk.id))


def _what_was_read(code: str, ticket: str | None, me: Attendee) -> Reading | None:
    if ticket and (reading := reading_of(ticket, by=me)):
        return reading if _is_worn(reading) else None
    return read_code(database.session(), code, event_id=me.event_id, now=clock.now())


def _is_worn(reading: Reading) -> bool:
    """Tell whether a badge is still the one its attendee wears: a ticket may outlive it."""
    badge = badge_of_attendee(
        database.session(), event_id=reading.event_id, attendee_id=reading.attendee_id
    )
    return badge is not None and badge.id == reading.badge_id


@bp.get("/follow-up")
@requires(signed_in)
def follow_up() -> str:
    """List who says we talked, and whom I wait for."""
    me, now = current_person().id, clock.now()
    page = FollowUpPage(
        queries.claims_about_me(database.session(), person_id=me, now=now),
        queries.my_waiting_claims(database.session(), person_id=me, now=now),
    )
    return render_template("conversations/follow_up.html", page=page)


@bp.post("/events/<event_id>/talks/<talk_id>/refuse")
@requires(attending)
def refuse(event_id: str, talk_id: str) -> Response:
    """Say "no, we didn't"."""
    sides = current_talk(talk_id)
    services.refuse(database.session(), talk=sides.talk, by=sides.mine, now=clock.now())
    noes = queries.noes_said(
        database.session(),
        event_id=event_id,
        by_id=sides.mine.id,
        about_id=sides.other.id,
    )
    row = RefusedRow(talk_id, event_id, sides.other.name, noes >= NOES_BEFORE_BLOCK_IS_OFFERED)
    return done("conversations/_refused.html", row=row, otherwise=url_for(".follow_up"))


@bp.post("/events/<event_id>/talks/<talk_id>/unrefuse")
@requires(attending)
def take_refusal_back(event_id: str, talk_id: str) -> Response:  # noqa: ARG001
    """Take a mistaken "no" back."""
    sides = current_talk(talk_id)
    services.take_refusal_back(database.session(), talk=sides.talk, by=sides.mine)
    return gone_to(url_for(".follow_up"))


@bp.post("/events/<event_id>/talks/<talk_id>/undo")
@requires(attending)
def undo(event_id: str, talk_id: str) -> Response:
    """Take a talk back on the spot."""
    sides = current_talk(talk_id)
    services.undo(database.session(), talk=sides.talk, by=sides.mine, now=clock.now())
    flash(_("Undone. Nothing is recorded, nothing is open."), "done")
    return gone_to(url_for("conversations.meet", event_id=event_id))


@bp.post("/events/<event_id>/talks/<talk_id>/block")
@requires(attending)
def block(event_id: str, talk_id: str) -> Response:  # noqa: ARG001
    """Never hear from the other side of this talk again."""
    sides = current_talk(talk_id)
    if sides.other.person_id is None or not may_block(sides):
        abort(404)
    services.block(
        database.session(),
        blocker_id=current_person().id,
        blocked_id=sides.other.person_id,
        now=clock.now(),
    )
    flash(_("Blocked. They are not told."), "done")
    return gone_to(url_for(".follow_up"))
