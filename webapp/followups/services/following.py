"""What one side of a tie does to go on: follow up, check in, take words along, name an outcome."""

from datetime import datetime

from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.followups.models import Outcome, Rhythm, UsedMessage
from webapp.followups.queries.following import (
    latest_outcome,
    mark_to_ask,
    others_with_same_words,
)
from webapp.followups.rules.outcomes import SaidOutcome
from webapp.followups.services.sides import side_of
from webapp.ties.models import Tie


def follow_up(session: Session, *, tie: Tie, by: Person, now: datetime) -> None:
    """Note that a Person has followed up; a later talk asks anew."""
    side_of(session, tie=tie, person_id=by.id).followed_up_at = now
    session.flush()


def take_follow_up_back(session: Session, *, tie: Tie, by: Person) -> None:
    """Take back that a Person has followed up."""
    side_of(session, tie=tie, person_id=by.id).followed_up_at = None
    session.flush()


def choose_rhythm(session: Session, *, tie: Tie, by: Person, rhythm: Rhythm, now: datetime) -> None:
    """Keep how often a Person wants to check in, counted from now or the last talk.

    Choosing the same again leaves the next time where it is.
    """
    side = side_of(session, tie=tie, person_id=by.id)
    if side.rhythm is not rhythm:
        side.rhythm, side.rhythm_set_at = rhythm, now
        session.flush()


def check_in(session: Session, *, tie: Tie, by: Person, now: datetime) -> None:
    """Note that a Person has checked in; the next time is counted from now."""
    side_of(session, tie=tie, person_id=by.id).rhythm_set_at = now
    session.flush()


def use_words(session: Session, *, tie: Tie, by: Person, digest: str, now: datetime) -> int:
    """Note that a Person takes words along, and return how many others got the same.

    Only their digest is kept.
    """
    session.refresh(tie, with_for_update={"key_share": True})
    key = (by.id, digest, tie.id)
    used = session.get(UsedMessage, key, populate_existing=True)
    if used is None:
        session.add(UsedMessage(person_id=by.id, digest=digest, tie_id=tie.id, used_at=now))
        session.flush()
    return others_with_same_words(session, person_id=by.id, digest=digest, tie_id=tie.id)


def say_outcome(
    session: Session, *, tie: Tie, by: Person, said: SaidOutcome, now: datetime
) -> None:
    """Keep what came of a tie, as one of its two says; the other never sees it.

    An answer to a question stands by itself; said unasked it takes the place of the latest word.
    """
    session.refresh(tie, with_for_update={"key_share": True})
    mark = mark_to_ask(session, tie=tie, person_id=by.id, now=now)
    latest = latest_outcome(session, tie_id=tie.id, person_id=by.id)
    if latest is None or mark is not None:
        latest = Outcome(
            tie_id=tie.id, person_id=by.id, event_id=tie.last_event_id, asked_days=mark
        )
        session.add(latest)
    latest.kind, latest.text, latest.said_at = said.kind, said.text, now
    session.flush()
