"""Which tie the URL names, and that it is open to the signed-in Person."""

from flask import abort

from webapp.accounts.access import current_person
from webapp.accounts.models import Person
from webapp.core import db as database
from webapp.ties import gate
from webapp.ties.models import Tie


def current_tie(tie_id: str) -> tuple[Tie, Person]:
    """Return an open tie of mine and who is on its other side; anybody else gets a 404."""
    return gate.open_tie(database.session(), tie_id=tie_id, person_id=current_person().id) or abort(
        404
    )
