"""Whoever writes about a Candidate waits for the others who do, and for whoever withdraws."""

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.core.errors import Conflict
from webapp.recruiting import gate
from webapp.recruiting.models import Agreement, Member


def hold(session: Session, *, member: Member, person_id: str) -> None:
    """Hold a Candidate at the row of their agreement until this transaction ends.

    Accounts come first, as where one is deleted, so that neither waits for the other in a ring and
    nothing is written by or about somebody who has just left.

    Raises:
        Conflict: the Team no longer sees them, or the member is no longer in it.
    """
    both = select(Person.id).where(Person.id.in_((member.person_id, person_id)))
    session.execute(both.order_by(Person.id).with_for_update(read=True, key_share=True)).all()
    key = (member.event_id, member.team_id, person_id)
    session.get(Agreement, key, with_for_update=True, populate_existing=True)
    is_in = select(Member.person_id).where(
        Member.event_id == member.event_id,
        Member.team_id == member.team_id,
        Member.person_id == member.person_id,
    )
    if session.scalar(is_in) is None:
        raise Conflict(_("You are no longer in this team."))
    if gate.candidate(session, member=member, person_id=person_id) is None:
        raise Conflict(_("Your team no longer sees this person."))
