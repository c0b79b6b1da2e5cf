"""The log of an event, and what of all logs concerns me."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from webapp.accounts.access import current_person, signed_in
from webapp.core import db as database
from webapp.events.access import current_event, looking_back
from webapp.events.log import queries
from webapp.events.log.queries import ON_A_PAGE, LogRow
from webapp.events.log.words import told, told_to_me, who
from webapp.events.models import Event
from webapp.security.access import requires

bp = Blueprint("log", __name__)


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry as it is read."""

    who: str
    what: str
    done_at: datetime
    event: Event


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
    """Show what organisers and helpers did that concerns me."""
    me, before = current_person().id, request.args.get("before", "")
    found = queries.log_about(database.session(), me, before=before)
    rows = [_row(one, who(one, me=me), told_to_me(one)) for one in found]
    return render_template("events/my_log.html", page=_page(found, rows, before))


def _row(found: LogRow, actor: str, what: str) -> EntryRow:
    return EntryRow(actor, what, found.entry.done_at, found.event)


def _page(found: list[LogRow], rows: list[EntryRow], before: str) -> LogPage:
    older = found[ON_A_PAGE - 1].entry.id if len(found) > ON_A_PAGE else ""
    return LogPage(rows[:ON_A_PAGE], older, not before)
