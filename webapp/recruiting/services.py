"""Granting teams, joining and leaving them, agreeing to be seen, and moving people on."""

from datetime import date, datetime

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.accounts.models import EmailAddress, Person
from webapp.core.db import savepoint
from webapp.core.errors import Conflict
from webapp.core.urls import absolute
from webapp.events.models import Event, RoleName
from webapp.events.services import grant_role, remove_role
from webapp.mail.services import queue_mail
from webapp.recruiting import queries
from webapp.recruiting.models import (
    Agreement,
    HistoryEntry,
    Member,
    Stage,
    Standing,
    Step,
    Team,
    TeamInvitation,
)
from webapp.recruiting.words import FIRST_STAGES
from webapp.security.audit import record
from webapp.security.models import Action


def grant_team(
    session: Session, *, event: Event, name: str, address: str, by: Person, now: datetime
) -> Team:
    """Give an event a Team, and ask whoever reads an address to be its admin.

    Raises:
        Conflict: the event has a Team of this name.
    """
    team = Team(event_id=event.id, name=name, granted_at=now)
    try:
        with savepoint(session):
            session.add(team)
            session.flush()
    except IntegrityError:
        raise Conflict(_("There is a team of this name already.")) from None
    with force_locale(event.language):
        names = [str(one) for one in FIRST_STAGES]
    for place, one in enumerate(names):
        session.add(Stage(event_id=event.id, team_id=team.id, name=one, place=place))
    record(
        session, event_id=event.id, action=Action.TEAM_GRANTED, by=by.id, now=now, team=team.id
    )
    session.flush()
    invite(session, event=event, team=team, address=address, is_admin=True, by=by, now=now)
    return team


def invite(
    session: Session,
    *,
    event: Event,
    team: Team,
    address: str,
    is_admin: bool,
    by: Person,
    now: datetime,
) -> None:
    """Ask whoever reads an address to join a Team, by one mail; asking twice changes nothing."""
    known = session.get(TeamInvitation, (event.id, team.id, address))
    if known is not None:
        known.withdrawn_at, known.is_admin = None, is_admin
        session.flush()
        return
    session.add(
        TeamInvitation(
            event_id=event.id, team_id=team.id, address=address, is_admin=is_admin, invited_at=now
        )
    )
    with force_locale(event.language):
        queue_mail(
            session,
            kind="recruiting/invitation",
            recipient=address,
            subject=_("You are asked to join a team"),
            now=now,
            team=team,
            event=event,
            host=by.name,
            url=absolute("/teams"),
        )
    session.flush()


def withdraw_invitation(session: Session, *, team: Team, address: str, now: datetime) -> None:
    """Take an invitation back."""
    known = session.get(TeamInvitation, (team.event_id, team.id, address))
    if known is not None and known.withdrawn_at is None:
        known.withdrawn_at = now
        session.flush()


def join(session: Session, *, event: Event, team_id: str, person: Person, now: datetime) -> None:
    """Take the place in a Team that waits for one of my addresses.

    Raises:
        Conflict: no place waits, or I am in a Team of this event.
    """
    session.refresh(person, with_for_update={"key_share": True})
    own = select(EmailAddress.address).where(EmailAddress.person_id == person.id)
    waiting = session.scalars(
        select(TeamInvitation).where(
            TeamInvitation.event_id == event.id,
            TeamInvitation.team_id == team_id,
            TeamInvitation.withdrawn_at.is_(None),
            TeamInvitation.address.in_(own),
        )
    ).all()
    if not waiting:
        raise Conflict(_("This invitation was taken back."))
    if session.get(Member, (event.id, person.id)) is not None:
        raise Conflict(_("You are in a team of this event already. Leave it first."))
    session.add(
        Member(
            event_id=event.id,
            person_id=person.id,
            team_id=team_id,
            is_admin=any(one.is_admin for one in waiting),
            joined_at=now,
        )
    )
    for one in waiting:
        session.delete(one)
    grant_role(session, event=event, person=person, name=RoleName.RECRUITER, now=now)
    record(
        session,
        event_id=event.id,
        action=Action.TEAM_JOINED,
        by=person.id,
        now=now,
        person_id=person.id,
        team=team_id,
    )
    session.flush()


def leave(session: Session, *, event: Event, person_id: str, by: Person, now: datetime) -> None:
    """Leave a Team, or remove a colleague: whom they brought along is seen no more."""
    member = session.get(Member, (event.id, person_id), with_for_update=True)
    if member is None:
        return
    record(
        session,
        event_id=event.id,
        action=Action.TEAM_LEFT,
        by=by.id,
        now=now,
        person_id=person_id,
        team=member.team_id,
    )
    session.delete(member)
    session.flush()
    remove_role(session, event=event, person_id=person_id, name=RoleName.RECRUITER)


def agree(session: Session, *, team: Team, person: Person, now: datetime) -> None:
    """Let a Team see a Person they talked with; saying it again changes nothing."""
    known = session.get(Agreement, (team.event_id, team.id, person.id), with_for_update=True)
    if known is not None and known.withdrawn_at is None:
        return
    if known is None:
        known = Agreement(event_id=team.event_id, team_id=team.id, person_id=person.id)
        session.add(known)
    known.agreed_at, known.withdrawn_at = now, None
    _note(session, team.event_id, team.id, person.id, Step.AGREED, by=None, told="", now=now)
    session.flush()


def withdraw(session: Session, *, team: Team, person: Person, now: datetime) -> None:
    """Take it back: from now on the Team sees nothing of this Person, in no page and no export."""
    known = session.get(Agreement, (team.event_id, team.id, person.id), with_for_update=True)
    if known is not None and known.withdrawn_at is None:
        known.withdrawn_at = now
        session.flush()


def move(
    session: Session,
    *,
    member: Member,
    person_id: str,
    stage: Stage,
    seen: int,
    now: datetime,
) -> Standing:
    """Move somebody to a stage, unless a colleague was faster.

    Raises:
        Conflict: somebody has changed it since the page was shown.
    """
    standing = _held(session, member=member, person_id=person_id, seen=seen, now=now)
    standing.stage_id = stage.id
    _changed(standing, by_id=member.person_id, now=now)
    _note(
        session,
        member.event_id,
        member.team_id,
        person_id,
        Step.MOVED,
        by=member.person_id,
        told=stage.name,
        now=now,
    )
    session.flush()
    return standing


def plan(
    session: Session,
    *,
    member: Member,
    person_id: str,
    next_step: str,
    next_on: date | None,
    owner_id: str | None,
    seen: int,
    now: datetime,
) -> Standing:
    """Say what is next with somebody, who does it, and when; like `move`."""
    standing = _held(session, member=member, person_id=person_id, seen=seen, now=now)
    standing.next_step, standing.next_on, standing.owner_id = next_step, next_on, owner_id
    _changed(standing, by_id=member.person_id, now=now)
    _note(
        session,
        member.event_id,
        member.team_id,
        person_id,
        Step.PLANNED,
        by=member.person_id,
        told=next_step,
        now=now,
    )
    session.flush()
    return standing


def _held(
    session: Session, *, member: Member, person_id: str, seen: int, now: datetime
) -> Standing:
    """Return where somebody stands, held; it begins at the Team's first stage."""
    session.execute(
        select(Team.id)
        .where(Team.event_id == member.event_id, Team.id == member.team_id)
        .with_for_update()
    )
    key = (member.event_id, member.team_id, person_id)
    standing = session.get(Standing, key, populate_existing=True)
    if standing is None:
        first = queries.stages(session, member)[0]
        standing = Standing(
            event_id=member.event_id,
            team_id=member.team_id,
            person_id=person_id,
            stage_id=first.id,
            changes=0,
            changed_at=now,
        )
        session.add(standing)
    if standing.changes != seen:
        raise Conflict(queries.who_was_faster(session, standing, now=now))
    return standing


def _changed(standing: Standing, *, by_id: str, now: datetime) -> None:
    standing.changes += 1
    standing.changed_at, standing.changed_by_id = now, by_id


def _note(
    session: Session,
    event_id: str,
    team_id: str,
    person_id: str,
    step: Step,
    *,
    by: str | None,
    told: str,
    now: datetime,
) -> None:
    session.add(
        HistoryEntry(
            event_id=event_id,
            team_id=team_id,
            person_id=person_id,
            by_id=by,
            step=step,
            told=told,
            done_at=now,
        )
    )
