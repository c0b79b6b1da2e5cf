"""A claim that waits, and a look at everything that is kept."""

import pytest
import sqlalchemy as sa

from people import say_talked
from webapp.core.db import Base


@pytest.fixture
def kept(session):
    """Return every row there is, but for when devices were last seen."""

    def rows():
        session.rollback()
        tables = [one for one in Base.metadata.sorted_tables if one.name != "device"]
        return {one.name: sorted(map(repr, session.execute(sa.select(one)))) for one in tables}

    return rows


@pytest.fixture
def waiting(cast, session):
    """Ben said that he talked with Amina, and she has not answered."""
    talk = say_talked(session, event=cast.event, by=cast.ben, about=cast.amina)
    session.commit()
    return talk


@pytest.fixture
def talk_url(waiting):
    return f"/events/{waiting.event_id}/talks/{waiting.id}"


@pytest.fixture
def amina(cast, browser_of):
    """The browser of whom the claim is about."""
    return browser_of(cast.attendee)


@pytest.fixture
def ben(cast, browser_of):
    """The claimer's browser."""
    return browser_of(cast.other)
