"""The organiser's report and the room now: numbers only, from frozen summaries."""

from http import HTTPStatus

from flask import Blueprint, Response, render_template, request

from webapp.accounts.access import current_person
from webapp.core import clock
from webapp.core import db as database
from webapp.core.spreadsheets import csv_text
from webapp.events.access import current_event, looking_back, running
from webapp.events.rules import takes_talks
from webapp.hosting.queries import count_waiting
from webapp.insights.pages import ReportPage, help_row, report_page
from webapp.insights.queries import final_reports_before, latest_snapshot
from webapp.insights.sheet import sheet_of
from webapp.security.access import requires

bp = Blueprint("insights", __name__)


def _newest() -> ReportPage:
    event = current_event()
    return report_page(event, latest_snapshot(database.session(), event.id))


def _compared() -> ReportPage:
    """Return the newest summary beside earlier events of whoever looks."""
    event, session = current_event(), database.session()
    earlier = final_reports_before(session, event, person_id=current_person().id)
    return report_page(event, latest_snapshot(session, event.id), earlier=earlier)


@bp.get("/events/<event_id>/report")
@requires(looking_back)
def report(event_id: str) -> str:  # noqa: ARG001  # the rule reads it
    """Show the newest frozen summary."""
    return render_template("insights/report.html", page=_compared())


@bp.get("/events/<event_id>/report.csv")
@requires(looking_back)
def report_sheet(event_id: str) -> Response:  # noqa: ARG001  # the rule reads it
    """Give what the report shows, and nothing else, for a spreadsheet."""
    page = _compared()
    answer = Response(csv_text(sheet_of(page)), content_type="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{page.event.name}.csv")
    return answer


@bp.get("/events/<event_id>/room")
@requires(running)
def room(event_id: str) -> str:  # noqa: ARG001  # the rule reads it
    """Show how the evening goes, as of the last full hour, and how many ask to be introduced."""
    page = _newest()
    return render_template("insights/room.html", page=page, row=help_row(page, asked=_asked()))


def _asked() -> int:
    """Return how many of those this host sees ask to be introduced now."""
    event = current_event()
    if not takes_talks(event, clock.now()):
        return 0
    return count_waiting(database.session(), event_id=event.id, host_id=current_person().id)


@bp.get("/events/<event_id>/room-now")
@requires(running)
def room_fragment(event_id: str) -> Response:
    """Show the numbers again; a screen that has the newest gets no answer but 304."""
    snapshot, asked = latest_snapshot(database.session(), event_id), _asked()
    answer = Response(status=200, content_type="text/html; charset=utf-8")
    answer.headers["Cache-Control"] = "private, no-cache"
    taken = f"{snapshot.taken_at:%Y%m%d%H}" if snapshot else "none"
    answer.set_etag(f"{taken}-{asked}")
    if answer.make_conditional(request).status_code == HTTPStatus.NOT_MODIFIED:
        return answer
    page = report_page(current_event(), snapshot)
    row = help_row(page, asked=asked)
    answer.set_data(render_template("insights/_room.html", page=page, row=row))
    return answer
