"""A walk-in joins by the event's own code and uses their phone as a badge."""

from datetime import timedelta

import pytest

from people import badge_of, make_event, make_person
from webapp.badges import codes
from webapp.badges.models import Badge
from webapp.core import clock
from webapp.events.models import Attendee

SAID = {"name": "Nia New", "organisation": "Fernweh", "headline": "Founder"}


@pytest.fixture
def newcomer(session):
    return make_person(session, name="", address="nia@example.org")


@pytest.fixture
def poster(cast):
    """The path behind the poster's QR."""
    return f"/E/{cast.event.code}"


def places_of(session, person):
    session.expire_all()
    return session.query(Attendee).filter_by(person_id=person.id).all()


def test_joining_takes_one_form(cast, session, browser_of, newcomer, poster):
    browser = browser_of(newcomer)
    browser.get(poster)
    assert "PyMeetup Nov" in browser.text
    answer = browser.submit(poster, **SAID)
    assert (answer.status_code, answer.location) == (303, f"/events/{cast.event.id}/meet")
    (place,) = places_of(session, newcomer)
    assert (place.name, place.organisation, place.headline) == tuple(SAID.values())
    assert place.event_id == cast.event.id
    assert place.is_checked_in


def test_who_joined_shows_a_code_others_can_scan(cast, session, browser_of, newcomer, poster):
    browser = browser_of(newcomer)
    browser.get(browser.send(poster, **SAID).location)
    (place,) = places_of(session, newcomer)
    code = codes.live_code(badge_of(session, place), codes.step_at(clock.now()))
    assert f"{code[:5]} {code[5:]}" in browser.text
    amina = browser_of(cast.attendee)
    amina.get(f"/L/{cast.event.code}/{code}")
    assert "Did you talk with Nia New?" in amina.text


def test_joining_twice_changes_nothing(session, browser_of, newcomer, poster):
    browser = browser_of(newcomer)
    first = browser.send(poster, **SAID)
    again = browser.send(poster, name="Another Name")
    assert again.location == first.location
    (place,) = places_of(session, newcomer)
    assert place.name == "Nia New"
    assert session.query(Badge).filter_by(attendee_id=place.id).count() == 1


def test_who_has_joined_goes_straight_to_their_code(cast, browser_of, poster):
    answer = browser_of(cast.attendee).get(poster)
    assert (answer.status_code, answer.location) == (303, f"/events/{cast.event.id}/meet")


def test_the_form_knows_my_card(cast, browser_of, poster):
    browser = browser_of(cast.stranger)
    browser.get(poster)
    fields = {one.get("name"): one.get("value") for one in browser.page.all("input")}
    assert fields["name"] == "Sam Stranger"
    assert fields["organisation"] == "Kora Labs"


def test_joining_fills_an_empty_card(session, browser_of, newcomer, poster):
    browser_of(newcomer).send(poster, **SAID)
    session.refresh(newcomer)
    assert newcomer.name == "Nia New"


def test_joining_leaves_a_card_as_it_is(cast, session, browser_of, poster):
    browser_of(cast.stranger).send(poster, name="Sam, just here")
    session.refresh(cast.stranger)
    assert cast.stranger.name == "Sam Stranger"


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "Please tell us your name."),
        ("  \t ", "Please tell us your name."),
        ("\u200b \u200d", "Please tell us your name."),
        ("x" * 121, "That is longer than 120 characters."),
    ],
)
def test_a_name_that_cannot_be_printed_is_refused(cast, browser_of, poster, name, problem):
    browser = browser_of(cast.stranger)
    answer = browser.send(poster, name=name, organisation="Fernweh")
    assert answer.status_code == 422
    assert problem in browser.text
    fields = {one.get("name"): one.get("value") for one in browser.page.all("input")}
    assert fields["organisation"] == "Fernweh"
    assert browser.get(f"/events/{cast.event.id}/meet").status_code == 404


def test_the_poster_is_read_in_any_case(browser_of, newcomer, poster):
    browser = browser_of(newcomer)
    for path in (poster.lower(), poster.replace("0", "o").replace("1", "l")):
        browser.get(path)
        assert "PyMeetup Nov" in browser.text


def test_the_signed_out_see_the_event_and_the_way_in(browser, poster):
    browser.get(poster)
    assert "PyMeetup Nov" in browser.text
    assert f"/sign-in?next={poster}".lower() in map(str.lower, browser.page.links())


def test_the_signed_out_cannot_join(session, browser, poster):
    answer = browser.send(poster, **SAID)
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert session.query(Attendee).count() == 3


def test_the_page_of_an_event_names_nobody_at_it(browser, poster):
    text = browser.get(poster).get_data(as_text=True)
    for name in ("Amina", "Ben Ng", "Rita", "Olga", "Kora Labs"):
        assert name not in text


def test_an_unknown_code_leads_nowhere(browser_of, newcomer):
    browser = browser_of(newcomer)
    assert browser.get("/E/ZZZZZZ").status_code == 404
    assert browser.send("/E/ZZZZZZ", **SAID).status_code == 404


def test_nobody_joins_what_is_over(cast, session, browser_of, poster, evening):
    evening.move_to(cast.event.ends_at + timedelta(hours=12, seconds=1))
    browser = browser_of(cast.stranger)
    browser.get(poster)
    assert "This event is over" in browser.text
    assert [form.get("action") for form in browser.page.all("form")] == []
    assert browser.send(poster, **SAID).status_code == 403
    assert places_of(session, cast.stranger) == []


def test_one_joins_before_it_begins(session, browser_of, newcomer):
    begins = clock.now() + timedelta(days=2)
    coming = make_event(session, starts_at=begins, ends_at=begins + timedelta(hours=3))
    browser = browser_of(newcomer)
    browser.get(f"/E/{coming.code}")
    assert "Coming up" in browser.text
    answer = browser.submit(f"/E/{coming.code}", name="Early Bird")
    browser.get(answer.location)
    assert "Your code appears here then." in browser.text


def test_where_there_is_a_desk_joining_is_not_coming(session, browser_of, newcomer):
    event = make_event(session, needs_check_in=True)
    browser_of(newcomer).send(f"/E/{event.code}", **SAID)
    (place,) = places_of(session, newcomer)
    assert not place.is_checked_in
