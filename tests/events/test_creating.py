"""Creating an event in two minutes, in the organiser's own time zone."""

from datetime import UTC, datetime, timedelta

import pytest

from people import make_attendee, make_event, make_person
from webapp.core.fields import one_of
from webapp.events.models import Attendee, Event, Role, RoleName
from webapp.events.queries import event_by_code
from webapp.events.settings.forms import EventForm

SAID = {
    "name": "PyMeetup Dec",
    "place": "Hamburg",
    "time_zone": "Europe/Berlin",
    "starts_at": "2026-12-03T18:30",
    "ends_at": "2026-12-03T22:00",
}

TEXTS = ("name", "place", "time_zone")
BAD_YEAR = "Please check the year."


@pytest.fixture
def ada(session, evening):
    return make_person(session, name="Ada", address="ada@example.org")


@pytest.fixture
def browser_of_ada(browser_of, ada):
    return browser_of(ada)


@pytest.fixture
def created(session):
    """Return the events there are, as the database has them."""

    def find():
        session.expire_all()
        return session.query(Event).all()

    return find


def values_on(page):
    """Return what stands in the fields of a page."""
    values = {one.get("name"): one.get("value") for one in page.all("input")}
    for select in page.all("select"):
        chosen = [one.get("value") for one in select.iter("option") if "selected" in one.attrib]
        values[select.get("name")] = chosen
    return values


def test_an_event_is_created_by_one_form(browser_of_ada, session, ada, created):
    browser_of_ada.get("/events/new")
    answer = browser_of_ada.submit("/events/new", **SAID)
    (event,) = created()
    assert (answer.status_code, answer.location) == (303, f"/events/{event.id}/desk")
    assert {name: getattr(event, name) for name in TEXTS} == {name: SAID[name] for name in TEXTS}
    assert event.starts_at == datetime(2026, 12, 3, 17, 30, tzinfo=UTC)
    assert event.ends_at == datetime(2026, 12, 3, 21, 0, tzinfo=UTC)
    assert not event.needs_check_in
    assert event.k == 10
    roles = [(role.person_id, role.name) for role in session.query(Role)]
    assert roles == [(ada.id, RoleName.ORGANISER)]
    assert session.query(Attendee).count() == 0


def test_its_creator_finds_it(browser_of_ada):
    desk = browser_of_ada.send("/events/new", **SAID).location
    assert browser_of_ada.get(desk).status_code == 200
    browser_of_ada.get("/events")
    assert "PyMeetup Dec" in browser_of_ada.text
    assert "Thu, Dec 3, 6:30 PM" in browser_of_ada.text
    assert desk in browser_of_ada.page.links()


def test_its_code_is_short_and_easy_to_read(browser_of_ada, session, created):
    for _ in range(20):
        browser_of_ada.send("/events/new", **SAID)
    codes = {event.code for event in created()}
    assert len(codes) == 20
    assert all(len(code) == 6 and not set(code) & set("ILOU") for code in codes)
    assert all(event_by_code(session, code) for code in codes)


def test_a_desk_may_be_asked_for(browser_of_ada, created):
    browser_of_ada.send("/events/new", **SAID, needs_check_in="y")
    assert created()[0].needs_check_in


def test_the_form_is_filled_in_but_for_the_name(browser_of_ada, created):
    browser_of_ada.get("/events/new")
    values = values_on(browser_of_ada.page)
    assert values["name"] is None or values["name"] == ""
    assert (values["starts_at"], values["ends_at"]) == ("2026-11-23T18:30", "2026-11-23T21:30")
    assert values["time_zone"] == ["Europe/Berlin"]
    ticks = {one.get("name") for one in browser_of_ada.page.all("input") if "checked" in one.attrib}
    assert ticks == {"has_organisations", "has_headlines", "has_groups"}
    assert browser_of_ada.submit("/events/new", name="PyMeetup Dec").status_code == 303
    (event,) = created()
    assert (event.k, event.retention_months, event.language) == (10, 6, "en")
    assert (event.needs_check_in, event.may_mail_unclaimed) == (False, False)
    assert not event.has_discreet_subjects


def test_what_is_seldom_changed_is_folded_away(browser_of_ada):
    browser_of_ada.get("/events/new")
    (folded,) = browser_of_ada.page.form("/events/new").iter("details")
    assert "open" not in folded.attrib
    inside = {one.get("name") for tag in ("input", "select") for one in folded.iter(tag)}
    assert inside == {"k", "retention_months", "may_mail_unclaimed", "has_discreet_subjects"}


def test_a_choice_of_one_language_is_no_choice(browser_of_ada):
    browser_of_ada.get("/events/new")
    assert "Badges and mails are in English; there is no other language yet." in browser_of_ada.text
    assert "language" not in values_on(browser_of_ada.page)


def test_languages_are_offered_as_soon_as_there_are_two(browser_of_ada, monkeypatch, created):
    two = {"en": "English", "de": "Deutsch"}
    monkeypatch.setattr("webapp.events.settings.forms.LANGUAGES", two)
    monkeypatch.setattr(EventForm, "language", one_of("Language", two, default="en"))
    browser_of_ada.get("/events/new")
    assert values_on(browser_of_ada.page)["language"] == ["en"]
    browser_of_ada.submit("/events/new", name="PyMeetup Dec", language="de")
    assert created()[0].language == "de"


def test_the_time_zone_is_that_of_the_last_event(browser_of_ada, ada, session, evening):
    make_event(session, by=ada, time_zone="Asia/Kathmandu")
    evening.shift(timedelta(days=1))
    make_event(session, by=ada, time_zone="America/New_York")
    browser_of_ada.get("/events/new")
    assert values_on(browser_of_ada.page)["time_zone"] == ["America/New_York"]


def test_an_earlier_event_is_copied_but_for_its_dates_and_people(
    browser_of_ada, ada, session, created
):
    times = {
        "starts_at": datetime(2026, 9, 1, 16, 0, tzinfo=UTC),
        "ends_at": datetime(2026, 9, 1, 20, 0, tzinfo=UTC),
    }
    settings = {
        "needs_check_in": True,
        "k": 20,
        "has_groups": False,
        "retention_months": 12,
        "may_mail_unclaimed": True,
        "has_discreet_subjects": True,
    }
    earlier = make_event(session, by=ada, name="PyMeetup Sep", place="Hamm", **times, **settings)
    make_attendee(session, event=earlier, person=ada)
    browser_of_ada.get("/events/new")
    browser_of_ada.submit("/events/new", like=earlier.id)
    values = values_on(browser_of_ada.page)
    assert (values["name"], values["place"], values["k"]) == ("PyMeetup Sep", "Hamm", "20")
    assert (values["starts_at"], values["ends_at"]) == ("2026-11-24T18:00", "2026-11-24T22:00")
    assert values["retention_months"] == ["12"]
    ticked = {
        one.get("name") for one in browser_of_ada.page.all("input") if "checked" in one.attrib
    }
    assert ticked == {
        "has_organisations",
        "has_headlines",
        "needs_check_in",
        "may_mail_unclaimed",
        "has_discreet_subjects",
    }
    assert len(created()) == 1


def test_somebody_elses_event_is_not_copied(browser_of_ada, cast):
    browser_of_ada.get(f"/events/new?like={cast.event.id}")
    assert "PyMeetup Nov" not in str(values_on(browser_of_ada.page))
    assert "Filled in like the earlier one" not in browser_of_ada.text


@pytest.mark.parametrize(
    ("zone", "local", "moment"),
    [
        ("Europe/Berlin", "2026-07-01T18:00", "2026-07-01T16:00"),
        ("Europe/Berlin", "2026-12-01T18:00", "2026-12-01T17:00"),
        ("America/New_York", "2026-12-01T18:00", "2026-12-01T23:00"),
        ("America/Sao_Paulo", "2026-12-01T18:00", "2026-12-01T21:00"),
        ("Asia/Kathmandu", "2026-12-01T18:00", "2026-12-01T12:15"),
        ("Pacific/Kiritimati", "2026-12-01T10:00", "2026-11-30T20:00"),
        ("UTC", "2026-12-01T18:00", "2026-12-01T18:00"),
        # An hour that comes twice is taken the first time, one that never comes an hour later.
        ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30"),
        ("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:30"),
    ],
)
def test_times_are_those_of_the_place(browser_of_ada, created, zone, local, moment):
    later = {"ends_at": local[:8] + "30T23:59"}
    browser_of_ada.send("/events/new", **(SAID | later | {"time_zone": zone, "starts_at": local}))
    (event,) = created()
    assert event.starts_at == datetime.fromisoformat(moment).replace(tzinfo=UTC)


def test_an_event_over_the_change_of_the_clock_has_the_hours_it_has(browser_of_ada, created):
    night = {"starts_at": "2026-10-24T20:00", "ends_at": "2026-10-25T08:00"}
    browser_of_ada.send("/events/new", **(SAID | night))
    (event,) = created()
    assert (event.ends_at - event.starts_at).total_seconds() == 13 * 3600


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"name": ""}, "Please name the event."),
        ({"name": "  "}, "Please name the event."),
        ({"name": "x" * 121}, "That is longer than 120 characters."),
        ({"starts_at": ""}, "When does it start?"),
        ({"ends_at": ""}, "When does it end?"),
        ({"starts_at": "soon"}, "Not a valid datetime value"),
        ({"ends_at": "2026-12-03T18:30"}, "The end must come after the start."),
        ({"ends_at": "2026-12-03T18:29"}, "The end must come after the start."),
        ({"ends_at": "2027-01-04T18:30"}, "An event can last a month at most."),
        ({"time_zone": "Mars/Olympus"}, "Not a valid choice"),
        ({"time_zone": ""}, "Not a valid choice"),
        ({"starts_at": "9999-12-31T01:00", "ends_at": "9999-12-31T23:59"}, BAD_YEAR),
        ({"starts_at": "0001-01-01T00:00", "ends_at": "0001-01-01T05:00"}, BAD_YEAR),
    ],
)
def test_what_cannot_be_taken_stays_typed(browser_of_ada, created, wrong, problem):
    said = SAID | wrong
    answer = browser_of_ada.send("/events/new", **said)
    assert answer.status_code == 422
    assert problem in browser_of_ada.text
    assert created() == []
    values = values_on(browser_of_ada.page)
    for name in ("place", "starts_at", "ends_at"):
        assert (values[name] or "") == said[name]
    if "time_zone" not in wrong:
        assert values["time_zone"] == ["Europe/Berlin"]


def test_an_end_that_only_looks_later_is_refused(browser_of_ada, created):
    """In spring 02:30 does not exist and is 03:30; what ends at 03:10 has ended before."""
    spring = {"starts_at": "2026-03-29T02:30", "ends_at": "2026-03-29T03:10"}
    assert browser_of_ada.send("/events/new", **(SAID | spring)).status_code == 422
    assert "The end must come after the start." in browser_of_ada.text
    assert created() == []


def test_a_month_is_not_too_long(browser_of_ada, created):
    assert browser_of_ada.send("/events/new", **(SAID | {"ends_at": "2027-01-03T18:30"})).location
    assert len(created()) == 1


def test_what_is_typed_is_printed_as_text(browser_of_ada):
    desk = browser_of_ada.send("/events/new", **(SAID | {"name": "<b>Bold</b>\r\nMeetup"})).location
    body = browser_of_ada.get(desk).get_data(as_text=True)
    assert "&lt;b&gt;Bold&lt;/b&gt; Meetup" in body


def test_no_field_but_those_of_the_form_is_taken(browser_of_ada, created):
    unasked = {"id": "mine", "code": "MYCODE", "created_at": "x", "erased_at": "2026-01-01T00:00"}
    browser_of_ada.send("/events/new", **SAID, **unasked)
    (event,) = created()
    assert event.id != "mine"
    assert event.code != "MYCODE"
    assert event.erased_at is None


def test_the_signed_out_sign_in_first(browser, created):
    assert browser.get("/events/new").location == "/sign-in?next=/events/new"
    assert browser.send("/events/new", **SAID).location == "/sign-in"
    assert created() == []


def test_nobody_else_finds_it(cast, browser_of, browser_of_ada):
    desk = browser_of_ada.send("/events/new", **SAID).location
    for person in (cast.organiser, cast.attendee, cast.stranger):
        assert browser_of(person).get(desk).status_code == 404
