"""Whom the URL names of those who would like to be introduced, as the signed-in host sees them."""

from http import HTTPStatus

from flask_babel import lazy_gettext as _l

from webapp.accounts.access import current_person
from webapp.core import clock
from webapp.core import db as database
from webapp.core.errors import DomainError
from webapp.events.access import current_event
from webapp.events.rules import takes_talks
from webapp.hosting.queries import AskingRow, asking_row


class NotAsking(DomainError):
    """They took it back, never asked, or are not there at all: it looks the same."""

    status = HTTPStatus.NOT_FOUND

    def __init__(self) -> None:
        super().__init__(_l("They are not on the list any more. Nothing is left to do."))


def current_asking(attendee_id: str) -> AskingRow:
    """Return who is named, held until the end of the transaction; else a 404 in plain words."""
    event = current_event()
    found = asking_row(
        database.session(),
        event_id=event.id,
        attendee_id=attendee_id,
        host_id=current_person().id,
    )
    if found is None or not takes_talks(event, clock.now()):
        raise NotAsking
    return found
