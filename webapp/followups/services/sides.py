"""What one side of a tie chooses or does, for itself alone."""

from datetime import datetime

from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.followups.models import Depth, TieSide
from webapp.ties.models import Tie


def side_of(session: Session, *, tie: Tie, person_id: str) -> TieSide:
    """Return what a Person has chosen about a tie, for a change; hold the tie meanwhile."""
    session.refresh(tie, with_for_update={"key_share": True})
    side = session.get(TieSide, (tie.id, person_id), populate_existing=True)
    if side is None:
        side = TieSide(tie_id=tie.id, person_id=person_id)
        session.add(side)
        session.flush()
    return side


def choose_depth(session: Session, *, tie: Tie, by: Person, depth: Depth | None) -> None:
    """Keep how deep a Person says it went; None takes that back."""
    side_of(session, tie=tie, person_id=by.id).depth = depth
    session.flush()


def say_depth(session: Session, *, person: Person, says: bool) -> None:
    """Switch for a Person whether they are asked for the depth of talks, and see it."""
    person.says_depth = says
    session.flush()


def note_opened(session: Session, *, tie: Tie, by: Person, now: datetime) -> None:
    """Note that a Person opened a link of the other side; the first time counts."""
    side = side_of(session, tie=tie, person_id=by.id)
    if side.link_opened_at is None:
        side.link_opened_at = now
        session.flush()
