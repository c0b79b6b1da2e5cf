"""Agreeing to be seen by a team, and taking it back."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.recruiting.models import NOTED, Agreement, HistoryEntry, Step, Team


def agree(session: Session, *, team: Team, person: Person, now: datetime) -> None:
    """Let a Team see that a Person talked with it; saying it again changes nothing."""
    known = session.get(Agreement, (team.event_id, team.id, person.id), with_for_update=True)
    if known is not None and known.withdrawn_at is None:
        return
    if known is None:
        known = Agreement(event_id=team.event_id, team_id=team.id, person_id=person.id)
        session.add(known)
    known.agreed_at, known.withdrawn_at = now, None
    session.add(
        HistoryEntry(
            event_id=team.event_id,
            team_id=team.id,
            person_id=person.id,
            step=Step.AGREED,
            done_at=now,
        )
    )
    session.flush()


def withdraw(session: Session, *, team: Team, person: Person, now: datetime) -> None:
    """Take it back: the Team sees nothing of this Person any more, and what it noted is deleted."""
    known = session.get(Agreement, (team.event_id, team.id, person.id), with_for_update=True)
    if known is None or known.withdrawn_at is not None:
        return
    known.withdrawn_at = now
    for model in NOTED:
        session.execute(
            delete(model).where(
                model.event_id == team.event_id,
                model.team_id == team.id,
                model.person_id == person.id,
            )
        )
    session.flush()
