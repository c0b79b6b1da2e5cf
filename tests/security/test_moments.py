"""Counting in memory says what the library's own says, and remembers no more than it needs."""

from datetime import UTC, datetime

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from limits import RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from webapp.security.moments import TIDIED_EVERY, Moments

TEN_A_MINUTE = RateLimitItemPerMinute(10)
LIMITS = [RateLimitItemPerMinute(4), RateLimitItemPerSecond(3, 20)]
START = datetime(2026, 11, 23, 18, tzinfo=UTC)
PEOPLE = ["amina", "ben"]

waits = st.integers(0, 57).map(lambda steps: steps * 0.7)
"""In seconds; never 20 or 60 together, where the library counts in one way and tells in another."""
taps = st.lists(st.tuples(waits, st.sampled_from(PEOPLE), st.integers(1, 5)), max_size=40)


@pytest.fixture
def travel():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@given(taps)
def test_it_says_what_the_librarys_own_says(taps):
    ours, theirs = (MovingWindowRateLimiter(one()) for one in (Moments, MemoryStorage))
    with time_machine.travel(START, tick=False) as traveller:
        for wait, person, cost in taps:
            traveller.shift(wait)
            for limit in LIMITS:
                assert ours.hit(limit, person, cost=cost) == theirs.hit(limit, person, cost=cost)
                assert ours.test(limit, person) == theirs.test(limit, person)
                told, expected = (one.get_window_stats(limit, person) for one in (ours, theirs))
                assert told.remaining == expected.remaining
                if told.remaining < limit.amount:
                    assert told.reset_time == expected.reset_time


def test_who_reached_a_limit_is_told_when_the_oldest_is_over(travel):
    limiter = MovingWindowRateLimiter(Moments())
    for _ in range(10):
        assert limiter.hit(TEN_A_MINUTE, "amina")
        travel.shift(1)
    assert not limiter.hit(TEN_A_MINUTE, "amina")
    reset, remaining = limiter.get_window_stats(TEN_A_MINUTE, "amina")
    assert (reset, remaining) == (START.timestamp() + 60, 0)
    travel.shift(50.5)
    assert limiter.hit(TEN_A_MINUTE, "amina")
    assert not limiter.hit(TEN_A_MINUTE, "amina")


def test_a_crowd_is_forgotten_when_its_minute_is_over(travel):
    kept = Moments()
    limiter = MovingWindowRateLimiter(kept)
    for person in range(100):
        limiter.hit(TEN_A_MINUTE, f"person {person}")
    limiter.hit(TEN_A_MINUTE, "asks too much", cost=11)
    assert kept.number_of_keys() == 101
    travel.shift(TIDIED_EVERY + 1)
    limiter.hit(TEN_A_MINUTE, "amina")
    assert kept.number_of_keys() == 1


def test_others_are_looked_through_once_a_minute(travel, monkeypatch):
    looked = []
    kept = Moments()
    monkeypatch.setattr(kept, "_tidy", looked.append)
    limiter = MovingWindowRateLimiter(kept)
    for _ in range(100):
        limiter.hit(TEN_A_MINUTE, "amina")
        travel.shift(0.5)
    assert looked == []
    travel.shift(TIDIED_EVERY - 50)
    limiter.hit(TEN_A_MINUTE, "amina")
    assert looked == [START.timestamp() + TIDIED_EVERY]


def test_one_and_all_can_be_forgotten(travel):
    kept = Moments()
    limiter = MovingWindowRateLimiter(kept)
    for person in PEOPLE:
        limiter.hit(TEN_A_MINUTE, person)
    limiter.clear(TEN_A_MINUTE, "amina")
    assert limiter.get_window_stats(TEN_A_MINUTE, "amina").remaining == 10
    assert limiter.get_window_stats(TEN_A_MINUTE, "ben").remaining == 9
    assert kept.reset() == 1
    assert kept.number_of_keys() == 0
