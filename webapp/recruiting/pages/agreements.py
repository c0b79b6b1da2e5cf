"""What the pages of others show of teams."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.conversations.queries import TalkSides
from webapp.recruiting.pages.handovers import handovers_of_tie
from webapp.recruiting.queries.consent import TeamThatAsks, teams_that_may_ask
from webapp.ties import pages as ties
from webapp.ties.models import Tie


@dataclass(frozen=True, slots=True)
class AgreementPart:
    """The teams of somebody I talked with, and whether each of them sees me."""

    name: str
    teams: list[TeamThatAsks]


def parts_of_talk(
    sides: TalkSides,
    *,
    session: Session,
    me: Person,
    opened: tuple[Tie, Person] | None,
    now: datetime,  # noqa: ARG001  # the signal gives it to all
) -> list[ties.Part]:
    """Return what the page of a talk shows of this feature: may their team see that we talked?"""
    if opened is None or not opened[1].has_recruited:
        return []
    return _agreement_parts(session, me=me, other=opened[1], event_id=sides.event.id)


def parts_of_tie(
    _tie: Tie,
    *,
    session: Session,
    me: Person,
    other: Person,
    now: datetime,
) -> list[ties.Part]:
    """Return what a person's page shows of this feature: to whom they hand me, and who sees me.

    Who never had the role of a recruiter was never in a team.
    """
    if not other.has_recruited:
        return []
    return [
        *handovers_of_tie(session, me=me, other=other, now=now),
        *_agreement_parts(session, me=me, other=other, event_id=None),
    ]


def _agreement_parts(
    session: Session, *, me: Person, other: Person, event_id: str | None
) -> list[ties.Part]:
    found = teams_that_may_ask(session, person_id=me.id, other_id=other.id, event_id=event_id)
    part = AgreementPart(other.name, found)
    return [ties.Part("recruiting/_agreements.html", part, is_question=True)] if found else []
