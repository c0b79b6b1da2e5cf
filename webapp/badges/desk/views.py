"""The desk: finding guests, checking in, walk-ins, new badges, and help with a claim."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.accounts.access import current_person
from webapp.badges import queries as badge_queries
from webapp.badges.desk import services
from webapp.badges.desk.forms import GuestForm, UndoForm, VouchForm
from webapp.badges.desk.pages import (
    DeskPage,
    GuestPage,
    desk_page,
    desk_row,
    found_guests,
    guest_page,
)
from webapp.core import clock
from webapp.core import db as database
from webapp.core.errors import Conflict, DomainError
from webapp.core.htmx import done, invalid, wants_fragment
from webapp.core.phone import kept_by_phone
from webapp.events.access import at_desk, current_event, current_place
from webapp.events.models import Attendee
from webapp.events.queries import attendee as attendee_by_id
from webapp.events.rules import RUNS_THE_EVENT
from webapp.security.access import requires
from webapp.security.limits import limiter

bp = Blueprint("desk", __name__)


@bp.get("/events/<event_id>/desk")
@requires(at_desk)
def find(event_id: str) -> Response | str:
    """Find people at the desk by a few letters, or by a code."""
    letters = request.args.get("q", "").strip()
    if wants_fragment():
        return _found_fragment(letters)
    page = render_template("desk/desk.html", page=_desk_page(GuestForm(), letters))
    return page if letters else kept_by_phone(page, url_for("desk.scan", event_id=event_id))


def _found_fragment(letters: str) -> str:
    found = found_guests(
        database.session(), event=current_event(), letters=letters, now=clock.now()
    )
    return render_template("desk/_found.html", found=found)


@bp.get("/events/<event_id>/desk/scan")
@requires(at_desk)
def scan(event_id: str) -> Response:  # noqa: ARG001  # the rule reads it
    """Check in badge after badge with the camera."""
    return kept_by_phone(render_template("desk/scan.html", page=current_event()))


@bp.post("/events/<event_id>/desk")
@requires(at_desk)
def add(event_id: str) -> Response:
    """Put a guest on the list, checked in if they stand here, with a badge."""
    form = GuestForm(request.form)
    if not form.validate():
        return invalid("desk/desk.html", page=_desk_page(form, ""))
    attendee = services.add_walk_in(
        database.session(),
        event=current_event(),
        said=form.command(),
        address=form.normal_address,
        group_name=form.group_name.data or None,
        is_here=request.form.get("here") == "1",
        by=current_person(),
        now=clock.now(),
    )
    if attendee.is_checked_in:
        flash(_("%(name)s is on the list and checked in.", name=attendee.name), "done")
    else:
        flash(_("%(name)s is on the list.", name=attendee.name), "done")
    return redirect(url_for("desk.guest", event_id=event_id, attendee_id=attendee.id), 303)


@bp.get("/events/<event_id>/desk/<attendee_id>/badge")
@requires(at_desk)
def guest(event_id: str, attendee_id: str) -> str:  # noqa: ARG001  # the rule reads it
    """Show a guest and their badge as it is printed, front and back."""
    return render_template("desk/guest.html", page=_guest_page(_attendee(attendee_id)))


@bp.post("/events/<event_id>/desk/<attendee_id>/check-in")
@requires(at_desk)
def check_in(event_id: str, attendee_id: str) -> Response:
    """Check somebody in; of several helpers the first time counts."""
    now = clock.now()
    arrival = services.check_in(
        database.session(), attendee=_attendee(attendee_id), by=current_person(), at=now, now=now
    )
    who = arrival.attendee
    if not wants_fragment():
        words = _("%(name)s is here.") if arrival.is_first else _("%(name)s was here already.")
        flash(words % {"name": who.name}, "done")
    row = desk_row(current_event(), who, was_before=not arrival.is_first)
    return done("desk/_guest.html", row=row, otherwise=url_for("desk.find", event_id=event_id))


@bp.post("/events/<event_id>/desk/<attendee_id>/undo-check-in")
@requires(at_desk)
def undo_check_in(event_id: str, attendee_id: str) -> Response:
    """Take a mistaken check-in back: the one the page showed, and no other."""
    attendee, form, now = _attendee(attendee_id), UndoForm(request.form), clock.now()
    if not form.validate() or form.seen.data is None:
        abort(422)
    services.undo_check_in(
        database.session(),
        attendee=attendee,
        by=current_person(),
        seen=form.seen.data,
        at=now,
        now=now,
    )
    if not wants_fragment():
        flash(_("%(name)s is not checked in any more.", name=attendee.name), "done")
    row = desk_row(current_event(), attendee)
    return done("desk/_guest.html", row=row, otherwise=url_for("desk.find", event_id=event_id))


@bp.post("/events/<event_id>/desk/<attendee_id>/reissue")
@requires(at_desk)
def reissue(event_id: str, attendee_id: str) -> Response:
    """Give somebody a new badge; the old one is worth nothing from now on."""
    attendee = _attendee(attendee_id)
    services.reissue(database.session(), attendee=attendee, by=current_person(), now=clock.now())
    flash(_("New badge. The old one no longer works."), "done")
    return redirect(url_for("desk.guest", event_id=event_id, attendee_id=attendee.id), 303)


@bp.post("/events/<event_id>/desk/<attendee_id>/vouch")
@requires(at_desk)
@limiter.limit("60 per hour", key_func=lambda: f"vouching of {current_person().id}")
def vouch(event_id: str, attendee_id: str) -> Response:
    """Connect a badge with the phone of the person who stands here."""
    attendee, form = _attendee(attendee_id), VouchForm(request.form)
    try:
        place = services.vouch(
            database.session(),
            event=current_event(),
            attendee=attendee,
            typed=form.code.data or "",
            by=current_person(),
            now=clock.now(),
        )
    except Conflict:
        raise
    except DomainError as error:
        form.code.errors = [str(error.message)]
        return invalid("desk/guest.html", page=_guest_page(attendee, form))
    flash(_("Connected. Their phone shows their own code now."), "done")
    return redirect(url_for("desk.guest", event_id=event_id, attendee_id=place.id), 303)


@bp.post("/events/<event_id>/desk/<attendee_id>/take-back")
@requires(at_desk)
def take_back(event_id: str, attendee_id: str) -> Response:
    """Undo that the desk connected a badge with a phone; the badge is replaced."""
    attendee = _attendee(attendee_id)
    services.take_back(database.session(), attendee=attendee, by=current_person(), now=clock.now())
    flash(_("Taken back. This is a new badge, and nobody has claimed it."), "done")
    return redirect(url_for("desk.guest", event_id=event_id, attendee_id=attendee.id), 303)


def _attendee(attendee_id: str) -> Attendee:
    return attendee_by_id(
        database.session(), event_id=current_event().id, attendee_id=attendee_id
    ) or abort(404)


def _may_run() -> bool:
    return bool(current_place().roles & RUNS_THE_EVENT)


def _desk_page(form: GuestForm, letters: str) -> DeskPage:
    return desk_page(
        database.session(),
        event=current_event(),
        letters=letters,
        form=form,
        may_run=_may_run(),
        now=clock.now(),
    )


def _guest_page(attendee: Attendee, form: VouchForm | None = None) -> GuestPage:
    session = database.session()
    badge = badge_queries.badge_of_attendee(
        session, event_id=attendee.event_id, attendee_id=attendee.id
    ) or abort(404)
    return guest_page(
        session,
        event=current_event(),
        attendee=attendee,
        badge=badge,
        form=form or VouchForm(),
        may_run=_may_run(),
    )
