"""Whoever writes about a Candidate waits for the others who do, and for a withdrawal."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webapp.core.errors import Conflict
from webapp.recruiting import gate
from webapp.recruiting.models import Agreement, Member


def hold(session: Session, *, member: Member, person_id: str) -> None:
    """Hold a Candidate at the row of their agreement until this transaction ends.

    Raises:
        Conflict: the Team no longer sees them.
    """
    key = (member.event_id, member.team_id, person_id)
    session.get(Agreement, key, with_for_update=True, populate_existing=True)
    if gate.candidate(session, member=member, person_id=person_id) is None:
        raise Conflict(_("Your team no longer sees this person."))
