"""Reading teams, and whom they talked with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, ScalarSelect, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.accounts.models import EmailAddress, Person
from webapp.conversations.models import Conversation
from webapp.events.models import Attendee, Event
from webapp.recruiting import gate
from webapp.recruiting.models import (
    Agreement,
    HistoryEntry,
    Member,
    Stage,
    Standing,
    Team,
    TeamInvitation,
)
from webapp.ties.gate import is_open_between

PAGE = 50
"""Candidates on a page."""
MINUTE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class TalkRow:
    """One talk of a colleague with a Candidate."""

    talk: Conversation
    colleague_id: str
    colleague: str


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """One Candidate as the list shows them."""

    place: Attendee
    standing: Standing | None
    talks: list[TalkRow]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which Candidates are asked for."""

    words: str = ""
    colleague_id: str = ""
    stage_id: str = ""
    after: str = ""
    """The last one of the page before, as its key."""


def team_of(session: Session, *, event_id: str, team_id: str) -> Team | None:
    """Return a Team of an event."""
    return session.get(Team, (event_id, team_id))


def member_of(session: Session, *, event_id: str, person_id: str) -> Member | None:
    """Return a Person's place in the Team they have at an event."""
    return session.get(Member, (event_id, person_id))


def stages(session: Session, member: Member) -> Sequence[Stage]:
    """Return the stages of a member's Team, in order."""
    found = select(Stage).where(
        Stage.event_id == member.event_id, Stage.team_id == member.team_id
    )
    return session.scalars(found.order_by(Stage.place, Stage.id)).all()


def colleagues(session: Session, team: Team) -> list[tuple[Member, str]]:
    """Return who is in a Team, with their names."""
    rows = session.execute(
        select(Member, Person.name)
        .join(Person, Person.id == Member.person_id)
        .where(Member.event_id == team.event_id, Member.team_id == team.id)
        .order_by(Person.name, Person.id)
    )
    return [(row[0], row[1]) for row in rows]


def invitations(session: Session, team: Team) -> Sequence[TeamInvitation]:
    """Return who was asked to join and has not answered."""
    found = select(TeamInvitation).where(
        TeamInvitation.event_id == team.event_id,
        TeamInvitation.team_id == team.id,
        TeamInvitation.withdrawn_at.is_(None),
    )
    return session.scalars(found.order_by(TeamInvitation.address)).all()


def teams_at(session: Session, event_id: str) -> list[tuple[Team, int]]:
    """Return the Teams of an event, each with the number of its people."""
    rows = session.execute(
        select(Team, func.count(Member.person_id))
        .outerjoin(Member, and_(Member.event_id == Team.event_id, Member.team_id == Team.id))
        .where(Team.event_id == event_id)
        .group_by(Team)
        .order_by(Team.name)
    )
    return [(row[0], row[1]) for row in rows]


def my_teams(session: Session, person_id: str) -> list[tuple[Team, Event, bool]]:
    """Return my Teams and those I am asked to join, the latest event first."""
    own = select(EmailAddress.address).where(EmailAddress.person_id == person_id)
    is_asked = (
        select(TeamInvitation.address)
        .where(
            TeamInvitation.event_id == Team.event_id,
            TeamInvitation.team_id == Team.id,
            TeamInvitation.withdrawn_at.is_(None),
            TeamInvitation.address.in_(own),
        )
        .exists()
    )
    is_in = (
        select(Member.person_id)
        .where(
            Member.event_id == Team.event_id,
            Member.team_id == Team.id,
            Member.person_id == person_id,
        )
        .exists()
    )
    rows = session.execute(
        select(Team, Event, is_in)
        .join(Event, Event.id == Team.event_id)
        .where(or_(is_in, is_asked), Event.erased_at.is_(None))
        .order_by(Event.starts_at.desc(), Team.id)
    )
    return [(row[0], row[1], bool(row[2])) for row in rows]


def team_of_other(session: Session, *, event_id: str, person_id: str) -> Team | None:
    """Return the Team somebody is in at an event."""
    return session.scalar(
        select(Team)
        .join(Member, and_(Member.event_id == Team.event_id, Member.team_id == Team.id))
        .where(Member.event_id == event_id, Member.person_id == person_id)
    )


def agreement(session: Session, *, team: Team, person_id: str) -> Agreement | None:
    """Return whether somebody agreed to be seen by a Team, now."""
    found = session.get(Agreement, (team.event_id, team.id, person_id))
    return found if found is not None and found.withdrawn_at is None else None


def teams_that_see(session: Session, person_id: str) -> list[tuple[Team, Event]]:
    """Return the Teams a Person agreed to be seen by."""
    rows = session.execute(
        select(Team, Event)
        .join(
            Agreement, and_(Agreement.event_id == Team.event_id, Agreement.team_id == Team.id)
        )
        .join(Event, Event.id == Team.event_id)
        .where(Agreement.person_id == person_id, Agreement.withdrawn_at.is_(None))
        .order_by(Agreement.agreed_at.desc(), Team.id)
    )
    return [(row[0], row[1]) for row in rows]


def candidate_rows(session: Session, member: Member, wanted: Wanted) -> list[CandidateRow]:
    """Return a page of Candidates by name and one more if there are more, in two queries."""
    found = gate.candidates(member).outerjoin(Standing, _is_standing(member))
    for word in wanted.words.split():
        found = found.where(Attendee.folded.contains(word, autoescape=True))
    if wanted.stage_id:
        found = found.where(
            func.coalesce(Standing.stage_id, _first_stage(member)) == wanted.stage_id
        )
    if wanted.colleague_id:
        found = found.where(_talked_with(wanted.colleague_id))
    if wanted.after:
        after = aliased(Attendee)
        found = found.join(
            after, and_(after.event_id == Attendee.event_id, after.id == wanted.after)
        ).where(
            or_(
                Attendee.name > after.name,
                and_(Attendee.name == after.name, Attendee.id > after.id),
            )
        )
    rows = session.execute(
        found.with_only_columns(Attendee, Standing)
        .order_by(Attendee.name, Attendee.id)
        .limit(PAGE + 1)
    ).all()
    talks = talks_with(session, member, [row[0].id for row in rows])
    return [CandidateRow(row[0], row[1], talks.get(row[0].id, [])) for row in rows]


def _is_standing(member: Member) -> ColumnElement[bool]:
    return and_(
        Standing.event_id == Attendee.event_id,
        Standing.team_id == member.team_id,
        Standing.person_id == Attendee.person_id,
    )


def _first_stage(member: Member) -> ScalarSelect[Any]:
    """Return the query of the stage at which everybody begins."""
    return (
        select(Stage.id)
        .where(Stage.event_id == member.event_id, Stage.team_id == member.team_id)
        .order_by(Stage.place, Stage.id)
        .limit(1)
        .scalar_subquery()
    )


def _talked_with(colleague_id: str) -> ColumnElement[bool]:
    mine = aliased(Attendee)
    return (
        select(Conversation.id)
        .join(
            mine, and_(mine.event_id == Conversation.event_id, mine.person_id == colleague_id)
        )
        .where(gate.talk_between(mine, Attendee))
        .correlate(Attendee)
        .exists()
    )


def talks_with(
    session: Session, member: Member, attendee_ids: Sequence[str]
) -> dict[str, list[TalkRow]]:
    """Return the talks of a Team with several Attendees, the latest first, in one query."""
    mine, other = aliased(Attendee), aliased(Attendee)
    rows = session.execute(
        select(other.id, Conversation, Person.id, Person.name)
        .select_from(Member)
        .join(Person, Person.id == Member.person_id)
        .join(mine, and_(mine.event_id == Member.event_id, mine.person_id == Member.person_id))
        .join(Conversation, Conversation.event_id == Member.event_id)
        .join(other, and_(other.event_id == Member.event_id, other.id.in_(attendee_ids)))
        .where(
            Member.event_id == member.event_id,
            Member.team_id == member.team_id,
            gate.talk_between(mine, other),
            is_open_between(Member.person_id, other.person_id),
        )
        .order_by(Conversation.started_at.desc(), Conversation.id)
    )
    found: dict[str, list[TalkRow]] = {}
    for attendee_id, talk, colleague_id, colleague in rows:
        found.setdefault(attendee_id, []).append(TalkRow(talk, colleague_id, colleague))
    return found


def history(
    session: Session, member: Member, person_id: str
) -> list[tuple[HistoryEntry, str | None]]:
    """Return what the Team did about somebody, the latest first, with who did it."""
    rows = session.execute(
        select(HistoryEntry, Person.name)
        .outerjoin(Person, Person.id == HistoryEntry.by_id)
        .where(
            HistoryEntry.event_id == member.event_id,
            HistoryEntry.team_id == member.team_id,
            HistoryEntry.person_id == person_id,
        )
        .order_by(HistoryEntry.done_at.desc(), HistoryEntry.id)
    )
    return [(row[0], row[1]) for row in rows]


def who_was_faster(session: Session, standing: Standing, *, now: datetime) -> str:
    """Say who changed it while somebody else looked at it."""
    by = session.get(Person, standing.changed_by_id) if standing.changed_by_id else None
    name = (by.name if by else "") or _("A colleague")
    minutes = int((now - standing.changed_at).total_seconds() // MINUTE_SECONDS)
    if minutes < 1:
        return str(_("%(name)s changed this just now. Here is how it stands.", name=name))
    return str(
        ngettext(
            "%(name)s changed this %(num)s minute ago. Here is how it stands.",
            "%(name)s changed this %(num)s minutes ago. Here is how it stands.",
            minutes,
            name=name,
        )
    )
