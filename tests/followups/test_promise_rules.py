"""Days of promises, and who may say what about one."""

from datetime import UTC, date, datetime, timedelta

import pytest

from webapp.followups.models import Promise, PromiseKind
from webapp.followups.rules.promises import (
    Due,
    Standing,
    due_day,
    is_good_day,
    is_overdue,
    is_recent,
    may_confirm,
    may_settle,
    may_take_back,
    standing,
    today_at,
)

NOW = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)
TODAY = date(2026, 11, 20)


def promise(**said):
    return Promise(by_id="amina", to_id="ben", kind=PromiseKind.MEET_AGAIN, text="", **said)


OPEN = promise()
KEPT = promise(kept_at=NOW)
CONFIRMED = promise(kept_at=NOW, confirmed_at=NOW)
DROPPED = promise(dropped_at=NOW)


def test_today_is_the_day_where_the_event_was():
    assert today_at("Europe/Berlin", NOW) == TODAY
    assert today_at("America/New_York", NOW) == date(2026, 11, 19)


@pytest.mark.parametrize(
    ("due", "today", "day"),
    [
        (Due.TOMORROW, TODAY, date(2026, 11, 21)),
        (Due.WEEK, TODAY, date(2026, 11, 27)),
        (Due.MONTH, TODAY, date(2026, 12, 20)),
        (Due.MONTH, date(2027, 1, 31), date(2027, 2, 28)),
        (Due.MONTH, date(2026, 12, 31), date(2027, 1, 31)),
        (Due.DATE, TODAY, date(2027, 5, 1)),
        (Due.NONE, TODAY, None),
    ],
)
def test_quick_choices_name_a_day(due, today, day):
    assert due_day(due, today=today, chosen=date(2027, 5, 1)) == day


@pytest.mark.parametrize(
    ("day", "is_good"),
    [
        (TODAY, True),
        (TODAY - timedelta(days=1), False),
        (TODAY + timedelta(days=1000), True),
        (date(2126, 11, 20), False),
    ],
)
def test_a_day_that_is_over_or_a_lifetime_away_is_not_promised(day, is_good):
    assert is_good_day(day, today=TODAY) == is_good


@pytest.mark.parametrize(
    ("said", "stands", "maker_may", "receiver_may"),
    [
        (OPEN, Standing.OPEN, {"settle"}, {"confirm"}),
        (KEPT, Standing.KEPT, {"take back"}, {"confirm"}),
        (CONFIRMED, Standing.CONFIRMED, set(), {"take back"}),
        (DROPPED, Standing.DROPPED, {"take back"}, set()),
    ],
)
def test_each_side_has_its_own_word(said, stands, maker_may, receiver_may):
    def allowed(by_id):
        rules = {"settle": may_settle, "confirm": may_confirm, "take back": may_take_back}
        return {name for name, rule in rules.items() if rule(said, by_id=by_id)}

    assert standing(said) is stands
    assert allowed("amina") == maker_may
    assert allowed("ben") == receiver_may
    assert allowed("somebody else") == set()


def test_only_an_open_promise_is_overdue_and_only_after_its_day():
    yesterday = TODAY - timedelta(days=1)
    assert is_overdue(promise(due_on=yesterday), today=TODAY)
    assert not is_overdue(promise(due_on=TODAY), today=TODAY)
    assert not is_overdue(promise(), today=TODAY)
    assert not is_overdue(promise(due_on=yesterday, kept_at=NOW), today=TODAY)


def test_a_settled_promise_stays_among_the_open_ones_for_a_day():
    assert is_recent(OPEN, now=NOW + timedelta(days=900))
    assert is_recent(KEPT, now=NOW + timedelta(hours=23))
    assert not is_recent(KEPT, now=NOW + timedelta(hours=24))
    assert not is_recent(DROPPED, now=NOW + timedelta(hours=24))
