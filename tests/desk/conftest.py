"""Somebody at the desk, and somebody who has not come yet."""

import pytest

from people import make_attendee


@pytest.fixture
def desk(cast, browser_of):
    """The browser of the one at the desk."""
    return browser_of(cast.desk)


@pytest.fixture
def other_desk(cast, browser_of):
    """The browser of a second helper."""
    return browser_of(cast.co_organiser)


@pytest.fixture
def url(cast):
    return f"/events/{cast.event.id}/desk"


@pytest.fixture
def late(cast, session):
    """Somebody on the list who has not come."""
    return make_attendee(session, event=cast.event, name="Lars Late")
