"""My review of a candidate for an opening, and notes for the whole team."""

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.core import db as database
from webapp.core.errors import Conflict
from webapp.core.htmx import invalid
from webapp.recruiting import pages
from webapp.recruiting.access import current_candidate, current_member, current_opening, in_team
from webapp.recruiting.queries.candidates import candidate_row
from webapp.recruiting.review_forms import ReviewForm, TeamNoteForm
from webapp.recruiting.services import reviews as services
from webapp.recruiting.services.reviews import Seen
from webapp.recruiting.views.blueprint import bp
from webapp.recruiting.views.looking import current_review, seen
from webapp.security.access import requires


@bp.get("/events/<event_id>/candidates/<person_id>/reviews/<opening_id>")
@requires(in_team)
def review(event_id: str, person_id: str, opening_id: str) -> str:  # noqa: ARG001  # the rule reads it
    """Show the form for my review, as long as the opening takes any."""
    place, opening = current_candidate(person_id), current_opening(opening_id)
    if opening.closed_at is not None:
        abort(404)
    looking = current_review()
    page = pages.review_page(
        looking, candidate_row(looking.session, looking.member, place), opening
    )
    return render_template("recruiting/review.html", page=page)


@bp.post("/events/<event_id>/candidates/<person_id>/reviews/<opening_id>")
@requires(in_team)
def write_review(event_id: str, person_id: str, opening_id: str) -> Response:
    """Keep my review; from then on I read those of the others."""
    current_candidate(person_id)
    looking = current_review()
    form = pages.review_form(looking, current_opening(opening_id), request.form)
    if not form.validate():
        return _asked_again(person_id, opening_id, form, 422, told=form.told)
    try:
        services.write_review(
            looking.session,
            member=looking.member,
            person_id=person_id,
            opening_id=opening_id,
            rated=form.rated(),
            seen=Seen(opening=seen("seen_opening"), review=seen()),
            now=looking.now,
        )
    except Conflict as conflict:
        return _typed_again(person_id, opening_id, conflict.message)
    return _to_candidate(event_id, person_id, "reviews")


def _typed_again(person_id: str, opening_id: str, told: str) -> Response:
    """Answer with what was typed beside the criteria as they are now."""
    form = pages.review_form(current_review(), current_opening(opening_id), request.form)
    return _asked_again(person_id, opening_id, form, 409, told=told)


def _asked_again(
    person_id: str, opening_id: str, form: ReviewForm, status: int, *, told: str
) -> Response:
    looking, opening = current_review(), current_opening(opening_id)
    row = candidate_row(looking.session, looking.member, current_candidate(person_id))
    came_between = status == Conflict.status
    page = pages.review_page(looking, row, opening, form=form, told=told, came_between=came_between)
    return invalid("recruiting/review.html", status=status, page=page)


@bp.post("/events/<event_id>/candidates/<person_id>/notes")
@requires(in_team)
def write_note(event_id: str, person_id: str) -> Response:
    """Note something about a candidate for the whole team."""
    place, looking, form = (
        current_candidate(person_id),
        current_review(),
        TeamNoteForm(request.form),
    )
    if not form.validate():
        row = candidate_row(looking.session, looking.member, place)
        page = pages.candidate_page(looking, row, pages.standing_part(looking, row))
        return invalid("recruiting/candidate.html", page=pages.with_note_typed(page, form))
    services.write_note(
        looking.session,
        member=looking.member,
        person_id=person_id,
        text=form.text.data or "",
        now=looking.now,
    )
    return _to_candidate(event_id, person_id, "notes")


@bp.post("/events/<event_id>/candidates/<person_id>/notes/<note_id>/delete")
@requires(in_team)
def delete_note(event_id: str, person_id: str, note_id: str) -> Response:
    """Delete a note of mine."""
    current_candidate(person_id)
    services.delete_note(
        database.session(), member=current_member(), person_id=person_id, note_id=note_id
    )
    return _to_candidate(event_id, person_id, "notes")


def _to_candidate(event_id: str, person_id: str, part: str) -> Response:
    where = url_for("recruiting.candidate", event_id=event_id, person_id=person_id, _anchor=part)
    return redirect(where, 303)
