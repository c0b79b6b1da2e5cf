"""Doing again what people took back, after an older copy of the database was brought back."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.conversations.services import block
from webapp.events.models import Event
from webapp.exchange.mydata.services import erase_again
from webapp.mail.models import LetterKind, Stop, StopReason, Wish
from webapp.recruiting.models import Team
from webapp.recruiting.services.consent import withdraw
from webapp.retention.services import close_for_good
from webapp.retention.withdrawn.rules import Kind, Withdrawal
from webapp.ties.queries import tie_between
from webapp.ties.services import untie

Again = Callable[[Session, Withdrawal, datetime], bool]


def do_again(session: Session, said: Withdrawal, *, now: datetime) -> bool:
    """Take something back once more; false if the copy does not know it, or has it already."""
    return AGAIN[said.kind](session, said, now)


def _account(session: Session, said: Withdrawal, now: datetime) -> bool:
    (person_id,) = said.ids
    person = session.get(Person, person_id)
    if person is None or person.leaving_at is not None:
        return False
    erase_again(session, person_id=person_id, asked_at=said.at, now=now)
    return True


def _event(session: Session, said: Withdrawal, _: datetime) -> bool:
    (event_id,) = said.ids
    event = session.get(Event, event_id)
    if event is None or event.erasure_asked_at is not None:
        return False
    close_for_good(session, event_id=event_id, now=said.at)
    return True


def _tie(session: Session, said: Withdrawal, _: datetime) -> bool:
    low, high = said.ids
    tie = tie_between(session, low, high)
    by = session.get(Person, said.by or low)
    if tie is None or by is None or tie.closed_at is not None or tie.last_talk_at > said.at:
        return False
    untie(session, tie=tie, by=by, now=said.at)
    return True


def _block(session: Session, said: Withdrawal, _: datetime) -> bool:
    blocker_id, blocked_id = said.ids
    if not all(session.get(Person, one) for one in said.ids):
        return False
    block(session, blocker_id=blocker_id, blocked_id=blocked_id, now=said.at)
    return True


def _consent(session: Session, said: Withdrawal, _: datetime) -> bool:
    event_id, team_id, person_id = said.ids
    team, person = session.get(Team, (event_id, team_id)), session.get(Person, person_id)
    if team is None or person is None:
        return False
    withdraw(session, team=team, person=person, now=said.at)
    return True


def _letters(session: Session, said: Withdrawal, _: datetime) -> bool:
    person_id, kind = said.ids
    if session.get(Person, person_id) is None:
        return False
    session.merge(
        Wish(person_id=person_id, kind=LetterKind(kind), is_wanted=False, said_at=said.at)
    )
    session.flush()
    return True


def _stop(session: Session, said: Withdrawal, _: datetime) -> bool:
    (digest,) = said.ids
    session.merge(Stop(address_digest=digest, reason=StopReason.ASKED, stopped_at=said.at))
    session.flush()
    return True


AGAIN: dict[Kind, Again] = {
    Kind.TIE: _tie,
    Kind.BLOCK: _block,
    Kind.CONSENT: _consent,
    Kind.LETTERS: _letters,
    Kind.STOP: _stop,
    Kind.EVENT: _event,
    Kind.ACCOUNT: _account,
}
"""In the order they are done: an account takes all that is left with it."""
