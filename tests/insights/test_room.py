"""The room now: the numbers of the frozen summary, no others."""

from datetime import timedelta

import pytest

from pages import HX
from people import make_attendee, make_event, make_person, talk
from webapp.core import clock
from webapp.insights.services import freeze_summary

HOUR = timedelta(hours=1)


@pytest.fixture
def olga(session, evening):
    return make_person(session, name="Olga Organiser")


@pytest.fixture
def event(session, evening, olga):
    """Forty people in two groups, who talk in a ring."""
    now = clock.now()
    event = make_event(session, by=olga, starts_at=now, ends_at=now + 4 * HOUR, name="=Evening")
    guests = [
        make_attendee(
            session,
            event=event,
            person=make_person(session, name=f"Guest Number{one:03}"),
            group_name=f"Group {one % 2}",
        )
        for one in range(40)
    ]
    for place, guest in enumerate(guests):
        evening.shift(timedelta(seconds=61))
        talk(session, event=event, by=guest, about=guests[(place + 1) % 40])
    evening.move_to(event.starts_at + 2 * HOUR)
    session.commit()
    return event


@pytest.fixture
def browser(browser_of, olga, event):
    return browser_of(olga)


def test_before_the_first_full_hour_the_room_says_when_numbers_come(browser, event):
    browser.get(f"/events/{event.id}/room")
    assert "Numbers are counted at every full hour" in browser.page.text


def test_the_room_shows_the_leading_figures_rhythm_and_mixing(browser, session, event):
    freeze_summary(session, event=event, now=clock.now())
    browser.get(f"/events/{event.id}/room")
    text = browser.page.text
    assert "As of 9:00" in text.replace("\u202f", " ")
    for words in ("had a talk", "When people talked", "Did groups mix?"):
        assert words in text
    assert "Guest Number" not in text


def test_a_screen_that_has_the_newest_numbers_gets_nothing_again(browser, session, event, evening):
    url = f"/events/{event.id}/room-now"
    before = browser.get(url, headers=HX).headers["ETag"]
    assert browser.get(url, headers=HX | {"If-None-Match": before}).status_code == 304
    freeze_summary(session, event=event, now=clock.now())
    answer = browser.get(url, headers=HX | {"If-None-Match": before})
    assert answer.status_code == 200
    again = browser.get(url, headers=HX | {"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("page", ["room", "room-now", "report.csv"])
def test_only_those_who_run_the_event_see_it(cast, browser_of, page):
    url = f"/events/{cast.event.id}/{page}"
    assert browser_of(cast.organiser).get(url).status_code == 200
    assert browser_of(cast.co_organiser).get(url).status_code == 200
    assert browser_of(cast.attendee).get(url).status_code == 403
    assert browser_of(cast.desk).get(url).status_code == 403
    assert browser_of(cast.stranger).get(url).status_code == 404
