"""The log of an event, and what of all logs concerns me."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from webapp.accounts.access import current_person, signed_in
from webapp.accounts.models import Person
from webapp.core import db as database
from webapp.core import signals
from webapp.events.access import current_event, looking_back
from webapp.events.log import queries
from webapp.events.log.lines import EntryRow
from webapp.events.log.queries import ON_A_PAGE, LogRow
from webapp.events.log.words import told, told_to_me, who
from webapp.events.models import Event
from webapp.security.access import requires

bp = Blueprint("log", __name__)


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some entries, and where the next page begins."""

    rows: list[EntryRow]
    older: str
    """The entry before which the next page begins; empty on the last one."""
    is_first: bool


@dataclass(frozen=True, slots=True)
class EventLogPage:
    """The log of one event."""

    event: Event
    log: LogPage


@bp.get("/events/<event_id>/log")
@requires(looking_back)
def event_log(event_id: str) -> str:
    """Show what was done at an event by those who work there."""
    before = request.args.get("before", "")
    found = queries.log_of(database.session(), event_id, before=before)
    rows = [_row(one, one.actor or _("By itself"), told(one)) for one in found]
    page = EventLogPage(current_event(), _page(found, rows, before))
    return render_template("events/log.html", page=page)


@bp.get("/me/log")
@requires(signed_in)
def my_log() -> str:
    """Show what organisers and helpers did that concerns me, and what teams did with my data."""
    me, before = current_person(), request.args.get("before", "")
    found = queries.log_about(database.session(), me.id, before=before)
    rows = [_row(one, who(one, me=me.id), told_to_me(one)) for one in found]
    page = _page(found, rows, before)
    page.rows.extend(_others(me, found, before))
    page.rows.sort(key=lambda row: row.done_at, reverse=True)
    return render_template("events/my_log.html", page=page)


def _others(me: Person, found: list[LogRow], before: str) -> list[EntryRow]:
    """Return what other features tell of the time that this page covers."""
    session = database.session()
    until = queries.moment_of(session, before) if before else None
    if before and until is None:
        return []
    since = found[ON_A_PAGE - 1].entry.done_at if len(found) > ON_A_PAGE else None
    asked = signals.log_asked.send(me, session=session, since=since, until=until)
    return [row for _receiver, rows in asked for row in rows]


def _row(found: LogRow, actor: str, what: str) -> EntryRow:
    return EntryRow(actor, what, found.entry.done_at, found.event)


def _page(found: list[LogRow], rows: list[EntryRow], before: str) -> LogPage:
    older = found[ON_A_PAGE - 1].entry.id if len(found) > ON_A_PAGE else ""
    return LogPage(rows[:ON_A_PAGE], older, not before)
