"""The organiser's report and the room now: numbers only, from frozen summaries."""

from http import HTTPStatus

from flask import Blueprint, Response, render_template, request

from webapp.core import db as database
from webapp.core.spreadsheets import csv_text
from webapp.events.access import current_event, running
from webapp.insights.pages import ReportPage, report_page
from webapp.insights.queries import latest_snapshot
from webapp.insights.sheet import sheet_of
from webapp.security.access import requires

bp = Blueprint("insights", __name__)


def _newest() -> ReportPage:
    event = current_event()
    return report_page(event, latest_snapshot(database.session(), event.id))


@bp.get("/events/<event_id>/report")
@requires(running)
def report(event_id: str) -> str:  # noqa: ARG001  # the rule reads it
    """Show the newest frozen summary."""
    return render_template("insights/report.html", page=_newest())


@bp.get("/events/<event_id>/report.csv")
@requires(running)
def report_sheet(event_id: str) -> Response:  # noqa: ARG001  # the rule reads it
    """Give what the report shows, and nothing else, for a spreadsheet."""
    page = _newest()
    answer = Response(csv_text(sheet_of(page)), content_type="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{page.event.name}.csv")
    return answer


@bp.get("/events/<event_id>/room")
@requires(running)
def room(event_id: str) -> str:  # noqa: ARG001  # the rule reads it
    """Show how the evening goes, as of the last full hour."""
    return render_template("insights/room.html", page=_newest())


@bp.get("/events/<event_id>/room-now")
@requires(running)
def room_fragment(event_id: str) -> Response:
    """Show the numbers again; a screen that has the newest gets no answer but 304."""
    snapshot = latest_snapshot(database.session(), event_id)
    answer = Response(status=200, content_type="text/html; charset=utf-8")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(f"{snapshot.taken_at:%Y%m%d%H}" if snapshot else "none")
    if answer.make_conditional(request).status_code == HTTPStatus.NOT_MODIFIED:
        return answer
    answer.set_data(
        render_template("insights/_room.html", page=report_page(current_event(), snapshot))
    )
    return answer
