"""An event beside earlier ones of like size that whoever looks runs, by final summaries alone."""

from datetime import timedelta

import pytest
from crawl.test_query_counts import counted
from crowds import hold_party

from people import make_event, make_person
from webapp.core import clock
from webapp.core import db as database
from webapp.events.models import RoleName
from webapp.events.services import grant_role
from webapp.insights.comparing import (
    COMPARED,
    Summary,
    comparable,
    compared_keys,
    is_alike,
    summary_of,
)
from webapp.insights.models import Snapshot

HEADING = "Beside your earlier events"
DASH = "\N{EN DASH}"


def summary(attendees: int | None = 100, using: int | None = 80, **figures: int | None) -> Summary:
    values = {"attendees": attendees, "using_percent": using} | figures
    return Summary({key: {"key": key, "value": value} for key, value in values.items()})


@pytest.mark.parametrize(
    ("attendees", "is_so"),
    [(45, False), (50, True), (100, True), (200, True), (205, False), (0, False), (None, False)],
)
def test_events_are_alike_from_half_to_twice_the_size(attendees, is_so):
    assert is_alike(summary(), summary(attendees)) is is_so


def test_an_event_too_small_to_count_is_like_none():
    assert not is_alike(summary(None), summary(None))


@pytest.mark.parametrize(
    ("attendees", "is_so"), [(75, False), (80, True), (125, True), (130, False)]
)
def test_densities_compare_if_sizes_are_close(attendees, is_so):
    assert comparable("density_percent", summary(), summary(attendees)) is is_so


@pytest.mark.parametrize("key", ["participation_percent", "conversations_median", "gini_percent"])
@pytest.mark.parametrize(("using", "is_so"), [(69, False), (70, True), (90, True), (91, False)])
def test_what_depends_on_use_compares_if_use_is_alike(key, using, is_so):
    assert comparable(key, summary(), summary(using=using)) is is_so
    assert not comparable(key, summary(), summary(using=None))


@pytest.mark.parametrize("key", ["confirmed_percent", "transitivity_percent"])
def test_what_holds_under_partial_use_compares_whatever_the_use(key):
    assert comparable(key, summary(), summary(using=20))


def test_numbers_of_people_met_never_compare():
    for key in ("partners_median", "isolates", "pairs", "conversations"):
        assert key not in COMPARED
        assert not comparable(key, summary(), summary())


def test_a_figure_that_one_of_them_hides_is_left_out():
    mine = summary(transitivity_percent=20, confirmed_percent=60)
    other = summary(transitivity_percent=30, confirmed_percent=None)
    assert compared_keys(mine, [other]) == ["transitivity_percent"]
    assert compared_keys(summary(transitivity_percent=None), [other]) == []


@pytest.fixture
def olga(session, evening):
    return make_person(session, name="Olga Organiser")


def compared(browser, event):
    """Return the table of a comparison: the names of events, and a row for each figure."""
    assert browser.get(f"/events/{event.id}/report").status_code == 200
    tables = [one for one in browser.page.all("table") if one.get("class") == "compared"]
    assert bool(tables) is (HEADING in browser.text)
    if not tables:
        return None
    names = [bdi.text for bdi in tables[0].iter("bdi")]
    rows = {
        row[0].text: ["".join(cell.itertext()) for cell in row[1:]]
        for row in tables[0].iter("tr")
        if row[0].text
    }
    return names, rows


def test_an_event_stands_beside_earlier_ones_of_like_size(session, browser_of, olga):
    hold_party(session, by=olga, days_ago=90, size=110, name="Alike")
    hold_party(session, by=olga, days_ago=60, size=50, name="Too small")
    hold_party(session, by=olga, days_ago=50, size=260, name="Too large")
    event = hold_party(session, by=olga, name="Now")
    names, rows = compared(browser_of(olga), event)
    assert names == ["Now", "Alike"]
    assert rows["proven"] == ["83%", "83%"]
    assert not rows.keys() & {"people met, in the middle", "pairs", "without a talk"}


def test_each_number_is_what_the_summary_of_that_event_shows(session, browser_of, olga):
    parties = [
        hold_party(session, by=olga, days_ago=days, size=size, name=f"{size} people")
        for days, size in ((90, 100), (60, 170), (1, 120))
    ]
    browser = browser_of(olga)
    names, rows = compared(browser, parties[-1])
    assert names == ["120 people", "170 people", "100 people"]
    for place, party in enumerate([parties[2], parties[1], parties[0]]):
        browser.get(f"/events/{party.id}/report")
        own = {
            div[0].text: "".join(div[1][0].itertext())
            for div in browser.page.all("div")
            if len(div) == 2 and div[0].tag == "dt"
        }
        for label, cells in rows.items():
            assert cells[place] in {own[label], DASH}
    assert [cell == DASH for cell in rows["density"]] == [False, True, False]


def test_where_the_use_differs_only_what_holds_is_compared(session, browser_of, olga):
    hold_party(session, by=olga, days_ago=90, using=0.6)
    _, rows = compared(browser_of(olga), hold_party(session, by=olga, using=0.9))
    assert {"proven", "talked again", "closed triangles"} <= rows.keys()
    assert not {"had a talk", "talks, in the middle", "concentration"} & rows.keys()


def test_an_event_stands_only_beside_those_one_runs(session, browser_of, olga):
    other, helper = make_person(session), make_person(session)
    hold_party(session, by=other, days_ago=90, name="Of another")
    mine = hold_party(session, by=olga, days_ago=60, name="Olga's own")
    event = hold_party(session, by=olga)
    for role in (RoleName.DESK, RoleName.RECRUITER):
        grant_role(session, event=mine, person=helper, name=role, now=clock.now())
    grant_role(session, event=event, person=helper, name=RoleName.CO_ORGANISER, now=clock.now())
    session.commit()
    assert compared(browser_of(helper), event) is None
    names, _ = compared(browser_of(olga), event)
    assert names == ["PyMeetup Nov", "Olga's own"]


def test_a_later_event_is_not_an_earlier_one(session, browser_of, olga):
    first = hold_party(session, by=olga, days_ago=60)
    hold_party(session, by=olga)
    assert compared(browser_of(olga), first) is None


def test_only_final_summaries_are_compared(session, browser_of, olga):
    past = hold_party(session, by=olga, days_ago=60)
    event = hold_party(session, by=olga)
    browser = browser_of(olga)
    assert compared(browser, event)
    for one in (past, event):
        snapshot = session.query(Snapshot).filter_by(event_id=one.id).one()
        snapshot.is_final = False
        session.commit()
        assert compared(browser, event) is None
        snapshot.is_final = True


def test_the_last_of_several_final_summaries_counts(session, browser_of, olga):
    past = hold_party(session, by=olga, days_ago=60)
    event = hold_party(session, by=olga)
    last = session.query(Snapshot).filter_by(event_id=past.id).one()
    figures = [
        one | {"value": 33 if one["key"] == "confirmed_percent" else one["value"]}
        for one in last.report["figures"]
    ]
    for hours in (-2, 1):
        session.add(
            Snapshot(
                event_id=past.id,
                taken_at=last.taken_at + timedelta(hours=hours),
                is_final=True,
                report=last.report | {"figures": figures if hours > 0 else []},
                parts={},
            )
        )
    session.commit()
    assert compared(browser_of(olga), event)[1]["proven"] == ["83%", "33%"]


def test_three_events_at_most_stand_beside_it_the_latest_first(session, browser_of, olga):
    for days in (50, 40, 30, 20):
        hold_party(session, by=olga, days_ago=days, name=f"{days} days ago")
    names, rows = compared(browser_of(olga), hold_party(session, by=olga))
    assert names == ["PyMeetup Nov", "20 days ago", "30 days ago", "40 days ago"]
    assert {len(cells) for cells in rows.values()} == {4}


def test_many_earlier_events_take_as_many_queries_as_two(session, browser_of, olga):
    event = hold_party(session, by=olga)
    frozen = session.query(Snapshot).filter_by(event_id=event.id).one()
    browser, asked = browser_of(olga), []
    for number in (2, 20):
        for days in range(number):
            starts_at = event.starts_at - timedelta(days=days + number)
            past = make_event(session, by=olga, starts_at=starts_at, ends_at=starts_at)
            session.add(
                Snapshot(
                    event_id=past.id,
                    taken_at=starts_at,
                    is_final=True,
                    report=frozen.report,
                    parts={},
                )
            )
        session.commit()
        with counted(database.db.engine) as statements:
            names, _ = compared(browser, event)
        asked.append(len(statements))
        assert len(names) == min(number, 3) + 1
    assert asked[0] == asked[1]


def test_no_summary_gives_its_parts_to_a_page(session, browser_of, olga):
    """Who stands behind a summary is many megabytes, and nobody's to read."""
    hold_party(session, by=olga, days_ago=60)
    event = hold_party(session, by=olga)
    browser = browser_of(olga)
    for page in ("report", "report.csv", "room", "room-now"):
        with counted(database.db.engine) as statements:
            assert browser.get(f"/events/{event.id}/{page}").status_code == 200
        assert any("snapshot.report" in one for one in statements)
        assert not any("snapshot.parts" in one for one in statements)


def test_a_summary_from_before_use_was_counted_compares_what_it_can():
    report = {"figures": [{"key": "attendees", "value": 100}, {"key": "gini_percent", "value": 40}]}
    assert compared_keys(summary_of(report), [summary_of(report)]) == []
