"""Reading a badge, "did you talk?", and saying yes."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.accounts.access import current_person, signed_in
from webapp.badges import codes
from webapp.badges.pages import claim_page
from webapp.badges.queries import (
    badge_by_printed_code,
    badge_of_attendee,
    is_walk_in,
    read_code,
)
from webapp.badges.rules import Reading, Way
from webapp.conversations import queries, services
from webapp.conversations.forms import claim_command
from webapp.conversations.models import Conversation
from webapp.conversations.queries import TalkSides
from webapp.conversations.services import Scan
from webapp.conversations.tickets import reading_of, ticket_for
from webapp.conversations.views.blueprint import bp
from webapp.core import clock
from webapp.core import db as database
from webapp.core.errors import problem
from webapp.core.htmx import done, invalid, wants_fragment
from webapp.core.ids import new_id
from webapp.core.phone import kept_by_phone
from webapp.events.access import attending, current_attendee, current_event
from webapp.events.models import Attendee, Event
from webapp.events.queries import attendee as attendee_by_id
from webapp.events.queries import attendee_of, event_by_code
from webapp.events.rules import as_printed, takes_talks
from webapp.security.access import requires
from webapp.security.limits import limiter
from webapp.security.tokens import as_typed


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
    team_name: str
    """The team they recruit for, if they are in one."""
    is_live: bool
    code: str
    nonce: str
    ticket: str | None
    seen_at: datetime
    """When the code was read; a phone that could not send its "yes" tells it later."""
    claim_code: str | None
    """The printed code, for somebody who joined without a badge: it may be their own."""


def scanner() -> str:
    """Return who is reading codes, on whatever device; right and wrong ones count alike."""
    return f"scans by {current_person().id}"


few_codes = limiter.shared_limit("60 per minute; 600 per hour", scope="codes", key_func=scanner)
"""One limit for all ways to ask for a code."""


@bp.get("/events/<event_id>/scan")
@requires(attending)
def scan(event_id: str) -> Response:  # noqa: ARG001  # the rule reads it
    """Offer the camera, a photo, and typing a code."""
    page = ScanPage(current_event(), "", None)
    return kept_by_phone(render_template("conversations/scan.html", page=page))


@bp.get("/events/<event_id>/ask")
@requires(attending)
@few_codes
def ask(event_id: str) -> Response | str:  # noqa: ARG001  # the rule reads it
    """Ask whether a talk happened, for a code that was typed."""
    return _ask(current_event(), current_attendee(), request.args.get("code", ""))


@bp.get("/B/<code>")
@bp.get("/b/<code>")
@requires(signed_in)
@few_codes
def printed_code(code: str) -> Response | str:
    """Ask whether a talk happened, for a badge a phone's camera read; or offer to claim it."""
    found = badge_by_printed_code(database.session(), code)
    mine = found and attendee_of(
        database.session(), event_id=found.event.id, person_id=current_person().id
    )
    if found and mine and "own" not in request.args:
        return _ask(found.event, mine, code)
    if wants_fragment():
        words = _("We do not know this badge, or you have not joined its event.")
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, words)
    page = claim_page(database.session(), code=code, person_id=current_person().id)
    return render_template("badges/claim.html", page=page)


@bp.get("/L/<event_code>/<code>")
@bp.get("/l/<event_code>/<code>")
@requires(signed_in)
@few_codes
def live_code(event_code: str, code: str) -> Response | str:
    """Ask whether a talk happened, for a live code a phone's camera read."""
    event = event_by_code(database.session(), as_typed(event_code)) or abort(404)
    mine = attendee_of(database.session(), event_id=event.id, person_id=current_person().id)
    if mine is None:
        message = _("Join the event first, then scan again.")
        return _elsewhere(message, url_for("badges.event_page", code=event.code))
    return _ask(event, mine, code)


def _elsewhere(message: str, url: str) -> Response:
    """Say why there is nothing to ask: inside the scanner, or on the screen that helps."""
    if wants_fragment():
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, message)
    flash(message, "error")
    return redirect(url, 303)


def _ask(event: Event, me: Attendee, code: str) -> Response | str:
    """Show what is printed on the badge, while the event is on; a wrong code stays typed."""
    now = clock.now()
    if not takes_talks(event, now):
        return _closed(event)
    reading = read_code(database.session(), code, event_id=event.id, now=now)
    if reading is None:
        return _unknown(event, code)
    if reading.attendee_id == me.id:
        message = _("This is your own badge. Let the other person scan it.")
        return _elsewhere(message, url_for("conversations.meet", event_id=event.id))
    template = "conversations/_ask.html" if wants_fragment() else "conversations/ask.html"
    return render_template(template, page=_ask_page(event, me, reading, code))


def _closed(event: Event) -> Response | str:
    if wants_fragment():
        return problem(HTTPStatus.FORBIDDEN, services.CLOSED)
    return render_template("conversations/closed.html", page=event)


def _unknown(event: Event, code: str) -> Response:
    if codes.is_code(as_typed(code), length=codes.LIVE_LENGTH):
        words = _("This code has run out. Ask them to show it again.")
    else:
        words = _("We do not know this code. Please check it, or scan again.")
    if wants_fragment():
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, words)
    page = ScanPage(event, code, words)
    return invalid("conversations/scan.html", page=page)


def _ask_page(event: Event, me: Attendee, reading: Reading, code: str) -> AskPage:
    about = attendee_by_id(
        database.session(), event_id=event.id, attendee_id=reading.attendee_id
    ) or abort(404)
    badge, team_name = as_printed(event, about), queries.recruits_for(database.session(), about)
    return AskPage(
        event=event,
        name=badge.name,
        organisation=badge.organisation,
        headline=badge.headline,
        is_recruiter=team_name is not None,
        team_name=team_name or "",
        is_live=reading.way is Way.LIVE,
        code=code,
        nonce=new_id(),
        ticket=ticket_for(reading, by=me),
        seen_at=clock.now(),
        claim_code=_code_to_claim(reading, me, code),
    )


def _code_to_claim(reading: Reading, me: Attendee, code: str) -> str | None:
    """Return a printed code for somebody who joined at the door, whoever wears the badge."""
    is_whole = codes.is_code(as_typed(code), length=codes.CODE_LENGTH)
    may_be_mine = reading.way is Way.PRINTED and is_whole and is_walk_in(database.session(), me)
    return as_typed(code) if may_be_mine else None


@bp.post("/events/<event_id>/talks")
@requires(attending)
@few_codes
def claim(event_id: str) -> Response:
    """Record that I say we talked."""
    event, me, now = current_event(), current_attendee(), clock.now()
    said = claim_command(request.form)
    session = database.session()
    reading = _what_was_read(said.code, said.ticket, me)
    if reading is None:  # since it was counted, the code may have run out
        talk = services.repeated_claim(session, by=me, nonce=said.nonce, body=said.code)
        if talk is None:
            return _unknown(event, said.code)
    else:
        scanned = Scan(reading=reading, nonce=said.nonce, body=said.code)
        talk = services.claim(session, event=event, by=me, scan=scanned, now=now)
    sides = TalkSides(talk, event, me, _about(talk, me))
    where = url_for("ties.talk", event_id=event_id, talk_id=talk.id)
    return done("conversations/_saved.html", row=sides, otherwise=where)


def _about(talk: Conversation, me: Attendee) -> Attendee:
    other_id = talk.other_than(me.id)
    return attendee_by_id(database.session(), event_id=me.event_id, attendee_id=other_id) or abort(
        404
    )


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
