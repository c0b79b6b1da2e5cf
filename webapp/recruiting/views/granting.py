"""The teams of an event, as its organisers see and grant them."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.accounts.access import current_person
from webapp.core import clock
from webapp.core import db as database
from webapp.core.htmx import invalid
from webapp.events.access import current_event, current_place, owning, running
from webapp.events.models import Event, RoleName
from webapp.recruiting.forms import TeamForm
from webapp.recruiting.models import Team
from webapp.recruiting.queries.teams import teams_at
from webapp.recruiting.services.teams import grant_team
from webapp.recruiting.views.blueprint import bp
from webapp.security.access import requires
from webapp.security.limits import limiter


@dataclass(frozen=True, slots=True)
class TeamsPage:
    """The teams of an event, and the form for one more."""

    event: Event
    teams: list[tuple[Team, int]]
    form: TeamForm | None
    """None for those who may not grant."""


@bp.get("/events/<event_id>/teams")
@requires(running)
def teams(event_id: str) -> str:  # noqa: ARG001  # the rule reads it
    """List the teams of an event, with the number of their people."""
    is_organiser = RoleName.ORGANISER in current_place().roles
    page = _teams_page(TeamForm() if is_organiser else None)
    return render_template("recruiting/teams.html", page=page)


@bp.post("/events/<event_id>/teams")
@requires(owning)
@limiter.limit("20 per hour; 60 per day", key_func=lambda: f"teams by {current_person().id}")
def grant(event_id: str) -> Response:
    """Grant a team, and ask its admin to join."""
    form = TeamForm(request.form)
    if not form.validate():
        return invalid("recruiting/teams.html", page=_teams_page(form))
    grant_team(
        database.session(),
        event=current_event(),
        name=form.name.data or "",
        address=form.normal_address,
        by=current_person(),
        now=clock.now(),
    )
    flash(_("Granted. They get one mail, and find it under Your teams."), "done")
    return redirect(url_for("recruiting.teams", event_id=event_id), 303)


def _teams_page(form: TeamForm | None) -> TeamsPage:
    event = current_event()
    return TeamsPage(event, teams_at(database.session(), event.id), form)
