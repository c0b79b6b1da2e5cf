"""My events, creating one, and who helps with it."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.accounts.access import current_person, signed_in
from webapp.core import clock
from webapp.core import db as database
from webapp.core.htmx import invalid
from webapp.events import queries, services
from webapp.events.access import current_event, current_place, owning, running
from webapp.events.forms import EventForm, RoleForm
from webapp.events.models import Event, Invitation, RoleName
from webapp.events.queries import MyEvent
from webapp.events.rules import RUNS_THE_EVENT, WORKS_THE_DESK, takes_talks
from webapp.security.access import requires

bp = Blueprint("events", __name__)


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event in my list."""

    event: Event
    is_attendee: bool
    is_on: bool
    may_run: bool
    may_desk: bool


@dataclass(frozen=True, slots=True)
class MinePage:
    """My events, and the roles that wait for me."""

    rows: list[EventRow]
    invitations: list[tuple[Event, RoleName]]

    @property
    def may_install(self) -> bool:
        """False during an event: nothing is offered then but to meet."""
        return not any(row.is_on for row in self.rows)


@dataclass(frozen=True, slots=True)
class TeamPage:
    """Who helps, who is asked to, and the form to ask somebody."""

    event: Event
    team: list[tuple[str, str, RoleName]]
    invitations: list[Invitation]
    form: RoleForm
    may_change: bool


@bp.get("/events")
@requires(signed_in)
def mine() -> str:
    """List my events."""
    me, now = current_person(), clock.now()
    rows = [_event_row(one, now) for one in queries.my_events(database.session(), me.id)]
    page = MinePage(rows, queries.my_invitations(database.session(), me.id))
    return render_template("events/mine.html", page=page)


def _event_row(one: MyEvent, now: datetime) -> EventRow:
    return EventRow(
        one.event,
        one.is_attendee,
        takes_talks(one.event, now),
        bool(one.roles & RUNS_THE_EVENT),
        bool(one.roles & WORKS_THE_DESK),
    )


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


@bp.get("/events/new")
@requires(signed_in)
def new() -> str:
    """Show the form for a new event."""
    return render_template("events/new.html", page=EventForm())


@bp.post("/events/new")
@requires(signed_in)
def create() -> Response:
    """Create an event; its creator organises it."""
    form = EventForm(request.form)
    if not form.validate():
        return invalid("events/new.html", page=form)
    event = services.create_event(
        database.session(), said=form.command(), by=current_person(), now=clock.now()
    )
    return redirect(url_for("badges.desk", event_id=event.id), 303)


@bp.get("/events/<event_id>/team")
@requires(running)
def team(event_id: str) -> str:  # noqa: ARG001  # the rule reads it
    """List who helps."""
    return render_template("events/team.html", page=_team_page(RoleForm()))


@bp.post("/events/<event_id>/team")
@requires(owning)
def add_to_team(event_id: str) -> Response:
    """Ask somebody to help; they accept when they sign in with that address."""
    form = RoleForm(request.form)
    if not form.validate():
        return invalid("events/team.html", page=_team_page(form))
    services.invite(
        database.session(),
        event=current_event(),
        address=form.normal_address,
        name=RoleName(form.name.data),
        now=clock.now(),
    )
    return redirect(url_for("events.team", event_id=event_id), 303)


@bp.post("/events/<event_id>/team/remove")
@requires(owning)
def remove_from_team(event_id: str) -> Response:
    """Take a role or an invitation back; the organiser's own role stays."""
    name = request.form.get("name", "")
    if name not in set(RoleName) - {RoleName.ORGANISER}:
        abort(404)
    session, event, role = database.session(), current_event(), RoleName(name)
    if person_id := request.form.get("person_id"):
        services.take_role(session, event=event, person_id=person_id, name=role)
    if address := request.form.get("address"):
        services.withdraw_invitation(session, event=event, address=address, name=role)
    return redirect(url_for("events.team", event_id=event_id), 303)


def _team_page(form: RoleForm) -> TeamPage:
    place, session = current_place(), database.session()
    return TeamPage(
        place.event,
        queries.team_of(session, place.event.id),
        queries.invitations_to(session, place.event.id),
        form,
        RoleName.ORGANISER in place.roles,
    )
