"""Choosing paper and badges, and fetching the PDF."""

from collections.abc import Mapping

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask import stream_with_context as with_context
from werkzeug.wrappers import Response as Answer

from webapp.accounts.access import current_person
from webapp.badges.printing import queries, services
from webapp.badges.printing.forms import PrintForm
from webapp.badges.printing.models import BadgePrint
from webapp.badges.printing.pages import BadgesPage, PrintPage, badges_page, pages_of, pdf_of
from webapp.badges.printing.services import Which
from webapp.badges.sheets.layouts import LAYOUTS, USUAL
from webapp.core import clock
from webapp.core import db as database
from webapp.core.htmx import invalid
from webapp.events.access import current_event, running
from webapp.events.models import Attendee
from webapp.events.queries import attendee as find_attendee
from webapp.security.access import requires

bp = Blueprint("printing", __name__)


@bp.get("/events/<event_id>/badges")
@requires(running)
def badges(event_id: str) -> str:  # noqa: ARG001  # the rule reads it
    """Choose the paper, look at a badge, choose whose are printed."""
    return render_template("printing/badges.html", page=_chosen_page())


@bp.get("/events/<event_id>/badges/paper")
@requires(running)
def paper_fragment(event_id: str) -> str:  # noqa: ARG001  # the rule reads it
    """Show a badge on another paper, with what can be printed on it."""
    return render_template("printing/_paper.html", page=_chosen_page())


@bp.post("/events/<event_id>/badges")
@requires(running)
def ask_for_print(event_id: str) -> Answer:
    """Note which badges are printed; their PDF waits on the next page."""
    form, session, event = PrintForm(request.form), database.session(), current_event()
    attendee = _attendee(request.form)
    if not form.validate():
        page = badges_page(session, event=event, form=form, attendee=attendee)
        return invalid("printing/badges.html", page=page)
    asked = services.ask_for_print(
        session,
        event=event,
        layout=form.layout.data or "",
        has_backs=bool(form.has_backs.data),
        has_groups=bool(form.has_groups.data),
        which=Which(form.which.data or Which.ALL),
        attendee_id=attendee.id if attendee else None,
        by=current_person(),
        now=clock.now(),
    )
    return redirect(url_for("printing.ready", event_id=event_id, print_id=asked.id), 303)


@bp.get("/events/<event_id>/badges/prints/<print_id>")
@requires(running)
def ready(event_id: str, print_id: str) -> str:  # noqa: ARG001  # the rule reads it
    """Show a print, with the way to its PDF."""
    print_ = _print(print_id)
    number = queries.count_in(database.session(), print_)
    page = PrintPage(current_event(), print_, number, pages_of(print_, number))
    return render_template("printing/print.html", page=page)


@bp.get("/events/<event_id>/badges/prints/<print_id>/badges.pdf")
@requires(running)
def pdf(event_id: str, print_id: str) -> Response:  # noqa: ARG001  # the rule reads it
    """Send the PDF while it is drawn, sheet by sheet."""
    print_, event = _print(print_id), current_event()
    rows = queries.badges_in(database.session(), print_)
    if not rows:
        abort(404)
    response = Response(with_context(pdf_of(event, print_, rows)), mimetype="application/pdf")
    name = f"badges-{event.code.lower()}-{print_.layout}.pdf"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _print(print_id: str) -> BadgePrint:
    return queries.print_of(
        database.session(), event_id=current_event().id, print_id=print_id
    ) or abort(404)


def _chosen_page() -> BadgesPage:
    layout = LAYOUTS.get(request.args.get("layout", USUAL)) or abort(404)
    which = request.args.get("which", Which.ALL)
    form = PrintForm(
        layout=layout.name,
        which=which,
        has_backs=_ticked("has_backs", usually=layout.has_backs),
        has_groups=_ticked("has_groups", usually=True),
    )
    attendee = _attendee(request.args)
    return badges_page(database.session(), event=current_event(), form=form, attendee=attendee)


def _ticked(name: str, *, usually: bool) -> bool:
    """Tell whether a box is ticked; an empty one is not sent, so `said` names those that were."""
    return name in request.args if name in request.args.getlist("said") else usually


def _attendee(said: Mapping[str, str]) -> Attendee | None:
    """Return the one attendee whose badge is wanted, if only one is."""
    attendee_id = said.get("attendee")
    if not attendee_id:
        return None
    return find_attendee(
        database.session(), event_id=current_event().id, attendee_id=attendee_id
    ) or abort(404)
