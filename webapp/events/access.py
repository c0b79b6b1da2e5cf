"""What the signed-in Person is at the event named in the URL."""

from collections.abc import Iterable

from flask import abort, g, request
from werkzeug.wrappers import Response

from webapp.accounts.access import current_person, freshly_signed_in, signed_in
from webapp.accounts.keys.access import strongly_signed_in
from webapp.core import db as database
from webapp.events.models import Attendee, Event, RoleName
from webapp.events.queries import MyPlace, my_place
from webapp.events.rules import PRIVILEGED, RUNS_THE_EVENT, WORKS_THE_DESK
from webapp.security.access import Rule


def current_place() -> MyPlace:
    """Return the event of the URL and the Person's place there; a stranger gets a 404."""
    if "place" not in g:
        event_id = (request.view_args or {})["event_id"]
        place = my_place(database.session(), event_id=event_id, person_id=current_person().id)
        if place is None or place.is_stranger:
            abort(404)
        g.place = place
    found: MyPlace = g.place
    return found


def current_event() -> Event:
    """Return the event of the URL."""
    return current_place().event


def current_attendee() -> Attendee:
    """Return the Person's attendee at the event of the URL; a helper without one gets a 403."""
    return current_place().attendee or abort(403)


def attending() -> Response | None:
    """Let attendees of the event in."""
    if response := signed_in():
        return response
    current_attendee()
    return None


def _with_role(names: Iterable[RoleName], *, also_erased: bool = False) -> Rule:
    """Return the rule for some roles; of an erased event there is nothing left to work on.

    Who holds a role that shows much of others proves by more than a mailbox that it is them,
    whichever of their roles lets them in.
    """
    wanted = frozenset(names)

    def rule() -> Response | None:
        if response := signed_in():
            return response
        place = current_place()
        if not place.roles & wanted:
            abort(403)
        if place.roles & PRIVILEGED and (response := strongly_signed_in()):
            return response
        if place.event.is_erased and not also_erased:
            abort(404)
        return None

    return rule


running = _with_role(RUNS_THE_EVENT)
"""Let organisers and co-organisers in."""

at_desk = _with_role(WORKS_THE_DESK)
"""Let organisers, co-organisers and desk helpers in."""

owning = _with_role({RoleName.ORGANISER})
"""Let the organiser in."""


def owning_freshly() -> Response | None:
    """Let the organiser in who has just signed in: what they do here cannot be undone."""
    return owning() or freshly_signed_in()


helping = _with_role(RoleName)
"""Let everybody in who has a role."""

looking_back = _with_role(RUNS_THE_EVENT, also_erased=True)
"""Let organisers and co-organisers see what is left of an event, also when it is erased."""


def here() -> Response | None:
    """Let everybody in whom the event knows, in whatever role."""
    if response := signed_in():
        return response
    current_place()
    return None
