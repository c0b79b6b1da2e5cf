"""What the signed-in Person is in a Team at the event named in the URL."""

from http import HTTPStatus

from flask import abort, g, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.accounts.access import current_person, freshly_signed_in, signed_in
from webapp.accounts.keys.access import strongly_signed_in
from webapp.core import db as database
from webapp.core.errors import DomainError
from webapp.events.access import current_event
from webapp.events.models import Attendee
from webapp.recruiting import gate
from webapp.recruiting.models import Member, Opening, Team
from webapp.recruiting.queries.teams import member_of


class NotSeen(DomainError):
    """My Team sees nobody like that; whether there is such a person is not told."""

    status = HTTPStatus.NOT_FOUND

    def __init__(self) -> None:
        super().__init__(
            _("Your team does not see this person, or not any more. People can take it back.")
        )
        self.way_back = (
            url_for("recruiting.candidates", event_id=current_event().id),
            _("To those who agreed"),
        )


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
    """Return a Candidate as I see them.

    Raises:
        NotSeen: my Team does not see them, or there is nobody like that.
    """
    found = candidate_or_none(person_id)
    if found is None:
        raise NotSeen
    return found


def candidate_or_none(person_id: str) -> Attendee | None:
    """Return a Candidate as I see them, or None."""
    return gate.candidate(database.session(), member=current_member(), person_id=person_id)


def current_opening(opening_id: str) -> Opening:
    """Return an opening of my Team; that of another one is a 404."""
    member = current_member()
    key = (member.event_id, member.team_id, opening_id)
    return database.session().get(Opening, key) or abort(404)
