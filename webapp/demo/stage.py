"""The event of the demo: a real conference replayed so that it is on right now."""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.accounts.services import new_person
from webapp.core import clock
from webapp.core.db import transaction
from webapp.demo.hiring import begin_review, gather_team
from webapp.demo.names import invented
from webapp.demo.yesterday import add_yesterday
from webapp.events.models import Event, RoleName
from webapp.events.services import grant_role
from webapp.exchange import sociopatterns
from webapp.exchange.replay import Cast, Recorder, Script, duration, prepare
from webapp.exchange.sociopatterns import ContactConversation
from webapp.ties.models import LinkKind
from webapp.ties.rules import CheckedLink
from webapp.ties.services import add_link

DATA = Path(__file__).parent / "data" / "sfhh2009.dat.gz"
STAGE = "bowline-demo"
NAME = "Infection Days"
PLACE = "Nice"
ENDED_AGO = timedelta(minutes=20)
STAYS_OPEN = timedelta(hours=10)
BATCH = 5
PAUSE_SECONDS = 0.01
"""Between batches, so that visitors get their turn at the one write lock of SQLite."""
FEW, MANY = 8, 20
AGREED = 14
"""How many of those they talked with let the recruiter's team see them."""


@dataclass(frozen=True, slots=True)
class Roles:
    """Whom a visitor may be, as ids of persons."""

    event_id: str
    left: str
    right: str
    recruiter: str
    colleague: str
    """Another one in the recruiter's team."""
    organiser: str


@dataclass(slots=True)
class Stage:
    """What the demo has prepared, and how much of the conference is recorded by now."""

    roles: Roles
    cast: Cast
    talks: list[ContactConversation]
    recorded: int = 0
    is_complete: threading.Event = field(default_factory=threading.Event)

    @property
    def percent(self) -> int:
        """How much of the conference is recorded."""
        return 100 * self.recorded // len(self.talks)


def set_stage() -> Stage:
    """Create the event and its people; takes about two seconds."""
    contacts = sociopatterns.read_contacts(DATA)
    talks = sociopatterns.form_conversations(contacts)
    now = clock.now()
    script = Script(
        name=NAME,
        place=PLACE,
        starts_at=now - ENDED_AGO - duration(talks),
        ends_at=now + STAYS_OPEN,
        people=sociopatterns.people(contacts),
        printed=invented,
        groups={},
        conversations=talks,
    )
    with transaction() as session:
        cast = prepare(session, script)
        _share_links(session, cast)
        roles = _cast_roles(session, cast, talks)
        add_yesterday(session, now=now)
    return Stage(roles, cast, talks)


def record_conference(app: Flask, stage: Stage) -> None:
    """Record all talks in small transactions, so that visitors can use the demo meanwhile."""
    recorder = Recorder(stage.cast)
    with app.app_context():
        for start in range(0, len(stage.talks), BATCH):
            with transaction() as session:
                for _ in recorder.record(session, stage.talks[start : start + BATCH]):
                    pass
            stage.recorded = min(start + BATCH, len(stage.talks))
            time.sleep(PAUSE_SECONDS)
        roles = stage.roles
        with transaction() as session:
            hiring = [roles.recruiter, roles.colleague]
            begin_review(session, event_id=roles.event_id, persons=hiring)
    stage.is_complete.set()


def start_recording(app: Flask, stage: Stage) -> None:
    """Record the conference beside the web server."""
    threading.Thread(target=partial(record_conference, app, stage), daemon=True).start()


def _share_links(session: Session, cast: Cast) -> None:
    """Give everybody two links that lead nowhere."""
    now = clock.now()
    for one, guest in cast.guests.items():
        person = session.get_one(Person, guest.person_id)
        profile = f"https://www.linkedin.com/in/bowline-demo-{one}"
        mailbox = ".".join(person.name.lower().split())
        for link in (
            CheckedLink(LinkKind.LINKEDIN, profile),
            CheckedLink(LinkKind.EMAIL, f"mailto:{mailbox}@example.org"),
        ):
            add_link(session, person=person, link=link, now=now)


def _cast_roles(session: Session, cast: Cast, talks: list[ContactConversation]) -> Roles:
    """Choose two attendees who have not talked yet, and a recruiter who talks a lot."""
    pairs = {(talk.a, talk.b) for talk in talks}
    partners = Counter(one for pair in pairs for one in pair)
    some = [one for one in cast.guests if FEW <= partners[one] <= MANY]
    left = some[0]
    right = next(one for one in some[1:] if (left, one) not in pairs)
    busy = [one for one, _met in partners.most_common() if one not in {left, right}]
    recruiter = busy[0]
    event, now = session.get_one(Event, cast.event_id), clock.now()
    organiser = new_person(session, name="Robin Calder", now=now)
    grant_role(session, event=event, person=organiser, name=RoleName.ORGANISER, now=now)
    hiring = session.get_one(Person, cast.guests[recruiter].person_id)
    met = [b if a == recruiter else a for a, b in sorted(pairs) if recruiter in {a, b}]
    agreed = [session.get_one(Person, cast.guests[one].person_id) for one in met[:AGREED]]
    colleague = session.get_one(Person, cast.guests[busy[1]].person_id)
    gather_team(session, event, [hiring, colleague], agreed, by=organiser)
    return Roles(
        event_id=cast.event_id,
        left=cast.guests[left].person_id,
        right=cast.guests[right].person_id,
        recruiter=hiring.id,
        colleague=colleague.id,
        organiser=organiser.id,
    )
