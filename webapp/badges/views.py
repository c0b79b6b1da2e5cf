"""Joining an event, claiming a badge, and the desk."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from webapp.accounts.access import current_person, maybe_person, signed_in
from webapp.badges import codes, queries, services
from webapp.badges.forms import ClaimForm, GuestForm, PlaceForm
from webapp.badges.pages import claim_page
from webapp.badges.pictures import qr_svg
from webapp.core import clock
from webapp.core import db as database
from webapp.core.errors import DomainError
from webapp.core.htmx import done, invalid
from webapp.core.urls import absolute, config
from webapp.events import queries as event_queries
from webapp.events import services as event_services
from webapp.events.access import (
    at_desk,
    attending,
    current_attendee,
    current_event,
    current_place,
)
from webapp.events.models import Attendee, Event
from webapp.events.rules import RUNS_THE_EVENT, is_coming, is_over
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


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One attendee at the desk."""

    event_id: str
    id: str
    name: str
    organisation: str
    is_claimed: bool
    checked_in_at: datetime | None
    time_zone: str


@dataclass(frozen=True, slots=True)
class DeskPage:
    """The list at the desk."""

    event: Event
    rows: list[DeskRow]
    letters: str
    listed: int
    here: int
    form: GuestForm
    poster: Markup
    join_url: str
    may_run: bool


@dataclass(frozen=True, slots=True)
class PrintedBadge:
    """Everything that is printed on one badge, front and back."""

    event: Event
    attendee: Attendee
    qr: Markup
    host: str
    short_code: str
    claim_code: str
    is_reissued: bool
    may_run: bool


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
    now = clock.now()
    return EventPage(
        event, form, maybe_person() is not None, is_over(event, now), is_coming(event, now)
    )


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


@bp.get("/events/<event_id>/desk")
@requires(at_desk)
def desk(event_id: str) -> str:  # noqa: ARG001  # the rule reads it
    """Find people at the desk by a few letters."""
    return render_template("badges/desk.html", page=_desk_page(GuestForm()))


@bp.post("/events/<event_id>/desk")
@requires(at_desk)
def add_guest(event_id: str) -> Response:
    """Put a guest on the list, with a badge to print."""
    form, now = GuestForm(request.form), clock.now()
    if not form.validate():
        return invalid("badges/desk.html", page=_desk_page(form))
    said = form.command()
    attendee = event_services.add_attendee(
        database.session(),
        event=current_event(),
        name=said.name,
        organisation=said.organisation,
        headline=said.headline,
        address=form.normal_address,
        group_name=form.group_name.data or None,
        now=now,
    )
    services.issue_badge(database.session(), attendee=attendee, now=now)
    flash(_("%(name)s is on the list.", name=attendee.name), "done")
    return redirect(url_for("badges.printed", event_id=event_id, attendee_id=attendee.id), 303)


@bp.post("/events/<event_id>/desk/<attendee_id>/check-in")
@requires(at_desk)
def check_in(event_id: str, attendee_id: str) -> Response:
    """Check somebody in."""
    attendee = _attendee(attendee_id)
    event_services.check_in(database.session(), attendee=attendee, now=clock.now())
    return done(
        "badges/_guest.html",
        row=_desk_row(attendee),
        otherwise=url_for("badges.desk", event_id=event_id),
    )


@bp.post("/events/<event_id>/desk/<attendee_id>/undo-check-in")
@requires(at_desk)
def undo_check_in(event_id: str, attendee_id: str) -> Response:
    """Take a mistaken check-in back."""
    attendee = _attendee(attendee_id)
    event_services.undo_check_in(database.session(), attendee=attendee)
    return done(
        "badges/_guest.html",
        row=_desk_row(attendee),
        otherwise=url_for("badges.desk", event_id=event_id),
    )


@bp.post("/events/<event_id>/desk/<attendee_id>/reissue")
@requires(at_desk)
def reissue(event_id: str, attendee_id: str) -> Response:
    """Give somebody a new badge; the old one is worth nothing from now on."""
    attendee = _attendee(attendee_id)
    services.issue_badge(database.session(), attendee=attendee, now=clock.now())
    flash(_("New badge. The old one no longer works."), "done")
    return redirect(url_for("badges.printed", event_id=event_id, attendee_id=attendee.id), 303)


@bp.get("/events/<event_id>/desk/<attendee_id>/badge")
@requires(at_desk)
def printed(event_id: str, attendee_id: str) -> str:
    """Show a badge as it is printed, front and back."""
    attendee = _attendee(attendee_id)
    badge = queries.badge_of_attendee(
        database.session(), event_id=event_id, attendee_id=attendee_id
    ) or abort(404)
    url = absolute(f"/B/{codes.printed_code(badge)}").upper()
    page = PrintedBadge(
        current_event(),
        attendee,
        qr_svg(url, label=_("Badge of %(name)s", name=attendee.name)),
        config().host,
        grouped(codes.short_code(badge)),
        grouped(codes.claim_code(badge)),
        queries.was_issued_before(database.session(), badge),
        bool(current_place().roles & RUNS_THE_EVENT),
    )
    return render_template("badges/printed.html", page=page)


def _attendee(attendee_id: str) -> Attendee:
    return event_queries.attendee(
        database.session(), event_id=current_event().id, attendee_id=attendee_id
    ) or abort(404)


def _desk_page(form: GuestForm) -> DeskPage:
    session, event = database.session(), current_event()
    letters = request.args.get("q", "").strip()
    found = event_queries.find_at_desk(session, event_id=event.id, letters=letters)
    join_url = absolute(f"/E/{event.code}")
    return DeskPage(
        event,
        [_desk_row(one) for one in found],
        letters,
        event_queries.count_attendees(session, event.id),
        event_queries.count_checked_in(session, event.id, by=clock.now()),
        form,
        qr_svg(join_url.upper(), label=_("Code to join %(event)s", event=event.name)),
        join_url,
        bool(current_place().roles & RUNS_THE_EVENT),
    )


def _desk_row(attendee: Attendee) -> DeskRow:
    return DeskRow(
        attendee.event_id,
        attendee.id,
        attendee.name,
        attendee.organisation,
        attendee.is_claimed,
        attendee.checked_in_at,
        current_event().time_zone,
    )
