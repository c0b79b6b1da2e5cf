"""Pure decisions about events: when, and until when."""

from datetime import UTC, datetime

import pytest

from webapp.events.models import Attendee, Event
from webapp.events.rules import (
    as_printed,
    erased_after,
    group_printed,
    may_erase,
    months_later,
    next_evening,
    next_same_weekday,
    takes_talks,
)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def event(**changes):
    usual = {
        "time_zone": "Europe/Berlin",
        "starts_at": at("2026-11-19T17:30"),
        "ends_at": at("2026-11-19T21:00"),
        "retention_months": 6,
        "has_organisations": True,
        "has_headlines": True,
        "has_groups": True,
    }
    return Event(**(usual | changes))


@pytest.mark.parametrize(
    ("moment", "months", "later"),
    [
        ("2026-11-19T21:00", 6, "2027-05-19T21:00"),
        ("2026-11-19T21:00", 1, "2026-12-19T21:00"),
        ("2026-11-19T21:00", 2, "2027-01-19T21:00"),
        ("2026-08-31T10:00", 6, "2027-02-28T10:00"),
        ("2027-08-31T10:00", 6, "2028-02-29T10:00"),
        ("2026-11-19T21:00", 24, "2028-11-19T21:00"),
        ("2026-01-19T21:00", -1, "2025-12-19T21:00"),
        ("2026-03-31T21:00", -1, "2026-02-28T21:00"),
    ],
)
def test_months_are_those_of_the_calendar(moment, months, later):
    assert months_later(at(moment), months) == at(later)


def test_the_guest_list_is_erased_months_after_the_end():
    assert erased_after(event()) == at("2027-05-19T21:00")


@pytest.mark.parametrize(
    ("now", "start"),
    [
        ("2026-11-15T12:00", "2026-11-16T18:30"),  # a Sunday
        ("2026-11-16T08:00", "2026-11-17T18:30"),
        ("2026-11-19T08:00", "2026-11-23T18:30"),  # a Thursday: after the weekend
        ("2026-11-20T08:00", "2026-11-23T18:30"),
        ("2026-11-15T23:30", "2026-11-17T18:30"),  # it is Monday already in Berlin
    ],
)
def test_a_new_event_begins_on_the_next_evening_for_a_meetup(now, start):
    found = next_evening(at(now), "Europe/Berlin")
    assert found[0] == datetime.fromisoformat(start)
    assert (found[1] - found[0]).total_seconds() == 3 * 3600


@pytest.mark.parametrize(
    ("now", "start"),
    [
        ("2026-11-19T10:00", "2026-11-26T18:30"),  # on its own day
        ("2026-11-20T10:00", "2026-11-26T18:30"),
        ("2026-11-25T10:00", "2026-11-26T18:30"),
        ("2026-11-26T10:00", "2026-12-03T18:30"),
        ("2027-07-01T10:00", "2027-07-08T18:30"),  # in summer it is the same time of day
        ("2026-11-01T10:00", "2026-11-19T18:30"),  # it has not been yet
    ],
)
def test_a_copy_begins_on_the_next_same_weekday_at_the_same_time(now, start):
    found = next_same_weekday(event(), at(now))
    assert found[0] == datetime.fromisoformat(start)
    assert found[1] - found[0] == event().ends_at - event().starts_at


def test_it_may_be_erased_before_and_after_but_not_while_it_is_on():
    moments = ["2026-11-19T17:29", "2026-11-19T17:30", "2026-11-20T09:00", "2026-11-20T09:01"]
    assert [may_erase(event(), at(one)) for one in moments] == [True, False, False, True]
    assert not may_erase(event(erased_at=at("2026-11-21T00:00")), at("2026-11-22T00:00"))


def test_an_erased_event_takes_no_talks():
    during = at("2026-11-19T18:00")
    assert takes_talks(event(), during)
    assert not takes_talks(event(erasure_asked_at=during), during)
    assert not takes_talks(event(erased_at=during), during)


@pytest.mark.parametrize("shown", [(True, True, True), (False, True, True), (True, False, False)])
def test_a_badge_shows_what_the_event_shows(shown):
    organisations, headlines, groups = shown
    there = event(has_organisations=organisations, has_headlines=headlines, has_groups=groups)
    amina = Attendee(name="Amina", organisation="Kora Labs", headline="Engineer", group_name="new")
    badge = as_printed(there, amina)
    assert badge.name == "Amina"
    assert (badge.organisation == "Kora Labs", badge.headline == "Engineer") == shown[:2]
    assert {badge.organisation, badge.headline} <= {"Kora Labs", "Engineer", ""}
    assert group_printed(there, amina) == ("new" if groups else "")
