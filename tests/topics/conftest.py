"""People who say what they like to talk about, and whom they are named because of it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from people import make_attendee, make_person
from webapp.core import clock
from webapp.core import db as database
from webapp.topics.rules import OwnTopics, topics_in
from webapp.topics.services import keep_topics


@pytest.fixture
def say(session):
    """Let an attendee name topics, and tick that they want to be suggested."""

    def do(attendee, offers="", seeks="", *, is_looking=True):
        said = OwnTopics(tuple(topics_in(offers)), tuple(topics_in(seeks)), is_looking)
        keep_topics(session, attendee=attendee, said=said, now=clock.now())
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
def look_for(cast):
    """The address of the page."""
    return f"/events/{cast.event.id}/look-for"


@pytest.fixture
def pair(cast, say):
    """Amina seeks what Ben offers, and both want to be suggested."""
    say(cast.amina, seeks="PostgreSQL")
    say(cast.ben, offers="PostgreSQL")
    return cast.amina, cast.ben


@pytest.fixture
def amina(cast, browser_of):
    return browser_of(cast.attendee)


@pytest.fixture
def ben(cast, browser_of):
    return browser_of(cast.other)


@pytest.fixture
def named(look_for):
    """Return the names somebody is suggested, in order."""

    def read(browser):
        assert browser.get(look_for).status_code == 200
        return [
            "".join(item.find("h2").itertext())
            for item in browser.page.all("li")
            if item.get("class") == "card"
        ]

    return read


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
