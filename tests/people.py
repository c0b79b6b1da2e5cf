"""The people and things of tests, made by keyword-only functions through the real services."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import Cookie

from webapp.accounts.access import DEVICE, SEEN
from webapp.accounts.models import EmailAddress, Person, Proof
from webapp.accounts.services import new_person, open_device
from webapp.badges import codes
from webapp.badges.models import Badge
from webapp.badges.rules import Reading, Way
from webapp.badges.services import issue_badge
from webapp.conversations.models import Conversation
from webapp.conversations.services import Scan, claim, confirm
from webapp.core import clock
from webapp.events.models import Attendee, Event, RoleName
from webapp.events.services import NewEvent, add_attendee, create_event, grant_role
from webapp.ties.models import LinkKind
from webapp.ties.rules import CheckedLink
from webapp.ties.services import add_link

EVENING = datetime(2026, 11, 19, 18, 0, tzinfo=UTC)
"""When the frozen clock stands; a Thursday."""

_nonces = count(1)


def make_person(
    session: Session, *, name: str = "Amina Diallo", address: str | None = None
) -> Person:
    now = clock.now()
    person = new_person(session, name=name, now=now)
    person.organisation, person.headline = "Kora Labs", "Data engineer"
    if address:
        session.add(
            EmailAddress(address=address, person_id=person.id, proven_at=now, code_proven_at=now)
        )
    session.flush()
    return person


def make_event(session: Session, *, by: Person | None = None, **changes: Any) -> Event:
    now = clock.now()
    said = {
        "name": "PyMeetup Nov",
        "place": "Berlin",
        "time_zone": "Europe/Berlin",
        "starts_at": now - timedelta(hours=1),
        "ends_at": now + timedelta(hours=3),
    }
    return create_event(session, said=NewEvent(**(said | changes)), by=by, now=now)


def make_attendee(
    session: Session,
    *,
    event: Event,
    person: Person | None = None,
    name: str = "A Guest",
    **more: Any,
) -> Attendee:
    """An attendee with a badge; without a person, a guest who has not claimed it."""
    attendee = add_attendee(
        session,
        event=event,
        person=person,
        name=person.name if person else name,
        organisation="Kora Labs",
        headline="Data engineer",
        now=clock.now(),
        **more,
    )
    issue_badge(session, attendee=attendee, now=clock.now())
    return attendee


def make_link(
    session: Session, *, person: Person, url: str, kind: LinkKind = LinkKind.WEBSITE
) -> None:
    add_link(session, person=person, link=CheckedLink(kind, url), now=clock.now())


def badge_of(session: Session, attendee: Attendee) -> Badge:
    return (
        session.query(Badge)
        .filter_by(event_id=attendee.event_id, attendee_id=attendee.id, revoked_at=None)
        .one()
    )


def printed(session: Session, about: Attendee) -> Scan:
    """A scan of somebody's printed badge."""
    badge = badge_of(session, about)
    reading = Reading(
        event_id=about.event_id, attendee_id=about.id, badge_id=badge.id, way=Way.PRINTED
    )
    return Scan(reading=reading, nonce=f"nonce-{next(_nonces)}", body=codes.printed_code(badge))


def live(session: Session, about: Attendee) -> Scan:
    """A scan of somebody's live code, now."""
    badge = badge_of(session, about)
    step = codes.step_at(clock.now())
    reading = Reading(
        event_id=about.event_id,
        attendee_id=about.id,
        badge_id=badge.id,
        way=Way.LIVE,
        live_step=step,
    )
    body = codes.live_code(badge, step)
    return Scan(reading=reading, nonce=f"nonce-{next(_nonces)}", body=body)


def say_talked(session: Session, *, event: Event, by: Attendee, about: Attendee) -> Conversation:
    return claim(session, event=event, by=by, scan=printed(session, about), now=clock.now())


def talk(session: Session, *, event: Event, by: Attendee, about: Attendee) -> Conversation:
    """A talk both sides stand by."""
    said = say_talked(session, event=event, by=by, about=about)
    confirm(session, talk=said, by=about, now=clock.now())
    return said


def sign_in(
    browser: Any, session: Session, person: Person, *, proof: Proof = Proof.PASSKEY
) -> None:
    """Put a signed-in device into a browser's cookie; it is strong unless told otherwise."""
    token = open_device(session, person=person, label="Test", proof=proof, now=clock.now())
    session.commit()
    with browser.session_transaction() as cookie:
        cookie[DEVICE] = token
        cookie[SEEN] = int(clock.now().timestamp())


def cookie_of(
    app: Flask, session: Session, person: Person, *, proof: Proof = Proof.PASSKEY
) -> Cookie:
    """Return the cookie of a browser in which a person is signed in."""
    client = app.test_client()
    sign_in(client, session, person, proof=proof)
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    return cookie


@dataclass
class Cast:
    """Everybody a behaviour is tried as."""

    event: Event
    organiser: Person
    co_organiser: Person
    desk: Person
    recruiter: Person
    attendee: Person
    other: Person
    stranger: Person
    amina: Attendee
    ben: Attendee
    rita: Attendee


def make_cast(session: Session) -> Cast:
    """One event with all personas: Amina and Ben attend, Rita recruits, a stranger is elsewhere."""
    now = clock.now()
    organiser = make_person(session, name="Olga Organiser", address="olga@example.org")
    event = make_event(session, by=organiser)
    roles = {
        RoleName.CO_ORGANISER: make_person(session, name="Cleo Cohost"),
        RoleName.DESK: make_person(session, name="Dan Desk"),
        RoleName.RECRUITER: make_person(session, name="Rita Recruiter"),
    }
    for name, person in roles.items():
        grant_role(session, event=event, person=person, name=name, now=now)
    attendee = make_person(session, name="Amina Diallo", address="amina@example.org")
    other = make_person(session, name="Ben Ng", address="ben@example.org")
    stranger = make_person(session, name="Sam Stranger", address="sam@example.org")
    make_event(session, by=stranger, name="Another Event")
    for person in (attendee, other, roles[RoleName.RECRUITER], organiser, stranger):
        slug = person.name.split()[0].lower()
        make_link(session, person=person, url=f"https://{slug}.example.org")
    cast = Cast(
        event=event,
        organiser=organiser,
        co_organiser=roles[RoleName.CO_ORGANISER],
        desk=roles[RoleName.DESK],
        recruiter=roles[RoleName.RECRUITER],
        attendee=attendee,
        other=other,
        stranger=stranger,
        amina=make_attendee(session, event=event, person=attendee),
        ben=make_attendee(session, event=event, person=other),
        rita=make_attendee(session, event=event, person=roles[RoleName.RECRUITER]),
    )
    session.commit()
    return cast
