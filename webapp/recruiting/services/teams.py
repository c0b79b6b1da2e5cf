"""Granting teams, asking colleagues, joining, leaving, and naming stages."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from webapp.accounts.models import EmailAddress, Person
from webapp.core.errors import Conflict
from webapp.core.urls import absolute
from webapp.events.models import Event, RoleName
from webapp.events.services import grant_role, remove_role
from webapp.mail.services import queue_mail
from webapp.recruiting.models import Member, Stage, Standing, Team, TeamInvitation
from webapp.recruiting.queries.teams import stages
from webapp.recruiting.services.handovers import end_questions
from webapp.recruiting.words import FIRST_STAGES
from webapp.security.audit import record
from webapp.security.models import Action


def grant_team(
    session: Session, *, event: Event, name: str, address: str, by: Person, now: datetime
) -> Team:
    """Give an event a Team, and ask whoever reads an address to be its admin.

    If it has a Team of this name, one more admin is asked to join it.
    """
    team = session.scalar(select(Team).where(Team.event_id == event.id, Team.name == name))
    if team is None:
        team = _new_team(session, event=event, name=name, by=by, now=now)
    invite(session, event=event, team=team, address=address, is_admin=True, by=by, now=now)
    return team


def _new_team(session: Session, *, event: Event, name: str, by: Person, now: datetime) -> Team:
    team = Team(event_id=event.id, name=name, granted_at=now)
    session.add(team)
    session.flush()
    with force_locale(event.language):
        names = [str(one) for one in FIRST_STAGES]
    session.add_all(
        Stage(event_id=event.id, team_id=team.id, name=one, place=place)
        for place, one in enumerate(names)
    )
    _record(session, team, Action.TEAM_GRANTED, by=by, now=now)
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
    """Ask whoever reads an address to join a Team, by one mail; asking twice changes nothing.

    Known and unknown addresses are treated alike. Who was asked before finds the place again
    without a second mail.
    """
    known = session.get(TeamInvitation, (event.id, team.id, address))
    if known is not None:
        known.withdrawn_at, known.is_admin = None, known.is_admin or is_admin
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
    """Take an invitation back; it stays known, so that nobody is sent the same mail twice."""
    known = session.get(TeamInvitation, (team.event_id, team.id, address))
    if known is not None and known.withdrawn_at is None:
        known.withdrawn_at, known.is_admin = now, False
        session.flush()


def join(session: Session, *, event: Event, team: Team, person: Person, now: datetime) -> None:
    """Take the place in a Team that waits for one of my addresses.

    Raises:
        Conflict: no place waits, or I am in a Team of this event.
    """
    session.refresh(person, with_for_update={"key_share": True})
    own = select(EmailAddress.address).where(EmailAddress.person_id == person.id)
    waiting = session.scalars(
        select(TeamInvitation).where(
            TeamInvitation.event_id == event.id,
            TeamInvitation.team_id == team.id,
            TeamInvitation.withdrawn_at.is_(None),
            TeamInvitation.address.in_(own),
        )
    ).all()
    if not waiting:
        raise Conflict(_("This invitation was taken back."))
    if session.get(Member, (event.id, person.id)) is not None:
        raise Conflict(_("You are in a team of this event already. Leave it first."))
    is_admin = any(one.is_admin for one in waiting)
    place = Member(event_id=event.id, person_id=person.id, team_id=team.id, joined_at=now)
    place.is_admin = is_admin
    session.add(place)
    for one in waiting:
        session.delete(one)
    grant_role(
        session,
        event=event,
        person=person,
        name=RoleName.RECRUITER,
        now=now,
        team_name=team.name,
    )
    _record(session, team, Action.TEAM_JOINED, by=person, now=now, about=person.id)
    session.flush()


def leave(
    session: Session, *, event: Event, team: Team, person_id: str, by: Person, now: datetime
) -> None:
    """Leave a Team, or remove a colleague: whom only they talked with is seen no more."""
    member = session.get(Member, (event.id, person_id), with_for_update=True)
    if member is None or member.team_id != team.id:
        return
    _record(session, team, Action.TEAM_LEFT, by=by, now=now, about=person_id)
    if not remove_role(session, event=event, person_id=person_id, name=RoleName.RECRUITER):
        end_place(event, session=session, person_id=person_id, name=RoleName.RECRUITER)
    session.flush()


def end_place(event: Event, *, session: Session, person_id: str, name: RoleName) -> None:
    """End somebody's place in a Team with their role, whoever took it."""
    if name is not RoleName.RECRUITER:
        return
    session.execute(
        delete(Member).where(Member.event_id == event.id, Member.person_id == person_id)
    )
    end_questions(session, event_id=event.id, person_id=person_id)
    session.execute(
        update(Standing)
        .where(Standing.event_id == event.id, Standing.owner_id == person_id)
        .values(owner_id=None)
    )


def name_stages(session: Session, *, team: Team, names: Mapping[str, str], new: str) -> None:
    """Give stages other names, by id, and add one at the end; unknown ids are left alone."""
    known = stages(session, event_id=team.event_id, team_id=team.id)
    for stage in known:
        stage.name = names.get(stage.id) or stage.name
    if new:
        place = max((stage.place for stage in known), default=-1) + 1
        session.add(Stage(event_id=team.event_id, team_id=team.id, name=new, place=place))
    session.flush()


def _record(
    session: Session,
    team: Team,
    action: Action,
    *,
    by: Person,
    now: datetime,
    about: str | None = None,
) -> None:
    record(
        session,
        event_id=team.event_id,
        action=action,
        by=by.id,
        now=now,
        person_id=about,
        team=team.id,
    )
