"""Handing somebody to the colleague who knows: asking, answering, taking back."""

from contextlib import suppress
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from webapp.conversations.models import Block
from webapp.core.errors import Conflict
from webapp.recruiting import gate
from webapp.recruiting.models import (
    Agreement,
    Handover,
    HistoryEntry,
    Member,
    Standing,
    Step,
)
from webapp.recruiting.queries.handovers import (
    Key,
    handovers_by,
    standing_handovers,
    waiting_handover,
    who_carries_on,
)
from webapp.recruiting.rules import is_over, may_undo
from webapp.recruiting.services.candidates import standing_with

GONE = _l("This question does not wait for an answer any more.")


def hand_over(
    session: Session, *, member: Member, person_id: str, to_id: str, reason: str, now: datetime
) -> Handover:
    """Ask a Candidate whether a colleague may carry on with them.

    Questions and answers about somebody wait for each other at the row of their agreement.

    Raises:
        Conflict: the member has no tie of their own with them, the colleague is not in the team or
            carries on already, they said no to it, or a question waits.
    """
    key = (member.event_id, member.team_id, person_id)
    _hold(session, key)
    if gate.candidate_of_mine(session, member=member, person_id=person_id) is None:
        raise Conflict(_("Only who has talked with them, and is still tied, can hand over."))
    _refuse_colleague(session, member, key, to_id)
    waiting = waiting_handover(session, key)
    if waiting is not None:
        if _is_carried(session, waiting):
            raise Conflict(_("They are being asked already. Please wait for their answer."))
        waiting.ended_at = now
        session.flush()
    made = Handover(
        event_id=member.event_id,
        team_id=member.team_id,
        person_id=person_id,
        from_id=member.person_id,
        to_id=to_id,
        reason=reason,
        asked_at=now,
    )
    session.add(made)
    session.flush()
    return made


def _refuse_colleague(session: Session, member: Member, key: Key, to_id: str) -> None:
    """Refuse somebody who is not in the team now, both held there, or whom they would not have."""
    team = {_team_held(session, member.event_id, one) for one in (member.person_id, to_id)}
    if team != {member.team_id} or to_id == member.person_id:
        raise Conflict(_("This colleague is no longer in your team."))
    carrying = who_carries_on(session, key)
    if carrying is not None and carrying.handover.to_id == to_id:
        raise Conflict(_("This colleague carries on with them already."))
    before = handovers_by(session, key, member.person_id)
    if any(one.to_id == to_id and is_over(one) for one in before):
        raise Conflict(_("You asked them about this colleague before. They stay with you."))


def _team_held(session: Session, event_id: str, person_id: str) -> str | None:
    """Return the Team somebody is in; they cannot leave it before this is saved."""
    key, held = (event_id, person_id), {"read": True}
    found = session.get(Member, key, with_for_update=held, populate_existing=True)
    return found.team_id if found else None


def _is_carried(session: Session, waiting: Handover) -> bool:
    """Tell whether the tie of who asked still carries a question; a block hides nothing here."""
    found = gate.handovers_carried().where(
        Handover.event_id == waiting.event_id,
        Handover.team_id == waiting.team_id,
        Handover.id == waiting.id,
    )
    return session.scalar(found) is not None


def take_question_back(session: Session, *, member: Member, person_id: str, now: datetime) -> None:
    """Take one's own question back while it waits; it is gone for the Candidate.

    Raises:
        Conflict: they have answered.
    """
    key = (member.event_id, member.team_id, person_id)
    _hold(session, key)
    waiting = waiting_handover(session, key)
    if waiting is None or waiting.from_id != member.person_id:
        raise Conflict(_("They have answered meanwhile. Here is how it stands."))
    waiting.ended_at = now
    session.flush()


def accept(session: Session, *, handover: Handover, now: datetime) -> None:
    """Let a colleague carry on: they own the next step, in place of any before them.

    Raises:
        Conflict: the question does not wait any more.
    """
    _hold_both(session, handover)
    if handover.is_standing:
        return
    if not handover.is_waiting:
        raise Conflict(GONE)
    for before in standing_handovers(session, handover.key):
        before.ended_at = now
    handover.is_accepted, handover.answered_at = True, now
    standing = standing_with(session, handover.key)
    standing.owner_id = handover.to_id
    _note(session, handover, standing, Step.HANDED, by_id=handover.from_id, now=now)


def decline(session: Session, *, handover: Handover, now: datetime) -> None:
    """Say no to a colleague, or not any more; who asked is told, and if they carried on, the Team.

    Raises:
        Conflict: the question does not wait any more.
    """
    _hold_both(session, handover)
    if handover.is_accepted is False:
        return
    if not (handover.is_waiting or handover.is_standing):
        raise Conflict(GONE)
    if handover.is_standing:
        _let_go(session, handover, now=now)
    handover.is_accepted, handover.answered_at = False, now
    session.flush()


def undo(session: Session, *, handover: Handover, now: datetime) -> None:
    """Take a "no" back: the question waits again.

    Raises:
        Conflict: it is too late, or another question waits.
    """
    _hold_both(session, handover)
    if handover.is_waiting:
        return
    if waiting_handover(session, handover.key) or not may_undo(handover, now=now):
        raise Conflict(GONE)
    handover.is_accepted, handover.answered_at = None, None
    session.flush()


def end_for_block(block: Block, *, session: Session, now: datetime) -> None:
    """End what a block has come between: to the Team it looks as if it had been taken back.

    What waits goes on waiting, unseen: its end would tell who asked of the block.
    """
    pair = (block.blocker_id, block.blocked_id)
    found = select(Handover).where(
        Handover.person_id.in_(pair),
        Handover.to_id.in_(pair),
        Handover.is_accepted.is_(True),
        Handover.ended_at.is_(None),
    )
    for handover in session.scalars(found.order_by(Handover.event_id, Handover.team_id)).all():
        with suppress(Conflict):
            _hold_both(session, handover)
            _let_go(session, handover, now=now)
            handover.is_accepted, handover.ended_at = False, now
    session.flush()


def end_questions(session: Session, *, event_id: str, person_id: str) -> None:
    """Forget what waits by or for somebody who leaves their Team."""
    session.execute(
        delete(Handover).where(
            Handover.event_id == event_id,
            or_(Handover.from_id == person_id, Handover.to_id == person_id),
            Handover.answered_at.is_(None),
            Handover.ended_at.is_(None),
        )
    )


def _let_go(session: Session, handover: Handover, *, now: datetime) -> None:
    """Let a colleague who carried on own the next step no more."""
    standing = session.get(Standing, handover.key, populate_existing=True)
    if standing is None:
        return
    if standing.owner_id == handover.to_id:
        standing.owner_id = None
    _note(session, handover, standing, Step.NOT_HANDED, by_id=None, now=now)


def _note(
    session: Session,
    handover: Handover,
    standing: Standing,
    step: Step,
    *,
    by_id: str | None,
    now: datetime,
) -> None:
    standing.changes += 1
    standing.changed_at, standing.changed_by_id = now, handover.person_id
    session.add(
        HistoryEntry(
            event_id=handover.event_id,
            team_id=handover.team_id,
            person_id=handover.person_id,
            by_id=by_id,
            to_id=handover.to_id,
            step=step,
            told=handover.reason if step is Step.HANDED else "",
            done_at=now,
        )
    )
    session.flush()


def _hold_both(session: Session, handover: Handover) -> None:
    """Hold the agreement of a hand-over, then read the hand-over as it is now.

    Raises:
        Conflict: it is gone: they took their agreement back, or one of the two left the team.
    """
    is_agreed = _hold(session, handover.key)
    key = (handover.event_id, handover.team_id, handover.id)
    known = session.get(Handover, key, with_for_update=True, populate_existing=True)
    if known is None or not is_agreed:
        raise Conflict(GONE)


def _hold(session: Session, key: Key) -> bool:
    """Hold an agreement; tell whether it stands."""
    held = session.get(Agreement, key, with_for_update=True, populate_existing=True)
    return held is not None and held.withdrawn_at is None
