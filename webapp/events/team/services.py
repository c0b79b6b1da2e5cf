"""Asking for help by e-mail, accepting, leaving, and handing an event over."""

from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp.accounts.models import EmailAddress, Person
from webapp.core.errors import Conflict
from webapp.core.urls import absolute
from webapp.events.models import Event, Invitation, Role, RoleName, Transfer
from webapp.events.services import grant_role, remove_role
from webapp.mail.services import queue_mail
from webapp.security.audit import record
from webapp.security.models import Action


def invite(
    session: Session,
    *,
    event: Event,
    address: str,
    name: RoleName,
    by: Person | None,
    now: datetime,
) -> None:
    """Ask whoever reads an address to help, by one mail; asking twice changes nothing.

    Known and unknown addresses are treated alike. Who was asked and then not any more finds the
    role again without a second mail.
    """
    known = session.get(Invitation, (event.id, address, name))
    if known is not None and known.withdrawn_at is None:
        return
    if known is not None:
        known.withdrawn_at = None
    else:
        session.add(Invitation(event_id=event.id, address=address, name=name, invited_at=now))
        _send_invitation(session, event=event, address=address, name=name, by=by, now=now)
    _record(session, event, Action.ROLE_OFFERED, by=by, now=now, role=name)
    session.flush()


def _send_invitation(
    session: Session,
    *,
    event: Event,
    address: str,
    name: RoleName,
    by: Person | None,
    now: datetime,
) -> None:
    with force_locale(event.language):
        subject = (
            _("You are asked to help at an event")
            if event.has_discreet_subjects
            else _("You are asked to help at %(event)s", event=event.name)
        )
        queue_mail(
            session,
            kind="events/invitation",
            recipient=address,
            subject=subject,
            now=now,
            event=event,
            role=name,
            host=by.name if by else "",
            url=absolute("/events"),
        )


def withdraw_invitation(
    session: Session, *, event: Event, address: str, name: RoleName, by: Person, now: datetime
) -> None:
    """Take an invitation back; it stays known, so that nobody is sent the same mail twice."""
    known = session.get(Invitation, (event.id, address, name))
    if known is None or known.withdrawn_at is not None:
        return
    known.withdrawn_at = now
    _record(session, event, Action.ROLE_OFFER_WITHDRAWN, by=by, now=now, role=name)
    session.flush()


def accept_invitations(session: Session, *, event: Event, person: Person, now: datetime) -> int:
    """Give a Person the roles that waited for their addresses; return how many there were."""
    own = select(EmailAddress.address).where(EmailAddress.person_id == person.id)
    waiting = list(
        session.scalars(
            select(Invitation).where(
                Invitation.event_id == event.id,
                Invitation.withdrawn_at.is_(None),
                Invitation.address.in_(own),
            )
        )
    )
    for invitation in waiting:
        grant_role(session, event=event, person=person, name=invitation.name, now=now)
        _record(
            session,
            event,
            Action.ROLE_ACCEPTED,
            by=person,
            now=now,
            about=person.id,
            role=invitation.name,
        )
        session.delete(invitation)
    session.flush()
    return len(waiting)


def take_role(
    session: Session, *, event: Event, person_id: str, name: RoleName, by: Person, now: datetime
) -> None:
    """Take a role back, or leave one's own; an event offered to a co-organiser is not any more."""
    if not remove_role(session, event=event, person_id=person_id, name=name):
        return
    if name is RoleName.CO_ORGANISER:
        session.execute(
            delete(Transfer).where(Transfer.event_id == event.id, Transfer.person_id == person_id)
        )
    action = Action.ROLE_LEFT if person_id == by.id else Action.ROLE_TAKEN
    _record(session, event, action, by=by, now=now, about=person_id, role=name)
    session.flush()


def offer_event(
    session: Session, *, event: Event, person_id: str, by: Person, now: datetime
) -> None:
    """Offer an event to one of its co-organisers; an earlier offer is withdrawn.

    Raises:
        Conflict: they are no co-organiser any more.
    """
    _hold(session, event)
    if session.get(Role, (event.id, person_id, RoleName.CO_ORGANISER)) is None:
        raise Conflict(_("Only a co-organiser can take the event over."))
    session.merge(Transfer(event_id=event.id, person_id=person_id, offered_at=now))
    _record(session, event, Action.EVENT_OFFERED, by=by, now=now, about=person_id)
    session.flush()


def end_offer(session: Session, *, event: Event, by: Person, now: datetime) -> bool:
    """Withdraw the offer of an event, or decline it; return whether there was one."""
    offer = session.get(Transfer, event.id)
    if offer is None:
        return False
    is_mine = offer.person_id == by.id
    action = Action.EVENT_OFFER_DECLINED if is_mine else Action.EVENT_OFFER_WITHDRAWN
    _record(session, event, action, by=by, now=now, about=offer.person_id)
    session.delete(offer)
    session.flush()
    return True


def accept_event(session: Session, *, event: Event, by: Person, now: datetime) -> None:
    """Take an offered event over: its organiser becomes a co-organiser in the same moment.

    Raises:
        Conflict: it is not offered to this Person any more.
    """
    _hold(session, event)
    offer = session.get(Transfer, event.id, populate_existing=True)
    may_take = session.get(Role, (event.id, by.id, RoleName.CO_ORGANISER), populate_existing=True)
    if offer is None or offer.person_id != by.id or may_take is None:
        raise Conflict(_("This event is not offered to you any more."))
    session.delete(offer)
    for before in _organisers(session, event):
        remove_role(session, event=event, person_id=before.id, name=RoleName.ORGANISER)
        grant_role(session, event=event, person=before, name=RoleName.CO_ORGANISER, now=now)
    remove_role(session, event=event, person_id=by.id, name=RoleName.CO_ORGANISER)
    grant_role(session, event=event, person=by, name=RoleName.ORGANISER, now=now)
    _record(session, event, Action.EVENT_TRANSFERRED, by=by, now=now, about=by.id)
    session.flush()


def _organisers(session: Session, event: Event) -> list[Person]:
    found = select(Person).join(Role, Role.person_id == Person.id)
    return list(
        session.scalars(found.where(Role.event_id == event.id, Role.name == RoleName.ORGANISER))
    )


def _hold(session: Session, event: Event) -> None:
    """Let two who hand over or take over wait for each other."""
    session.execute(select(Event.id).where(Event.id == event.id).with_for_update())


def _record(
    session: Session,
    event: Event,
    action: Action,
    *,
    by: Person | None,
    now: datetime,
    about: str | None = None,
    role: RoleName | None = None,
) -> None:
    details = {"role": role.value} if role else {}
    record(
        session,
        event_id=event.id,
        action=action,
        by=by.id if by else None,
        now=now,
        person_id=about,
        **details,
    )
