"""Reading teams: who is in them, who is asked to join, and what stages they use."""

from collections.abc import Sequence

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from webapp.accounts.models import EmailAddress, Person
from webapp.events.models import Event
from webapp.recruiting.models import Member, Stage, Team, TeamInvitation


def team_of(session: Session, *, event_id: str, team_id: str) -> Team | None:
    """Return a Team of an event."""
    return session.get(Team, (event_id, team_id))


def member_of(session: Session, *, event_id: str, person_id: str) -> Member | None:
    """Return a Person's place in the Team they have at an event."""
    return session.get(Member, (event_id, person_id))


def stages(session: Session, *, event_id: str, team_id: str) -> Sequence[Stage]:
    """Return the stages of a Team, in order."""
    found = select(Stage).where(Stage.event_id == event_id, Stage.team_id == team_id)
    return session.scalars(found.order_by(Stage.place, Stage.id)).all()


def colleagues(session: Session, *, event_id: str, team_id: str) -> list[tuple[Member, str]]:
    """Return who is in a Team, with their names."""
    rows = session.execute(
        select(Member, Person.name)
        .join(Person, Person.id == Member.person_id)
        .where(Member.event_id == event_id, Member.team_id == team_id)
        .order_by(Person.name, Person.id)
    )
    return [(row[0], row[1]) for row in rows]


def invitations(session: Session, *, event_id: str, team_id: str) -> Sequence[TeamInvitation]:
    """Return who was asked to join and has not answered."""
    found = select(TeamInvitation).where(
        TeamInvitation.event_id == event_id,
        TeamInvitation.team_id == team_id,
        TeamInvitation.withdrawn_at.is_(None),
    )
    return session.scalars(found.order_by(TeamInvitation.address)).all()


def teams_at(session: Session, event_id: str) -> list[tuple[Team, int]]:
    """Return the Teams of an event, each with the number of its people."""
    people = (
        select(func.count())
        .where(Member.event_id == Team.event_id, Member.team_id == Team.id)
        .correlate(Team)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Team, people).where(Team.event_id == event_id).order_by(Team.name)
    )
    return [(row[0], row[1]) for row in rows]


def my_teams(session: Session, person_id: str) -> list[tuple[Team, Event, bool]]:
    """Return my Teams and those I am asked to join, the latest event first; and if I am in it."""
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
        .where(or_(is_in, is_asked), _IS_THERE)
        .order_by(Event.starts_at.desc(), Team.name, Team.id)
    )
    return [(row[0], row[1], bool(row[2])) for row in rows]


_IS_THERE = and_(Event.erased_at.is_(None), Event.erasure_asked_at.is_(None))
