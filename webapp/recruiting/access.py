"""What the signed-in Person is in a Team at the event named in the URL."""

from flask import abort, g
from werkzeug.wrappers import Response

from webapp.accounts.access import current_person, freshly_signed_in, signed_in
from webapp.accounts.keys.access import strongly_signed_in
from webapp.core import db as database
from webapp.events.access import current_event
from webapp.events.models import Attendee
from webapp.recruiting import gate
from webapp.recruiting.models import Member, Opening, Team
from webapp.recruiting.queries.teams import member_of


def current_member() -> Member:
    """Return my place in my Team at the event of the URL; without one, a 403."""
    if "team_member" not in g:
        event_id, person_id = current_event().id, current_person().id
        g.team_member = member_of(database.session(), event_id=event_id, person_id=person_id)
    found: Member | None = g.team_member
    return found or abort(403)


def current_team() -> Team:
    """Return my Team at the event of the URL."""
    member = current_member()
    return database.session().get_one(Team, (member.event_id, member.team_id))


def in_team() -> Response | None:
    """Let members of a Team of the event in; of an erased event there is nothing left."""
    if response := signed_in():
        return response
    current_member()
    if response := strongly_signed_in():
        return response
    if current_event().is_erased:
        abort(404)
    return None


def taking_along() -> Response | None:
    """Let members of a Team in who have just signed in: a file leaves the app for good."""
    return in_team() or freshly_signed_in()


def leading() -> Response | None:
    """Let the admins of a Team in."""
    if response := in_team():
        return response
    if not current_member().is_admin:
        abort(403)
    return None


def current_candidate(person_id: str) -> Attendee:
    """Return a Candidate as I see them; anybody else is a 404."""
    return candidate_or_none(person_id) or abort(404)


def candidate_or_none(person_id: str) -> Attendee | None:
    """Return a Candidate as I see them, or None."""
    return gate.candidate(database.session(), member=current_member(), person_id=person_id)


def current_opening(opening_id: str) -> Opening:
    """Return an opening of my Team; that of another one is a 404."""
    member = current_member()
    key = (member.event_id, member.team_id, opening_id)
    return database.session().get(Opening, key) or abort(404)
