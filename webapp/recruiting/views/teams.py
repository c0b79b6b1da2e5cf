"""My teams: joining, my colleagues, the names of our stages, leaving."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.accounts.access import current_person, signed_in
from webapp.core import clock
from webapp.core import db as database
from webapp.core.errors import DomainError
from webapp.core.fields import clean
from webapp.core.htmx import invalid
from webapp.events.access import current_event
from webapp.events.models import Event
from webapp.recruiting.access import current_member, current_team, in_team, leading
from webapp.recruiting.forms import LONGEST_STAGE, AddressForm, stage_names
from webapp.recruiting.models import Member, Stage, Team, TeamInvitation
from webapp.recruiting.queries import teams as queries
from webapp.recruiting.services import teams as services
from webapp.recruiting.views.blueprint import bp
from webapp.security.access import requires
from webapp.security.limits import limiter


@dataclass(frozen=True, slots=True)
class MyTeamPage:
    """My team: who is in it, who is asked, and what our stages are called."""

    event: Event
    team: Team
    colleagues: list[tuple[Member, str]]
    invitations: Sequence[TeamInvitation]
    stages: Sequence[Stage]
    form: AddressForm
    me: str
    is_admin: bool


@bp.get("/teams")
@requires(signed_in)
def my_teams() -> str:
    """List my teams and those I am asked to join."""
    page = queries.my_teams(database.session(), current_person().id)
    return render_template("recruiting/my_teams.html", page=page)


@bp.post("/events/<event_id>/teams/<team_id>/join")
@requires(signed_in)
def join(event_id: str, team_id: str) -> Response:
    """Take the place that waits for one of my addresses; for all others there is nothing here."""
    session, me = database.session(), current_person()
    waiting = [
        (team, event)
        for team, event, is_in in queries.my_teams(session, me.id)
        if (team.event_id, team.id, is_in) == (event_id, team_id, False)
    ]
    team, event = waiting[0] if waiting else abort(404)
    services.join(session, event=event, team=team, person=me, now=clock.now())
    return redirect(url_for("recruiting.my_team", event_id=event_id), 303)


@bp.get("/events/<event_id>/my-team")
@requires(in_team)
def my_team(event_id: str) -> str:  # noqa: ARG001  # the rule reads it
    """Show my team."""
    return render_template("recruiting/my_team.html", page=_my_team_page(AddressForm()))


def _my_team_page(form: AddressForm) -> MyTeamPage:
    session, team, member = database.session(), current_team(), current_member()
    key = {"event_id": team.event_id, "team_id": team.id}
    return MyTeamPage(
        event=current_event(),
        team=team,
        colleagues=queries.colleagues(session, **key),
        invitations=queries.invitations(session, **key) if member.is_admin else [],
        stages=queries.stages(session, **key),
        form=form,
        me=member.person_id,
        is_admin=member.is_admin,
    )


@bp.post("/events/<event_id>/my-team")
@requires(leading)
@limiter.limit("20 per hour; 60 per day", key_func=lambda: f"colleagues by {current_person().id}")
def invite(event_id: str) -> Response:
    """Ask a colleague to join."""
    form = AddressForm(request.form)
    if not form.validate():
        return invalid("recruiting/my_team.html", page=_my_team_page(form))
    services.invite(
        database.session(),
        event=current_event(),
        team=current_team(),
        address=form.normal_address,
        is_admin=False,
        by=current_person(),
        now=clock.now(),
    )
    flash(_("Asked. They find it under Your teams."), "done")
    return redirect(url_for("recruiting.my_team", event_id=event_id), 303)


@bp.post("/events/<event_id>/my-team/remove")
@requires(leading)
def remove(event_id: str) -> Response:
    """Remove a colleague, or take an invitation back."""
    session, team, me, now = database.session(), current_team(), current_person(), clock.now()
    if person_id := request.form.get("person_id"):
        services.leave(
            session, event=current_event(), team=team, person_id=person_id, by=me, now=now
        )
    if address := request.form.get("address"):
        services.withdraw_invitation(session, team=team, address=address, now=now)
    return redirect(url_for("recruiting.my_team", event_id=event_id), 303)


@bp.post("/events/<event_id>/my-team/leave")
@requires(in_team)
def leave(event_id: str) -> Response:  # noqa: ARG001  # the rule reads it
    """Leave my team."""
    me, team = current_person(), current_team()
    services.leave(
        database.session(),
        event=current_event(),
        team=team,
        person_id=me.id,
        by=me,
        now=clock.now(),
    )
    flash(_("Done. You are no longer in the team of %(team)s.", team=team.name), "done")
    return redirect(url_for("recruiting.my_teams"), 303)


@bp.post("/events/<event_id>/my-team/stages")
@requires(leading)
def name_stages(event_id: str) -> Response:
    """Give our stages other names, and add one."""
    new = clean(request.form.get("new"))
    if len(new) > LONGEST_STAGE:
        raise DomainError(_("The name of a stage has at most %(most)s signs.", most=LONGEST_STAGE))
    services.name_stages(
        database.session(), team=current_team(), names=stage_names(request.form), new=new
    )
    flash(_("Kept."), "done")
    return redirect(url_for("recruiting.my_team", event_id=event_id), 303)
