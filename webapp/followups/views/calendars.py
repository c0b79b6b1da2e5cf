"""A promise or a meeting for one's own calendar.

A file comes after a redirect: phones take a direct link for a calendar to subscribe to.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from webapp.accounts.access import signed_in
from webapp.accounts.models import Person
from webapp.core import clock
from webapp.core import db as database
from webapp.core.htmx import invalid
from webapp.core.urls import absolute, config
from webapp.events.models import Event
from webapp.followups.access import PromiseSides, current_promise
from webapp.followups.forms.following import DayForm
from webapp.followups.forms.promises import promise_words
from webapp.followups.rules.calendars import Entry, calendar_file
from webapp.followups.rules.promises import is_good_day, today_at
from webapp.followups.views.blueprint import bp
from webapp.security.access import requires
from webapp.ties.access import current_tie
from webapp.ties.models import Tie


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A day to meet somebody again."""

    tie_id: str
    name: str
    place: str
    form: DayForm


@bp.get("/people/<tie_id>/promises/<promise_id>/calendar")
@requires(signed_in)
def promise_calendar(tie_id: str, promise_id: str) -> BaseResponse:
    """Lead to the file of a promise."""
    _dated(tie_id, promise_id)
    where = url_for("followups.promise_file", tie_id=tie_id, promise_id=promise_id)
    return redirect(where, 303)


@bp.get("/people/<tie_id>/promises/<promise_id>/promise.ics")
@requires(signed_in)
def promise_file(tie_id: str, promise_id: str) -> Response:
    """Give a promise and its day for one's own calendar, over an open tie only."""
    sides = _dated(tie_id, promise_id)
    words = promise_words(sides.promise.kind, sides.promise.text)
    begins = sides.promise.due_on or abort(404)
    summary = _("%(promise)s (%(name)s)", promise=words, name=sides.other.name)
    return _file(_entry(f"promise-{promise_id}", begins, summary, tie_id))


def _dated(tie_id: str, promise_id: str) -> PromiseSides:
    """Return an open promise over an open tie that names a day; any other is a 404."""
    sides = current_promise(tie_id, promise_id)
    return sides if sides.promise.is_open and sides.promise.due_on else abort(404)


@bp.get("/people/<tie_id>/calendar")
@requires(signed_in)
def plan(tie_id: str) -> str:
    """Ask for a day to meet somebody again."""
    tie, other = current_tie(tie_id)
    return render_template("followups/plan.html", page=_plan_page(tie, other, _day_form(tie)))


@bp.post("/people/<tie_id>/calendar")
@requires(signed_in)
def choose_day(tie_id: str) -> BaseResponse:
    """Lead to the file of a meeting; nothing is kept, and nobody is invited."""
    tie, other = current_tie(tie_id)
    form = _day_form(tie, request.form)
    if not form.validate():
        return invalid("followups/plan.html", page=_plan_page(tie, other, form))
    where = url_for("followups.meeting_file", tie_id=tie_id, begins=form.begins().isoformat())
    return redirect(where, 303)


@bp.get("/people/<tie_id>/meeting.ics")
@requires(signed_in)
def meeting_file(tie_id: str) -> Response:
    """Give a meeting with a person for one's own calendar, over an open tie only."""
    tie, other = current_tie(tie_id)
    begins = _moment_in(request.args.get("begins", ""), _zone_of(tie)) or abort(404)
    summary = _("Meet %(name)s", name=other.name)
    return _file(_entry(f"meeting-{tie_id}-{begins.isoformat()}", begins, summary, tie_id))


def _moment_in(text: str, zone: str) -> date | datetime | None:
    """Return the day or moment of an address; None for what the form could not have said."""
    try:
        moment = datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
        day = moment.astimezone(ZoneInfo(zone)).date() if isinstance(moment, datetime) else moment
    except (ValueError, OverflowError):
        return None
    is_local = isinstance(moment, datetime) and moment.tzinfo is None
    is_good = is_good_day(day, today=today_at(zone, clock.now()))
    return moment if is_good and not is_local else None


def _zone_of(tie: Tie) -> str:
    return database.session().get_one(Event, tie.last_event_id).time_zone


def _day_form(tie: Tie, typed: object = None) -> DayForm:
    zone = _zone_of(tie)
    return DayForm(typed, today=today_at(zone, clock.now()), time_zone=zone)


def _plan_page(tie: Tie, other: Person, form: DayForm) -> PlanPage:
    event = database.session().get_one(Event, tie.last_event_id)
    return PlanPage(tie.id, other.name, event.place or event.name, form)


def _entry(key: str, begins: date | datetime, summary: str, tie_id: str) -> Entry:
    """Return an entry under an id that stays the same each time it is fetched."""
    about = absolute(url_for("ties.person", tie_id=tie_id))
    return Entry(uid=f"{key}@{config().host}", begins=begins, summary=summary, about=about)


def _file(entry: Entry) -> Response:
    return Response(
        calendar_file(entry, now=clock.now()), content_type="text/calendar; charset=utf-8"
    )
