"""Proposing two of one's ties to each other, and the answers of the two."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.core.errors import Conflict, DomainError
from webapp.followups.models import Introduction
from webapp.followups.queries.introductions import introductions_by_me, latest_no
from webapp.followups.rules.introductions import (
    MOST_WAITING,
    Answer,
    answer_of,
    is_silenced,
    is_waiting,
    may_answer,
)


def propose(
    session: Session, *, by: Person, pair: tuple[Person, Person], reason: str, now: datetime
) -> None:
    """Propose two people to each other; soon after a "no" of theirs neither of them is asked.

    Raises:
        DomainError: the two are the same, the same two wait already, or ten are waiting.
    """
    session.refresh(by, with_for_update={"key_share": True})
    low, high = sorted(person.id for person in pair)
    if low == high:
        raise DomainError(_("Please choose somebody else."))
    mine = [
        one.introduction
        for one in introductions_by_me(session, person_id=by.id, now=now)
        if is_waiting(one.introduction, now=now)
    ]
    if any((one.low_id, one.high_id) == (low, high) for one in mine):
        raise DomainError(_("You have proposed these two already. Give them time."))
    if len(mine) >= MOST_WAITING:
        raise DomainError(
            _("%(most)s introductions wait already. Give people time.", most=MOST_WAITING)
        )
    refused_at = latest_no(session, by_id=by.id, pair=(low, high))
    session.add(
        Introduction(
            by_id=by.id,
            low_id=low,
            high_id=high,
            reason=reason,
            proposed_at=now,
            is_silent=is_silenced(now, declined_at=refused_at),
        )
    )
    session.flush()


def answer(
    session: Session, *, introduction: Introduction, by: Person, says: Answer, now: datetime
) -> None:
    """Keep what one of the two says; saying nothing again takes an answer back.

    A yes may be taken back also after both have said it: the names are gone at once.

    Raises:
        Conflict: it does not wait any more.
    """
    session.refresh(introduction, with_for_update=True)
    is_taking_yes_back = says is not Answer.YES and introduction.is_made
    if not (may_answer(introduction, now=now) or is_taking_yes_back):
        if answer_of(introduction, by.id) is says:
            return
        raise Conflict(_("This introduction does not wait for an answer any more."))
    accepted_at = now if says is Answer.YES else None
    declined_at = now if says is Answer.NO else None
    if by.id == introduction.low_id:
        introduction.low_accepted_at, introduction.low_declined_at = accepted_at, declined_at
    else:
        introduction.high_accepted_at, introduction.high_declined_at = accepted_at, declined_at
    session.flush()


def withdraw(session: Session, *, introduction: Introduction, now: datetime) -> None:
    """Let its proposer take an introduction back; it is gone for all three."""
    session.refresh(introduction, with_for_update=True)
    introduction.withdrawn_at = introduction.withdrawn_at or now
    session.flush()
