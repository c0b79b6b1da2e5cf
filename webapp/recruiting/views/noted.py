"""What a team noted about me: I read it when I like, and nobody has to allow it."""

from flask import abort, render_template

from webapp.accounts.access import current_person, signed_in
from webapp.core import db as database
from webapp.recruiting import pages
from webapp.recruiting.queries.consent import teams_that_see
from webapp.recruiting.views.blueprint import bp
from webapp.security.access import requires


@bp.get("/me/teams/<event_id>/<team_id>")
@requires(signed_in)
def noted(event_id: str, team_id: str) -> str:
    """Show what a team that sees me noted about me."""
    session, me = database.session(), current_person()
    seen_by = teams_that_see(session, me.id)
    found = [one for one in seen_by if (one[0].event_id, one[0].id) == (event_id, team_id)]
    team, event = found[0] if found else abort(404)
    page = pages.noted_page(session, team=team, event=event, person_id=me.id)
    return render_template("recruiting/noted.html", page=page)
