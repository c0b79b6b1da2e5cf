"""My events."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template

from webapp.accounts.access import current_person, signed_in
from webapp.core import clock
from webapp.core import db as database
from webapp.events import queries
from webapp.events.models import Event, RoleName
from webapp.events.queries import MyEvent
from webapp.events.rules import RUNS_THE_EVENT, WORKS_THE_DESK, takes_talks
from webapp.events.team.queries import my_invitations, offered_to_me
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
    may_leave: list[RoleName]
    """My roles there that I can give back."""
    is_put_away: bool
    """True if it is archived and I help with it; who only attends keeps it in sight."""


@dataclass(frozen=True, slots=True)
class MinePage:
    """My events, and the roles that wait for me."""

    rows: list[EventRow]
    archived: list[EventRow]
    invitations: list[tuple[Event, RoleName]]
    offered: list[Event]
    """Events somebody wants to hand over to me."""

    @property
    def may_install(self) -> bool:
        """False during an event: nothing is offered then but to meet."""
        return not any(row.is_on for row in [*self.rows, *self.archived])


@bp.get("/events")
@requires(signed_in)
def mine() -> str:
    """List my events."""
    session, me, now = database.session(), current_person(), clock.now()
    rows = [_event_row(one, now) for one in queries.my_events(session, me.id)]
    page = MinePage(
        [row for row in rows if not row.is_put_away],
        [row for row in rows if row.is_put_away],
        my_invitations(session, me.id),
        offered_to_me(session, me.id),
    )
    return render_template("events/mine.html", page=page)


def _event_row(one: MyEvent, now: datetime) -> EventRow:
    return EventRow(
        one.event,
        one.is_attendee,
        takes_talks(one.event, now),
        bool(one.roles & RUNS_THE_EVENT),
        bool(one.roles & WORKS_THE_DESK) and not one.event.is_erased,
        sorted(one.roles - {RoleName.ORGANISER}),
        one.event.is_archived and bool(one.roles),
    )
