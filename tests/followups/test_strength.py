"""The strength of a tie comes out as its source says, and grows and fades as it should."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.followups.models import Depth
from webapp.followups.rules.strength import (
    Band,
    Given,
    Inputs,
    Strength,
    Talk,
    agreed_depth,
    counted_talks,
    half_life,
    inputs_of,
    services_of,
    strength_of,
)

FIRST = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
NOTHING = (Given(), Given())


def at(minutes, *, event="one", zone="Europe/Berlin"):
    return Talk(FIRST + minutes * MINUTE, zone, event)


def of(*, n=1, o=1, depth=None, v=0, caring=0, events=1, days=0.0):
    return strength_of(Inputs(n, o, events, depth, v, caring, days))


@pytest.mark.parametrize(
    ("inputs", "history", "now", "is_dormant"),
    [
        ({"depth": Depth.HELLO}, 14.8, 14.8, False),
        ({"depth": Depth.IDEAS, "caring": 2, "days": 1}, 30.3, 30.1, False),
        (
            {"n": 3, "o": 2, "depth": Depth.IDEAS, "v": 1, "caring": 1, "days": 7},
            49.9,
            47.9,
            False,
        ),
        (
            {"n": 3, "o": 2, "depth": Depth.IDEAS, "v": 1, "caring": 1, "days": 240},
            49.9,
            12.5,
            True,
        ),
        (
            {"n": 5, "o": 3, "events": 3, "depth": Depth.MATTERED, "v": 4, "caring": 2, "days": 60},
            82.6,
            75.8,
            False,
        ),
        ({"n": 3, "depth": Depth.HELLO}, 23.7, 23.7, False),
    ],
)
def test_every_example_comes_out(inputs, history, now, is_dormant):
    strength = of(**inputs)
    assert round(strength.history, 1) == history
    assert round(strength.now, 1) == now
    assert strength.is_dormant == is_dormant


def test_twelve_scans_of_one_evening_count_as_three_talks():
    found = inputs_of(
        [at(11 * number) for number in range(12)],
        depth=Depth.HELLO,
        given=NOTHING,
        caring=0,
        now=FIRST + 121 * MINUTE,
    )
    assert (found.talks, found.days, found.events) == (3, 1, 1)
    assert round(strength_of(found).history, 1) == 23.7


def test_talks_less_than_ten_minutes_apart_count_once():
    assert counted_talks([at(0), at(9), at(10), at(19), at(20)]) == [at(0), at(10), at(20)]


def test_a_day_is_one_where_the_event_is():
    late, later = 270, 310  # 23:30 and 00:10 in Berlin; both on one day in UTC
    both = [at(late), at(later)]
    assert len({talk.day for talk in both}) == 2
    in_london = [at(minutes, zone="Europe/London") for minutes in (late, later)]
    assert len({talk.day for talk in in_london}) == 1


def test_without_a_talk_there_is_no_strength():
    assert inputs_of([], depth=Depth.MATTERED, given=NOTHING, caring=2, now=FIRST) is None


@pytest.mark.parametrize(
    ("one", "other", "agreed"),
    [
        (None, None, None),
        (Depth.MATTERED, None, None),
        (None, Depth.HELLO, None),
        (Depth.HELLO, Depth.MATTERED, Depth.HELLO),
        (Depth.MATTERED, Depth.IDEAS, Depth.IDEAS),
        (Depth.MATTERED, Depth.MATTERED, Depth.MATTERED),
    ],
)
def test_the_lower_of_both_answers_counts_once_both_are_there(one, other, agreed):
    assert agreed_depth(one, other) is agreed
    assert agreed_depth(other, one) is agreed


def test_giving_back_counts_once_more():
    assert services_of(Given(), Given()) == 0
    assert services_of(Given(promises=2), Given()) == 2
    assert services_of(Given(promises=1), Given(introductions=1)) == 3
    assert services_of(Given(promises=1, introductions=2), Given(promises=1)) == 5


@pytest.mark.parametrize(
    ("events", "days"), [(1, 120), (2, 240), (3, 480), (4, 960), (5, 1440), (60, 1440)]
)
def test_meeting_at_more_events_lasts_longer(events, days):
    assert half_life(Inputs(1, 1, events, None, 0, 0, 0)) == days


@pytest.mark.parametrize(
    ("now", "band"),
    [
        (0, Band.MET),
        (19.99, Band.MET),
        (20, Band.ACQUAINTED),
        (39.99, Band.ACQUAINTED),
        (40, Band.CONNECTED),
        (60, Band.STRONG),
        (79.99, Band.STRONG),
        (80, Band.CLOSE),
        (100, Band.CLOSE),
    ],
)
def test_bands_begin_where_they_should(now, band):
    assert Strength(100, now, {}).band is band


def test_half_of_the_history_is_not_dormant_yet():
    assert not of(days=119.9).is_dormant
    assert of(days=120.1).is_dormant


def test_the_parts_add_up_to_the_history():
    strength = of(n=3, o=2, depth=Depth.IDEAS, v=1, caring=1)
    assert [round(points, 1) for points in strength.points.values()] == [16.2, 7.4, 18.0, 5.9, 2.5]
    assert sum(strength.points.values()) == strength.history


TALKS = st.lists(
    st.builds(
        at,
        st.integers(0, 4 * 24 * 60),
        event=st.sampled_from(["one", "two", "three"]),
        zone=st.sampled_from(["Europe/Berlin", "UTC", "Asia/Tokyo"]),
    ),
    min_size=1,
    max_size=14,
)
LATER = FIRST + 400 * DAY


def strength_after(talks, **more):
    said = {"depth": None, "given": NOTHING, "caring": 0, "now": LATER} | more
    return strength_of(inputs_of(talks, **said))


@given(TALKS, st.builds(at, st.integers(0, 4 * 24 * 60)))
def test_one_more_talk_never_makes_a_tie_weaker(talks, one_more):
    before, after = strength_after(talks), strength_after([*talks, one_more])
    assert after.history >= before.history
    assert after.now >= before.now


@given(TALKS, st.randoms())
def test_the_order_of_talks_does_not_matter(talks, random):
    shuffled = random.sample(talks, len(talks))
    assert strength_after(shuffled) == strength_after(talks)


@given(TALKS)
def test_counted_talks_are_apart_and_at_most_three_of_a_day(talks):
    counted = counted_talks(talks)
    gaps = [later.at - earlier.at for earlier, later in pairwise(counted)]
    assert all(gap >= 10 * MINUTE for gap in gaps)
    days = [talk.day for talk in counted]
    assert all(days.count(day) <= 3 for day in days)


INPUTS = st.builds(
    Inputs,
    talks=st.integers(1, 50),
    days=st.integers(1, 50),
    events=st.integers(1, 50),
    depth=st.sampled_from([None, *Depth]),
    services=st.integers(0, 50),
    caring=st.integers(0, 2),
    days_since=st.floats(0, 5000),
)


@given(INPUTS)
def test_now_is_never_more_than_history_and_both_lie_from_0_to_100(inputs):
    strength = strength_of(inputs)
    assert 0 <= strength.now <= strength.history <= 100


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_one_more_service_never_makes_a_tie_weaker(mine, theirs, introduced, back):
    before = services_of(Given(mine, introduced), Given(theirs, back))
    assert services_of(Given(mine + 1, introduced), Given(theirs, back)) > before
    assert services_of(Given(mine, introduced), Given(theirs, back + 1)) > before
