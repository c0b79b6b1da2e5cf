"""Whom we talked with: the list, one candidate, stages and next steps."""

from flask import abort, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.accounts.access import current_person
from webapp.core import clock
from webapp.core import db as database
from webapp.core.errors import Conflict
from webapp.core.fields import clean
from webapp.core.htmx import done, invalid
from webapp.events.access import current_event
from webapp.events.models import Attendee
from webapp.recruiting import pages
from webapp.recruiting.access import current_candidate, current_member, current_team, in_team
from webapp.recruiting.forms import PlanForm
from webapp.recruiting.models import Stage
from webapp.recruiting.pages import Moved
from webapp.recruiting.queries import candidates as queries
from webapp.recruiting.queries.candidates import CandidateRow, Wanted
from webapp.recruiting.services import candidates as services
from webapp.recruiting.views.blueprint import bp
from webapp.recruiting.views.seen import seen
from webapp.security.access import requires

LIST = "list"


@bp.get("/events/<event_id>/candidates")
@requires(in_team)
def candidates(event_id: str) -> str:  # noqa: ARG001  # the rule reads it
    """Show whom the team talked with and may see."""
    wanted = Wanted(
        words=clean(request.args.get("words")),
        colleague_id=clean(request.args.get("colleague")),
        stage_id=clean(request.args.get("stage")),
        after=clean(request.args.get("after")),
    )
    page = pages.candidates_page(_review(), team=current_team().name, wanted=wanted)
    return render_template("recruiting/candidates.html", page=page)


@bp.get("/events/<event_id>/candidates/<person_id>")
@requires(in_team)
def candidate(event_id: str, person_id: str) -> str:  # noqa: ARG001  # the rule reads it
    """Show one candidate."""
    looking, row = _review(), _row(current_candidate(person_id))
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
    before = pages.stage_part(_review(), _row(place)).stage_id
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
    """Answer with how it stands now: in the list, or on the candidate's page."""
    looking, row = _review(), _row(place)
    whole = pages.standing_part(looking, row, moved=moved)
    is_listed = request.form.get("from") == LIST
    fragment = "recruiting/_stage.html" if is_listed else "recruiting/_standing.html"
    part = pages.stage_part(looking, row, moved=moved) if is_listed else whole
    if moved.told:
        page = pages.candidate_page(looking, row, whole)
        return invalid("recruiting/candidate.html", fragment, status=409, page=page, row=part)
    where = url_for(
        "recruiting.candidate",
        event_id=place.event_id,
        person_id=place.person_id,
        before=moved.before,
    )
    return done(fragment, row=part, otherwise=where)


@bp.post("/events/<event_id>/candidates/<person_id>/next-step")
@requires(in_team)
def plan(event_id: str, person_id: str) -> Response:
    """Say what is next with a candidate, who does it, and when."""
    looking, place = _review(), current_candidate(person_id)
    form = pages.plan_form(looking, _row(place), request.form)
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
    row = pages.standing_part(looking, _row(place))
    where = url_for("recruiting.candidate", event_id=event_id, person_id=person_id)
    return done("recruiting/_standing.html", row=row, otherwise=where)


def _planned(place: Attendee, form: PlanForm, status: int, told: str = "") -> Response:
    """Answer with what was typed beside how it stands now."""
    looking, row = _review(), _row(place)
    part = pages.standing_part(looking, row, form=form, told=told)
    page = pages.candidate_page(looking, row, part)
    fragment = "recruiting/_standing.html"
    return invalid("recruiting/candidate.html", fragment, status=status, page=page, row=part)


def _review() -> pages.Review:
    return pages.review(
        database.session(),
        event=current_event(),
        member=current_member(),
        me=current_person(),
        now=clock.now(),
    )


def _row(place: Attendee) -> CandidateRow:
    return queries.candidate_row(database.session(), current_member(), place)


def _page(looking: pages.Review, row: CandidateRow, standing: pages.StandingPart) -> str:
    page = pages.candidate_page(looking, row, standing)
    return render_template("recruiting/candidate.html", page=page)
