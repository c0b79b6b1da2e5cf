"""One candidate: their page, stage and next step."""

from typing import Any

from flask import abort, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.core import clock
from webapp.core import db as database
from webapp.core.errors import Conflict
from webapp.core.htmx import done, invalid
from webapp.events.models import Attendee
from webapp.recruiting import pages
from webapp.recruiting.access import current_candidate, current_member, in_team
from webapp.recruiting.forms import OutcomeForm, PlanForm
from webapp.recruiting.models import Stage
from webapp.recruiting.pages import Moved, Screen, Shown
from webapp.recruiting.queries.candidates import CandidateRow
from webapp.recruiting.services import candidates as services
from webapp.recruiting.views.blueprint import bp
from webapp.recruiting.views.looking import current_review, row_of, seen, shown
from webapp.security.access import requires


@bp.get("/events/<event_id>/candidates/<person_id>")
@requires(in_team)
def candidate(event_id: str, person_id: str) -> str:  # noqa: ARG001  # the rule reads it
    """Show one candidate."""
    looking, row = current_review(), row_of(current_candidate(person_id))
    moved = Moved(before=request.args.get("before", ""))
    standing = pages.standing_part(looking, row, moved=moved)
    return _page(looking, row, standing)


@bp.post("/events/<event_id>/candidates/<person_id>/stage")
@requires(in_team)
def move(event_id: str, person_id: str) -> Response:
    """Move a candidate to another stage, unless a colleague was faster."""
    session, member, place = database.session(), current_member(), current_candidate(person_id)
    key = (event_id, member.team_id, request.form.get("stage", ""))
    stage = session.get(Stage, key) or abort(404)
    before = pages.stage_part(current_review(), row_of(place)).stage_id
    try:
        services.move(
            session,
            member=member,
            person_id=person_id,
            stage=stage,
            seen=seen(),
            now=clock.now(),
        )
    except Conflict as conflict:
        moved = Moved(to=stage.id, told=conflict.message)
        return _moved(current_candidate(person_id), moved)
    return _moved(place, Moved(before=before))


def _moved(place: Attendee, moved: Moved) -> Response:
    """Answer with how it stands now: in the list, on the board, or on the candidate's page."""
    on, looking, row = shown(), current_review(), row_of(place)
    part = pages.stage_part(looking, row, shown=on, moved=moved)
    if on.screen is Screen.BOARD:
        page = pages.board_page(looking, wanted=on.wanted, moved=part)
        if moved.told:
            return invalid("recruiting/board.html", "recruiting/_board.html", status=409, page=page)
        return done("recruiting/_board.html", page=page, otherwise=_back_to(place, on, moved))
    whole = pages.standing_part(looking, row, moved=moved)
    is_listed = on.screen is Screen.LIST
    fragment = "recruiting/_stage.html" if is_listed else "recruiting/_standing.html"
    answer = part if is_listed else whole
    if moved.told:
        theirs = pages.candidate_page(looking, row, whole)
        return invalid("recruiting/candidate.html", fragment, status=409, page=theirs, row=answer)
    return done(fragment, row=answer, otherwise=_back_to(place, on, moved))


def _back_to(place: Attendee, on: Shown, moved: Moved) -> str:
    """Return where the menu stood, which says what was done and takes it back."""
    event_id, person_id, before = place.event_id, place.person_id or "", moved.before
    query: dict[str, Any] = on.query | {"from": None, "moved": person_id, "before": before}
    if on.screen is Screen.BOARD:
        return url_for("recruiting.board", event_id=event_id, **query)
    if on.screen is Screen.LIST:
        anchor = f"stage-{person_id}"
        return url_for("recruiting.candidates", event_id=event_id, _anchor=anchor, **query)
    return url_for("recruiting.candidate", event_id=event_id, person_id=person_id, before=before)


@bp.post("/events/<event_id>/candidates/<person_id>/next-step")
@requires(in_team)
def plan(event_id: str, person_id: str) -> Response:
    """Say what is next with a candidate, who does it, and when."""
    looking, place = current_review(), current_candidate(person_id)
    form = pages.plan_form(looking, row_of(place), request.form)
    if not form.validate():
        return _planned(place, form, 422)
    try:
        services.plan(
            looking.session,
            member=looking.member,
            person_id=person_id,
            next_step=form.next_step.data or "",
            next_on=form.day,
            owner_id=form.owner.data or None,
            seen=seen(),
            now=looking.now,
        )
    except Conflict as conflict:
        return _planned(current_candidate(person_id), form, 409, told=conflict.message)
    row = pages.standing_part(looking, row_of(place))
    where = url_for("recruiting.candidate", event_id=event_id, person_id=person_id)
    return done("recruiting/_standing.html", row=row, kept="next", otherwise=where)


def _planned(place: Attendee, form: PlanForm, status: int, told: str = "") -> Response:
    """Answer with what was typed beside how it stands now."""
    looking, row = current_review(), row_of(place)
    part = pages.standing_part(looking, row, form=form, told=told)
    page = pages.candidate_page(looking, row, part)
    fragment = "recruiting/_standing.html"
    return invalid("recruiting/candidate.html", fragment, status=status, page=page, row=part)


@bp.post("/events/<event_id>/candidates/<person_id>/outcome")
@requires(in_team)
def say_outcome(event_id: str, person_id: str) -> Response:
    """Say what came of the talk with a candidate."""
    form = OutcomeForm(request.form)
    if not form.validate():
        return _said(current_candidate(person_id), form, 422)
    current_candidate(person_id)
    try:
        services.say_outcome(
            database.session(),
            member=current_member(),
            person_id=person_id,
            outcome=form.said,
            seen=seen(),
            now=clock.now(),
        )
    except Conflict as conflict:
        return _said(current_candidate(person_id), form, 409, told=conflict.message)
    row = pages.standing_part(current_review(), row_of(current_candidate(person_id)))
    where = url_for("recruiting.candidate", event_id=event_id, person_id=person_id)
    return done("recruiting/_standing.html", row=row, kept="outcome", otherwise=where)


def _said(place: Attendee, form: OutcomeForm, status: int, told: str = "") -> Response:
    """Answer with what was chosen beside how it stands now."""
    looking, row = current_review(), row_of(place)
    part = pages.standing_part(looking, row, outcome=form, moved=Moved(told=told))
    page = pages.candidate_page(looking, row, part)
    fragment = "recruiting/_standing.html"
    return invalid("recruiting/candidate.html", fragment, status=status, page=page, row=part)


def _page(looking: pages.Review, row: CandidateRow, standing: pages.StandingPart) -> str:
    page = pages.candidate_page(looking, row, standing, back=shown())
    return render_template("recruiting/candidate.html", page=page)
