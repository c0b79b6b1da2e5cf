"""Handing a candidate to a colleague, and the candidate's answer."""

from flask import abort, request, url_for
from werkzeug.wrappers import Response

from webapp.accounts.access import current_person, signed_in
from webapp.core import clock
from webapp.core import db as database
from webapp.core.errors import Conflict
from webapp.core.htmx import done, invalid
from webapp.events.access import current_event
from webapp.events.models import Attendee
from webapp.recruiting import pages
from webapp.recruiting.access import current_candidate, current_member, in_team
from webapp.recruiting.forms import HandOverForm
from webapp.recruiting.queries.handovers import AskedOfMe, handover_to_me
from webapp.recruiting.services import handovers as services
from webapp.recruiting.views.blueprint import bp
from webapp.recruiting.views.looking import current_review
from webapp.security.access import requires


@bp.post("/events/<event_id>/candidates/<person_id>/hand-over")
@requires(in_team)
def hand_over(event_id: str, person_id: str) -> Response:
    """Ask a candidate whether a colleague may carry on with them."""
    looking, place = current_review(), current_candidate(person_id)
    form = HandOverForm(request.form, colleagues=looking.names)
    if not form.validate():
        return _not_taken(place, form, 422)
    try:
        services.hand_over(
            looking.session,
            member=looking.member,
            person_id=person_id,
            to_id=form.to.data or "",
            reason=form.reason.data or "",
            now=looking.now,
        )
    except Conflict as conflict:
        return _not_taken(place, form, 409, told=str(conflict.message))
    return _as_it_stands(event_id, person_id)


@bp.post("/events/<event_id>/candidates/<person_id>/hand-over/take-back")
@requires(in_team)
def take_question_back(event_id: str, person_id: str) -> Response:
    """Take my question to a candidate back while it waits."""
    place = current_candidate(person_id)
    try:
        services.take_question_back(
            database.session(), member=current_member(), person_id=person_id, now=clock.now()
        )
    except Conflict as conflict:
        return _not_taken(place, None, 409, told=str(conflict.message))
    return _as_it_stands(event_id, person_id)


def _as_it_stands(event_id: str, person_id: str) -> Response:
    part = pages.handing_part(current_review(), person_id)
    where = url_for("recruiting.candidate", event_id=event_id, person_id=person_id)
    return done("recruiting/_handing.html", row=part, otherwise=where)


def _not_taken(place: Attendee, form: HandOverForm | None, status: int, told: str = "") -> Response:
    """Answer with how it stands, and with what was typed."""
    person_id = place.person_id or ""
    part = pages.handing_part(current_review(), person_id, form=form, told=told)
    page = pages.HandOverPage(current_event(), person_id, place.name, part)
    fragment = "recruiting/_handing.html"
    return invalid("recruiting/hand_over.html", fragment, status=status, page=page, row=part)


@bp.post("/events/<event_id>/handovers/<handover_id>/accept")
@requires(signed_in)
def accept_handover(event_id: str, handover_id: str) -> Response:
    """Let a colleague of somebody I talked with carry on with me."""
    found = _asked_of_me(event_id, handover_id)
    services.accept(database.session(), handover=found.handover, now=clock.now())
    return _answered(found)


@bp.post("/events/<event_id>/handovers/<handover_id>/decline")
@requires(signed_in)
def decline_handover(event_id: str, handover_id: str) -> Response:
    """Rather not, or not any more."""
    found = _asked_of_me(event_id, handover_id)
    services.decline(database.session(), handover=found.handover, now=clock.now())
    return _answered(found)


@bp.post("/events/<event_id>/handovers/<handover_id>/undo")
@requires(signed_in)
def undo_decline(event_id: str, handover_id: str) -> Response:
    """Take my no back: the question waits again."""
    found = _asked_of_me(event_id, handover_id)
    services.undo(database.session(), handover=found.handover, now=clock.now())
    return _answered(found)


def _asked_of_me(event_id: str, handover_id: str) -> AskedOfMe:
    """Return a hand-over I find on my screens; any other looks like none."""
    found = handover_to_me(
        database.session(),
        event_id=event_id,
        handover_id=handover_id,
        person_id=current_person().id,
        now=clock.now(),
    )
    return found or abort(404)


def _answered(found: AskedOfMe) -> Response:
    row = pages.handover_row(found)
    return done("recruiting/_handover.html", row=row, otherwise=url_for("recruiting.seen_by"))
