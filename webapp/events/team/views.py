"""Who helps: asking, accepting, removing, leaving, handing over."""

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.accounts.access import current_person, signed_in
from webapp.core import clock
from webapp.core import db as database
from webapp.core.htmx import invalid
from webapp.events.access import current_event, current_place, helping, owning, running
from webapp.events.models import Event, Invitation, RoleName
from webapp.events.team import queries, services
from webapp.events.team.forms import RoleForm
from webapp.events.team.queries import Helper
from webapp.security.access import requires
from webapp.security.limits import limiter

bp = Blueprint("team", __name__)


@dataclass(frozen=True, slots=True)
class TeamPage:
    """Who helps, who is asked to, and the form to ask somebody."""

    event: Event
    team: list[Helper]
    invitations: list[Invitation]
    offered_to: str | None
    """The co-organiser to whom the event is offered, by id."""
    form: RoleForm
    me: str
    is_organiser: bool

    @property
    def co_organisers(self) -> list[Helper]:
        """Those who could take the event over."""
        return [one for one in self.team if one.role is RoleName.CO_ORGANISER]


@bp.get("/events/<event_id>/team")
@requires(running)
def team(event_id: str) -> str:  # noqa: ARG001  # the rule reads it
    """List who helps."""
    return render_template("events/team.html", page=_team_page(RoleForm()))


@bp.post("/events/<event_id>/team")
@requires(owning)
@limiter.limit("20 per hour; 60 per day", key_func=lambda: f"invitations by {current_person().id}")
def ask(event_id: str) -> Response:
    """Ask somebody to help; they accept when they sign in with that address."""
    form = RoleForm(request.form)
    if not form.validate():
        return invalid("events/team.html", page=_team_page(form))
    services.invite(
        database.session(),
        event=current_event(),
        address=form.normal_address,
        name=RoleName(form.name.data),
        by=current_person(),
        now=clock.now(),
    )
    flash(_("Asked. They find it under Your events."), "done")
    return redirect(url_for("team.team", event_id=event_id), 303)


@bp.post("/events/<event_id>/team/remove")
@requires(owning)
def remove(event_id: str) -> Response:
    """Take a role or an invitation back; the organiser's own role stays."""
    session, event, role = database.session(), current_event(), _role_that_ends()
    me, now = current_person(), clock.now()
    if person_id := request.form.get("person_id"):
        services.take_role(session, event=event, person_id=person_id, name=role, by=me, now=now)
    if address := request.form.get("address"):
        services.withdraw_invitation(
            session, event=event, address=address, name=role, by=me, now=now
        )
    return redirect(url_for("team.team", event_id=event_id), 303)


@bp.post("/events/<event_id>/team/leave")
@requires(helping)
def leave(event_id: str) -> Response:  # noqa: ARG001  # the rule reads it
    """Give a role of mine back; an organiser hands the event over first."""
    me, role = current_person(), _role_that_ends()
    if role not in current_place().roles:
        abort(404)
    services.take_role(
        database.session(),
        event=current_event(),
        person_id=me.id,
        name=role,
        by=me,
        now=clock.now(),
    )
    flash(_("Done. You no longer help there."), "done")
    return redirect(url_for("events.mine"), 303)


def _role_that_ends() -> RoleName:
    """Return the role of the form; that of the organiser ends only when it is handed over."""
    name = request.form.get("name", "")
    if name not in set(RoleName) - {RoleName.ORGANISER}:
        abort(404)
    return RoleName(name)


@bp.post("/events/<event_id>/invitation/accept")
@requires(signed_in)
def accept_invitation(event_id: str) -> Response:
    """Take the roles that wait for my addresses; for everybody else there is nothing here."""
    event = database.session().get(Event, event_id) or abort(404)
    taken = services.accept_invitations(
        database.session(), event=event, person=current_person(), now=clock.now()
    )
    if not taken:
        abort(404)
    return redirect(url_for("events.mine"), 303)


@bp.post("/events/<event_id>/transfer")
@requires(owning)
def offer(event_id: str) -> Response:
    """Offer the event to a co-organiser; it is theirs once they accept."""
    services.offer_event(
        database.session(),
        event=current_event(),
        person_id=request.form.get("person_id", ""),
        by=current_person(),
        now=clock.now(),
    )
    flash(_("Offered. It is yours until they accept."), "done")
    return redirect(url_for("team.team", event_id=event_id), 303)


@bp.post("/events/<event_id>/transfer/end")
@requires(running)
def end_offer(event_id: str) -> Response:
    """Withdraw my offer, or decline the one made to me."""
    _offer_that_concerns_me()
    services.end_offer(
        database.session(), event=current_event(), by=current_person(), now=clock.now()
    )
    return redirect(url_for("team.team", event_id=event_id), 303)


@bp.post("/events/<event_id>/transfer/accept")
@requires(running)
def take_over(event_id: str) -> Response:
    """Take the event over; whoever offered it becomes a co-organiser."""
    services.accept_event(
        database.session(), event=current_event(), by=current_person(), now=clock.now()
    )
    flash(_("You organise %(event)s now.", event=current_event().name), "done")
    return redirect(url_for("team.team", event_id=event_id), 303)


def _offer_that_concerns_me() -> None:
    """Let the organiser and the one they offer the event to pass; others find nothing."""
    place = current_place()
    offer = queries.transfer_of(database.session(), place.event.id)
    is_mine = offer is not None and offer.person_id == current_person().id
    if not is_mine and RoleName.ORGANISER not in place.roles:
        abort(404)


def _team_page(form: RoleForm) -> TeamPage:
    place, session = current_place(), database.session()
    offer = queries.transfer_of(session, place.event.id)
    return TeamPage(
        place.event,
        queries.team_of(session, place.event.id),
        queries.invitations_to(session, place.event.id),
        offer.person_id if offer else None,
        form,
        current_person().id,
        RoleName.ORGANISER in place.roles,
    )
