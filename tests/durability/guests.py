"""Guests of one long event, each signed in on a phone that knows how to post."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from crowds import make_crowd
from flask import Flask
from sqlalchemy.orm import Session

from people import make_event, make_person
from webapp.accounts.access import DEVICE, SEEN, tag_of
from webapp.accounts.models import Person, Proof
from webapp.accounts.services import open_device
from webapp.badges import codes
from webapp.badges.models import Badge
from webapp.badges.services import issue_badges
from webapp.core import clock
from webapp.core import db as database
from webapp.events.models import Attendee, Event, RoleName
from webapp.events.services import grant_role
from webapp.security.csrf import SEED, new_seed

DAYS_ON = timedelta(days=2)


@dataclass
class Guest:
    """Somebody with a badge and a phone."""

    id: str
    cookie: str
    tag: str
    """What their phone is called."""
    printed: str
    handle: str
    secret: str
    claim_code: str
    token: str = field(default="", compare=False)
    """What their forms are sent with, once a page has told it."""

    def shows(self, at: float) -> str:
        """Return the live code on their screen at a moment."""
        return self.handle + codes.live_proof(self.secret, int(at) // codes.STEP_SECONDS)


@dataclass(frozen=True)
class Party:
    """One event and who is there."""

    event_id: str
    event_code: str
    guests: Sequence[Guest]


def hold_party(app: Flask, size: int, *, is_claimed: bool = True) -> Party:
    """Let an event be on since two days; guests wear their badges, or come to claim them."""
    with app.app_context(), database.transaction() as session:
        now = clock.now()
        event = make_event(session, starts_at=now - DAYS_ON, ends_at=now + DAYS_ON)
        without = () if is_claimed else range(1, size + 1)
        ids = make_crowd(session, event=event, groups=[None] * (size + 1), without_account=without)
        found = {one.id: one for one in session.query(Attendee).filter_by(event_id=event.id)}
        attendees = [found[one] for one in ids[1:]]
        badges = issue_badges(session, attendees=attendees, now=now)
        people = [session.get(Person, one.person_id or "") for one in attendees]
        guests = [
            _guest(app, session, *each) for each in zip(attendees, badges, people, strict=True)
        ]
        return Party(event.id, event.code, guests)


def _guest(
    app: Flask, session: Session, attendee: Attendee, badge: Badge, person: Person | None
) -> Guest:
    if person is None:
        person = Person(
            name=attendee.name, organisation="", headline="", created_at=attendee.added_at
        )
        session.add(person)
        session.flush()
    return Guest(
        id=attendee.id,
        cookie=_cookie(app, session, person),
        tag=tag_of(person.id),
        printed=codes.printed_code(badge),
        handle=badge.handle,
        secret=codes.live_secret(badge),
        claim_code=codes.claim_code(badge),
    )


def organiser_of(app: Flask, party: Party) -> Guest:
    """Let somebody organise a party who does not attend it; a passkey proved that it is them."""
    with app.app_context(), database.transaction() as session:
        event, person = session.get_one(Event, party.event_id), make_person(session, name="Olga")
        grant_role(session, event=event, person=person, name=RoleName.ORGANISER, now=clock.now())
        cookie = _cookie(app, session, person, proof=Proof.PASSKEY)
        return Guest("", cookie, tag_of(person.id), "", "", "", "")


def _cookie(app: Flask, session: Session, person: Person, *, proof: Proof = Proof.CODE) -> str:
    """Open a device and return the cookie of its browser."""
    token = open_device(session, person=person, label="Test", now=clock.now(), proof=proof)
    return cookie_of_device(app, token)


def cookie_of_device(app: Flask, token: str) -> str:
    """Return the cookie of a browser that holds the token of a device."""
    kept = {"_permanent": True, DEVICE: token, SEED: new_seed(), SEEN: int(clock.now().timestamp())}
    serializer = app.session_interface.get_signing_serializer(app)
    return f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps(kept)}"
