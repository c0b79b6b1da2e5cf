"""Letting a team see me, and taking it back."""

from dataclasses import dataclass

from flask import abort, flash, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.accounts.access import current_person, signed_in
from webapp.core import clock
from webapp.core import db as database
from webapp.core.htmx import done, gone_to
from webapp.recruiting import pages
from webapp.recruiting.models import Team
from webapp.recruiting.pages import HandoversPart, SeenByPage, seen_by_page
from webapp.recruiting.queries.consent import TeamThatAsks, teams_that_may_ask, teams_that_see
from webapp.recruiting.services import consent as services
from webapp.recruiting.views.blueprint import bp
from webapp.security.access import requires


@dataclass(frozen=True, slots=True)
class SeenByScreen:
    """The teams that see me, where my data went, and what I am asked."""

    seen_by: SeenByPage
    asked: HandoversPart


@bp.get("/me/teams")
@requires(signed_in)
def seen_by() -> str:
    """List the teams that see me, where my data went, and what they ask me."""
    session, me = database.session(), current_person()
    asked = pages.handovers_part(session, me=me, now=clock.now())
    page = SeenByScreen(seen_by_page(session, me), asked)
    return render_template("recruiting/seen_by.html", page=page)


@bp.post("/events/<event_id>/teams/<team_id>/agree")
@requires(signed_in)
def agree(event_id: str, team_id: str) -> Response:
    """Let the team of somebody I talked with see it."""
    session, me = database.session(), current_person()
    asks = _asks(event_id, team_id) or abort(404)
    services.agree(session, team=asks.team, person=me, now=clock.now())
    return _answer(asks, sees_me=True)


@bp.post("/events/<event_id>/teams/<team_id>/take-back")
@requires(signed_in)
def take_back(event_id: str, team_id: str) -> Response:
    """Let a team see me no more."""
    session, me = database.session(), current_person()
    seen = [one for one, _event in teams_that_see(session, me.id)]
    team = next((one for one in seen if (one.event_id, one.id) == (event_id, team_id)), None)
    asks = _asks(event_id, team_id)
    if team is not None:
        services.withdraw(session, team=team, person=me, now=clock.now())
    if asks is not None:
        return _answer(asks, sees_me=False)
    return _back(team or abort(404))


def _asks(event_id: str, team_id: str) -> TeamThatAsks | None:
    found = teams_that_may_ask(database.session(), person_id=current_person().id, event_id=event_id)
    return next((one for one in found if one.team.id == team_id), None)


def _answer(asks: TeamThatAsks, *, sees_me: bool) -> Response:
    row = TeamThatAsks(asks.team, asks.event, sees_me)
    return done("recruiting/_agreement.html", row=row, otherwise=url_for("recruiting.seen_by"))


def _back(team: Team) -> Response:
    flash(_("Done. The team of %(team)s no longer sees you.", team=team.name), "done")
    return gone_to(url_for("recruiting.seen_by"))
