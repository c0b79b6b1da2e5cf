"""People who ask to be introduced, and the hosts who see them."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from people import make_attendee, make_person
from webapp.core import clock
from webapp.core import db as database
from webapp.hosting.models import Asking
from webapp.hosting.rules import Wish
from webapp.hosting.services import ask, begin_to_help
from webapp.topics.rules import OwnTopics, topics_in
from webapp.topics.services import keep_topics


@pytest.fixture
def say(session):
    """Let an attendee name topics."""

    def do(attendee, offers="", seeks=""):
        said = OwnTopics(tuple(topics_in(offers)), tuple(topics_in(seeks)))
        keep_topics(session, attendee=attendee, said=said, now=clock.now())
        session.commit()

    return do


@pytest.fixture
def asks(session, say):
    """Let an attendee ask to be introduced, with topics if any are named."""

    def do(attendee, line="", *, offers="", seeks="", has_met_nobody=False):
        if offers or seeks:
            say(attendee, offers, seeks)
        ask(session, attendee=attendee, wish=Wish(line, has_met_nobody), now=clock.now())
        session.commit()
        return session.get_one(Asking, (attendee.event_id, attendee.id))

    return do


@pytest.fixture
def helps(session):
    """Let a host be on it."""

    def do(person, asking):
        begin_to_help(session, asking=asking, by=person, instead_of=None, now=clock.now())
        session.commit()

    return do


@pytest.fixture
def guest(cast, session):
    """Make somebody who is at the event."""

    def make(name, **more):
        person = make_person(session, name=name)
        return make_attendee(session, event=cast.event, person=person, **more)

    return make


@pytest.fixture
def mine(cast):
    """The address of an attendee's own page."""
    return f"/events/{cast.event.id}/introduce-me"


@pytest.fixture
def hosting(cast):
    """The address of the hosts' list."""
    return f"/events/{cast.event.id}/hosting"


@pytest.fixture
def amina(cast, browser_of):
    return browser_of(cast.attendee)


@pytest.fixture
def olga(cast, browser_of):
    return browser_of(cast.organiser)


@pytest.fixture
def dan(cast, browser_of):
    return browser_of(cast.desk)


@pytest.fixture
def shown(hosting):
    """Return what a host sees of everybody who asked, by their names, in order."""

    def read(browser):
        assert browser.get(hosting).status_code == 200
        return cards_of(browser)

    return read


def cards_of(browser):
    """Return the text of each card of a page that is open, by name."""
    cards = [one for one in browser.page.all("li") if one.get("id", "").startswith("asking-")]
    texts = [" ".join("".join(card.itertext()).split()) for card in cards]
    names = [next(card.iter("bdi")).text for card in cards]
    return dict(zip(names, texts, strict=True))


@contextmanager
def statements() -> Iterator[list[str]]:
    """Note what is asked of the database."""
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_):
        if not statement.startswith(("PRAGMA", "BEGIN")):
            asked.append(statement)

    sa.event.listen(database.db.engine, "before_cursor_execute", note)
    yield asked
    sa.event.remove(database.db.engine, "before_cursor_execute", note)


@pytest.fixture
def asked():
    return statements
