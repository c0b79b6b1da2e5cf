"""An archived event is out of its helpers' way; nothing is lost, and it comes back."""

import pytest

from people import make_event


@pytest.fixture
def olga(cast, browser_of):
    return browser_of(cast.organiser)


def archive(cast):
    return f"/events/{cast.event.id}/archive"


def bring_back(cast):
    return f"/events/{cast.event.id}/bring-back"


def listed(browser):
    """Return the events on the page, those in sight and those behind "Archived"."""
    browser.get("/events")
    put_away = {
        heading.text
        for part in browser.page.all("details")
        if part.find("summary").text == "Archived"
        for heading in part.iter("h2")
    }
    return {heading.text for heading in browser.page.all("h2")} - put_away, put_away


def test_it_is_archived_and_brought_back(cast, session, olga):
    make_event(session, by=cast.organiser, name="Next")
    olga.get(f"/events/{cast.event.id}/settings")
    assert olga.submit(archive(cast)).location == "/events"
    assert listed(olga) == ({"Next"}, {"PyMeetup Nov"})
    olga.get(f"/events/{cast.event.id}/settings")
    assert olga.submit(bring_back(cast)).location == "/events"
    assert listed(olga) == ({"Next", "PyMeetup Nov"}, set())


def test_everything_there_goes_on_working(cast, session, olga, browser_of):
    olga.send(archive(cast))
    for page in ("desk", "team", "report", "settings", "log"):
        assert olga.get(f"/events/{cast.event.id}/{page}").status_code == 200
    assert browser_of(cast.attendee).get(f"/events/{cast.event.id}/meet").status_code == 200


def test_those_who_help_see_it_archived_and_those_who_attend_do_not(
    cast, session, olga, browser_of
):
    olga.send(archive(cast))
    assert listed(browser_of(cast.desk)) == (set(), {"PyMeetup Nov"})
    assert listed(browser_of(cast.attendee)) == ({"PyMeetup Nov"}, set())


def test_doing_it_twice_changes_nothing(cast, session, olga):
    for _ in range(2):
        assert olga.send(archive(cast)).status_code == 303
    first = cast.event.archived_at
    assert first is not None
    for _ in range(2):
        assert olga.send(bring_back(cast)).status_code == 303
    session.refresh(cast.event)
    assert cast.event.archived_at is None


@pytest.mark.parametrize(
    ("who", "status"), [("co_organiser", 303), ("desk", 403), ("attendee", 403), ("stranger", 404)]
)
def test_who_may(cast, session, browser_of, who, status):
    other = browser_of(getattr(cast, who))
    assert other.send(archive(cast)).status_code == status
    assert other.send(bring_back(cast)).status_code == status
