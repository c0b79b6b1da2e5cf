"""Openings: all members read them, admins make, change and close them."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.core import clock
from webapp.core import db as database
from webapp.core.errors import DomainError
from webapp.core.htmx import invalid
from webapp.events.access import current_event
from webapp.recruiting import pages
from webapp.recruiting.access import current_member, current_opening, in_team, leading
from webapp.recruiting.queries.reviews import criteria
from webapp.recruiting.review_forms import (
    NEW,
    NewOpeningForm,
    OpeningForm,
    change_form,
    texts_of,
)
from webapp.recruiting.services import openings as services
from webapp.recruiting.views.blueprint import bp
from webapp.recruiting.views.looking import seen
from webapp.security.access import requires


@bp.get("/events/<event_id>/openings")
@requires(in_team)
def openings(event_id: str) -> str:  # noqa: ARG001  # the rule reads it
    """List the openings of my team."""
    return render_template("recruiting/openings.html", page=_openings_page(NewOpeningForm()))


@bp.post("/events/<event_id>/openings")
@requires(leading)
def add_opening(event_id: str) -> Response:
    """Make an opening."""
    form = NewOpeningForm(request.form)
    if not form.validate():
        return invalid("recruiting/openings.html", page=_openings_page(form))
    opening = services.add_opening(
        database.session(),
        member=current_member(),
        title=form.title.data or "",
        criteria=form.lines,
        now=clock.now(),
    )
    flash(_("Made. Your team can review for it now."), "done")
    return _to(event_id, opening.id)


@bp.get("/events/<event_id>/openings/<opening_id>")
@requires(in_team)
def opening(event_id: str, opening_id: str) -> str:  # noqa: ARG001  # the rule reads it
    """Show one opening with its criteria."""
    return render_template("recruiting/opening.html", page=_opening_page(opening_id))


@bp.post("/events/<event_id>/openings/<opening_id>")
@requires(leading)
def change_opening(event_id: str, opening_id: str) -> Response:
    """Put an opening and its criteria into other words, add one, take away an unused one."""
    session, member, found = database.session(), current_member(), current_opening(opening_id)
    form = change_form(found, criteria(session, member).get(opening_id, []), request.form)
    if not form.validate():
        return _asked_again(opening_id, form, 422)
    try:
        services.change_opening(
            session,
            member=member,
            opening=found,
            title=form.title.data or "",
            texts=texts_of(form),
            new=form[NEW].data or "" if NEW in form else "",
            seen=seen(),
        )
    except DomainError as problem:
        return _asked_again(opening_id, form, problem.status, told=problem.message)
    flash(_("Kept."), "done")
    return _to(event_id, opening_id)


def _asked_again(opening_id: str, form: OpeningForm, status: int, told: str = "") -> Response:
    page = _opening_page(opening_id, form=form, told=told)
    return invalid("recruiting/opening.html", status=status, page=page)


@bp.post("/events/<event_id>/openings/<opening_id>/close")
@requires(leading)
def close_opening(event_id: str, opening_id: str) -> Response:
    """Offer an opening no longer for reviews."""
    found = current_opening(opening_id)
    services.close_opening(database.session(), opening=found, now=clock.now())
    return _to(event_id, opening_id)


@bp.post("/events/<event_id>/openings/<opening_id>/reopen")
@requires(leading)
def reopen_opening(event_id: str, opening_id: str) -> Response:
    """Take the closing back."""
    services.reopen_opening(database.session(), opening=current_opening(opening_id))
    return _to(event_id, opening_id)


def _openings_page(form: NewOpeningForm) -> pages.OpeningsPage:
    session, member = database.session(), current_member()
    return pages.openings_page(session, event=current_event(), member=member, form=form)


def _opening_page(
    opening_id: str, *, form: OpeningForm | None = None, told: str = ""
) -> pages.OpeningPage:
    return pages.opening_page(
        database.session(),
        event=current_event(),
        member=current_member(),
        opening=current_opening(opening_id),
        form=form,
        told=told,
    )


def _to(event_id: str, opening_id: str) -> Response:
    where = url_for("recruiting.opening", event_id=event_id, opening_id=opening_id)
    return redirect(where, 303)
