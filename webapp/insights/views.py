"""The organiser's report: numbers only."""

from flask import Blueprint, render_template

from webapp.core import db as database
from webapp.events.access import current_event, running
from webapp.insights.pages import report_page
from webapp.insights.queries import latest_snapshot
from webapp.security.access import requires

bp = Blueprint("insights", __name__)


@bp.get("/events/<event_id>/report")
@requires(running)
def report(event_id: str) -> str:
    """Show the newest frozen summary."""
    snapshot = latest_snapshot(database.session(), event_id)
    return render_template("insights/report.html", page=report_page(current_event(), snapshot))
