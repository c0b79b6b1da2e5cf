"""Joining an event, and claiming a badge."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.accounts.access import current_person, maybe_person, signed_in
from webapp.badges import codes, queries, services
from webapp.badges.desk import services as services_of_desk
from webapp.badges.desk.queries import asked_desk, desk_code
from webapp.badges.desk.rules import DESK_CODE_LIFE
from webapp.badges.forms import ClaimForm, PlaceForm
from webapp.badges.pages import claim_page
from webapp.core import clock
from webapp.core import db as database
from webapp.core.errors import DomainError
from webapp.core.htmx import invalid
from webapp.events import queries as event_queries
from webapp.events.access import (
    attending,
    current_attendee,
)
from webapp.events.models import Event
from webapp.events.rules import is_coming, is_over
from webapp.security.access import anyone, requires
from webapp.security.limits import limiter
from webapp.security.tokens import as_typed, grouped

bp = Blueprint("badges", __name__)


@dataclass(frozen=True, slots=True)
class EventPage:
    """An event's own page, and the form to join it."""

    event: Event
    form: PlaceForm
    is_signed_in: bool
    is_over: bool
    is_coming: bool
    desk_code: str | None
    """What somebody shows at the desk who asked for its help."""
    good_until: datetime | None


@bp.get("/E/<code>")
@bp.get("/e/<code>")
@requires(anyone)
def event_page(code: str) -> Response | str:
    """Show an event to whoever reads its poster."""
    event = _event_of(code)
    me = maybe_person()
    if me and event_queries.attendee_of(database.session(), event_id=event.id, person_id=me.id):
        return redirect(url_for("conversations.meet", event_id=event.id), 303)
    form = PlaceForm(obj=me)
    return render_template("badges/event.html", page=_event_page(event, form))


@bp.post("/E/<code>")
@requires(signed_in)
def join(code: str) -> Response:
    """Join an event as a walk-in, with a badge on the phone."""
    event = _event_of(code)
    form = PlaceForm(request.form)
    if is_over(event, clock.now()):
        abort(403)
    if not form.validate():
        return invalid("badges/event.html", page=_event_page(event, form))
    said = form.command()
    services.join_event(
        database.session(),
        event=event,
        person=current_person(),
        name=said.name,
        organisation=said.organisation,
        headline=said.headline,
        now=clock.now(),
    )
    return redirect(url_for("conversations.meet", event_id=event.id), 303)


def _event_of(code: str) -> Event:
    return event_queries.event_by_code(database.session(), as_typed(code)) or abort(404)


def _event_page(event: Event, form: PlaceForm) -> EventPage:
    now, me = clock.now(), maybe_person()
    asked = me and asked_desk(database.session(), event_id=event.id, person_id=me.id, now=now)
    return EventPage(
        event,
        form,
        me is not None,
        is_over(event, now),
        is_coming(event, now),
        grouped(desk_code(asked), 3) if asked else None,
        asked.asked_at + DESK_CODE_LIFE if asked else None,
    )


@bp.post("/E/<code>/desk-code")
@requires(signed_in)
@limiter.limit("20 per hour", key_func=lambda: f"desk codes of {current_person().id}")
def ask_desk(code: str) -> Response:
    """Show a code by which the desk can connect a printed badge with my phone."""
    event, now = _event_of(code), clock.now()
    if is_over(event, now):
        abort(403)
    services_of_desk.ask_desk(database.session(), event=event, person=current_person(), now=now)
    return redirect(url_for("badges.event_page", code=event.code), 303)


@bp.post("/B/<code>/claim")
@requires(signed_in)
@limiter.limit("10 per hour", key_func=lambda: f"claim by {current_person().id}")
@limiter.limit("20 per hour", key_func=lambda: f"claim of {_code_claimed()}")
def claim(code: str) -> Response:
    """Make a badge mine: by the address on the guest list, or the code on the badge's back."""
    session, me, now = database.session(), current_person(), clock.now()
    found = queries.badge_by_printed_code(session, code)
    form = ClaimForm(request.form)
    page = claim_page(session, code=code, form=form, person_id=me.id)
    typed = None if page.attendee else form.claim_code.data or ""
    try:
        event = services.claim(session, found=found, typed=typed, person=me, now=now)
    except DomainError as error:
        form.claim_code.errors = [str(error.message)]
        return invalid("badges/claim.html", page=page)
    return redirect(url_for("conversations.meet", event_id=event.id), 303)


def _code_claimed() -> str:
    """Return the code whose limit counts, however it was spelled."""
    return as_typed((request.view_args or {})["code"])


@bp.get("/events/<event_id>/live-key")
@requires(attending)
@limiter.limit("60 per hour", key_func=lambda: f"live key of {current_person().id}")
def live_key(event_id: str) -> Response:
    """Give the phone of a badge's owner what it computes live codes from, without a network."""
    badge = queries.badge_of_attendee(
        database.session(), event_id=event_id, attendee_id=current_attendee().id
    ) or abort(404)
    return jsonify(badge=badge.id, handle=badge.handle, secret=codes.live_secret(badge))
