"""Whom we talked with: as a list, and by stage."""

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.recruiting import pages
from webapp.recruiting.access import candidate_or_none, current_team, in_team
from webapp.recruiting.pages import Moved, Screen, Shown
from webapp.recruiting.views.blueprint import bp
from webapp.recruiting.views.looking import current_review, row_of, wanted
from webapp.security.access import requires


@bp.get("/events/<event_id>/candidates")
@requires(in_team)
def candidates(event_id: str) -> str | Response:
    """Show whom the team talked with and may see."""
    asked = wanted()
    looking = current_review()
    other = request.args.get("event", event_id)
    if other != event_id and other in {event.id for event in looking.events()}:
        return redirect(url_for("recruiting.candidates", event_id=other, **_elsewhere()), 303)
    moved = {request.args.get("moved", ""): Moved(before=request.args.get("before", ""))}
    page = pages.candidates_page(looking, team=current_team().name, wanted=asked, moved=moved)
    return render_template("recruiting/candidates.html", page=page)


def _elsewhere() -> dict[str, Any]:
    """Return what can be asked at another event, too: colleagues and stages are others there."""
    query = wanted().query
    return {key: query[key] for key in ("words", "topic", "due", "sort") if key in query}


@bp.get("/events/<event_id>/candidates/board")
@requires(in_team)
def board(event_id: str) -> str:  # noqa: ARG001  # the rule reads it
    """Show the same by stage."""
    looking, asked = current_review(), wanted()
    place = candidate_or_none(request.args.get("moved", ""))
    moved = Moved(before=request.args.get("before", ""))
    shown = Shown(Screen.BOARD, asked)
    part = pages.stage_part(looking, row_of(place), shown=shown, moved=moved) if place else None
    page = pages.board_page(looking, wanted=asked, moved=part)
    return render_template("recruiting/board.html", page=page)
