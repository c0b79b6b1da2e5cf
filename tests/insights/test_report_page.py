"""The organiser's report: numbers only, as many as the size of the event allows."""

from datetime import timedelta

import pytest

from people import make_attendee, make_event, make_person, talk
from webapp.core import clock
from webapp.events.models import RoleName
from webapp.events.services import grant_role
from webapp.insights.models import Snapshot
from webapp.insights.services import freeze_summary

HOUR = timedelta(hours=1)
SVG = "{http://www.w3.org/2000/svg}"
TOTALS = {"conversations", "attendees", "pairs"}
QUARTILES = {
    "conversations_lower",
    "conversations_median",
    "conversations_upper",
    "partners_median",
}


@pytest.fixture
def olga(session, evening):
    return make_person(session, name="Olga Organiser")


@pytest.fixture
def hold(session, evening, olga):
    """Hold an event at which a number of people talk in a ring, with a summary at its end."""

    def held(number, *, groups=0, after=5 * HOUR):
        now = clock.now()
        event = make_event(session, by=olga, starts_at=now, ends_at=now + 4 * HOUR)
        guests = [
            make_attendee(
                session,
                event=event,
                person=make_person(session, name=f"Guest Number{one:03}"),
                group_name=f"Group {one % groups}" if groups else None,
            )
            for one in range(number)
        ]
        for step in (1, 2):
            for place, guest in enumerate(guests):
                evening.shift(timedelta(seconds=61))
                talk(session, event=event, by=guest, about=guests[(place + step) % number])
        evening.move_to(event.starts_at + after)
        freeze_summary(session, event=event, now=clock.now())
        session.commit()
        return event

    return held


def open_report(browser, event):
    answer = browser.get(f"/events/{event.id}/report")
    assert answer.status_code == 200
    return browser.text


def values_of(session, event):
    report = session.query(Snapshot).filter_by(event_id=event.id).one().report
    return {one["key"]: one["value"] for one in report["figures"]}


def shown(session, event):
    return {key for key, value in values_of(session, event).items() if value is not None}


def test_before_the_first_hour_the_page_says_when_it_comes(cast, browser_of):
    text = open_report(browser_of(cast.organiser), cast.event)
    assert "Numbers are counted at every full hour" in text


def test_the_page_shows_what_was_frozen(session, browser_of, olga, hold):
    event = hold(44, groups=2)
    browser = browser_of(olga)
    text = open_report(browser, event)
    assert "As of Fri, Nov 20, 12:00 AM." in text
    assert "each covers at least 10 people" in text
    terms = [one.text for one in browser.page.all("strong")]
    for key, value in values_of(session, event).items():
        if value is not None:
            assert any(str(value) in (term or "") for term in terms), key
    assert "90" in terms


def test_a_later_change_does_not_show(session, browser_of, olga, hold):
    event = hold(44)
    browser = browser_of(olga)
    before = open_report(browser, event)
    make_attendee(session, event=event, person=make_person(session))
    session.commit()
    assert open_report(browser, event) == before


@pytest.mark.parametrize("groups", [2, 22])
def test_the_page_names_nobody(browser_of, olga, hold, groups):
    event = hold(44, groups=groups)
    text = open_report(browser_of(olga), event)
    for name in ("Guest Number", "Kora Labs", "Data engineer"):
        assert name not in text
    assert ("Group 1" in text) is (groups == 2)


def test_a_small_event_shows_nothing_while_it_is_on(session, browser_of, olga, hold):
    event = hold(19, after=4 * HOUR)
    assert shown(session, event) == set()
    assert "shown after the event" in open_report(browser_of(olga), event)


@pytest.mark.parametrize("number", [19, 20, 29])
def test_below_30_people_there_are_totals_only(session, browser_of, olga, hold, number):
    event = hold(number, after=17 * HOUR)
    assert shown(session, event) == ({"conversations"} if number < 20 else TOTALS)
    text = open_report(browser_of(olga), event)
    assert "too few people to show without showing someone" in text


@pytest.mark.parametrize(("number", "has_quartiles"), [(30, False), (39, False), (40, True)])
def test_quartiles_need_40_people(session, hold, number, has_quartiles):
    event = hold(number)
    keys = shown(session, event)
    assert keys > TOTALS
    assert (keys >= QUARTILES) is has_quartiles
    assert bool(keys & QUARTILES) is has_quartiles


def test_the_rhythm_is_a_picture_with_a_table(browser_of, olga, hold):
    browser = browser_of(olga)
    open_report(browser, hold(44))
    (chart,) = [one for one in browser.page.all(f"{SVG}svg") if one.get("class") == "chart"]
    rows = [row for row in browser.page.all("tr") if len(list(row.iter("td"))) == 3]
    assert len(list(chart.iter(f"{SVG}rect"))) == len(rows) > 2
    assert sum(int(list(row.iter("td"))[2].text) for row in rows) == pytest.approx(88, abs=20)
    assert chart.get("aria-label")


@pytest.mark.parametrize("role", ["organiser", "co_organiser"])
def test_who_runs_the_event_reads_it(cast, browser_of, role):
    open_report(browser_of(getattr(cast, role)), cast.event)


@pytest.mark.parametrize("role", ["desk", "recruiter", "attendee", "stranger"])
def test_nobody_else_does(cast, browser_of, role):
    answer = browser_of(getattr(cast, role)).get(f"/events/{cast.event.id}/report")
    assert answer.status_code == (404 if role == "stranger" else 403)


def test_the_signed_out_sign_in_first(cast, browser):
    url = f"/events/{cast.event.id}/report"
    assert browser.get(url).location == f"/sign-in?next={url}"


def test_an_organiser_reads_their_own_event_alone(session, browser_of, olga, hold):
    other = make_event(session, by=make_person(session))
    grant_role(session, event=hold(20), person=olga, name=RoleName.CO_ORGANISER, now=clock.now())
    session.commit()
    assert browser_of(olga).get(f"/events/{other.id}/report").status_code == 404


def test_a_report_is_only_read(cast, browser_of):
    browser = browser_of(cast.organiser)
    assert browser.send(f"/events/{cast.event.id}/report").status_code == 405
