"""What may be promised, until when, and who may say what about it."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from webapp.followups.models import Promise, PromiseKind

MOST_OPEN = 20
"""Open promises of one Person to one other; nobody keeps more in mind."""
LONGEST_WORDS = 200
FURTHEST = timedelta(days=3 * 366)
SETTLED_SHOWN_FOR = timedelta(days=1)
"""How long a settled promise stays among the open ones: who settled it may still undo that."""


class Due(StrEnum):
    """The quick choices of a day."""

    TOMORROW = "tomorrow"
    WEEK = "week"
    MONTH = "month"
    DATE = "date"
    NONE = "none"


class Standing(StrEnum):
    """What has become of a promise."""

    OPEN = "open"
    KEPT = "kept"
    CONFIRMED = "confirmed"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Said:
    """A promise as it is said."""

    kind: PromiseKind
    text: str
    due_on: date | None


def today_at(time_zone: str, now: datetime) -> date:
    """Return the day it is somewhere."""
    return now.astimezone(ZoneInfo(time_zone)).date()


def due_day(due: Due, *, today: date, chosen: date | None) -> date | None:
    """Return the day of a quick choice; a month ends on the last day of a shorter one."""
    days = {
        Due.TOMORROW: today + timedelta(days=1),
        Due.WEEK: today + timedelta(days=7),
        Due.MONTH: _a_month_after(today),
        Due.DATE: chosen,
        Due.NONE: None,
    }
    return days[due]


def is_good_day(day: date, *, today: date) -> bool:
    """Tell whether a day may be promised: not over yet, and not too far to mean anything."""
    return today <= day <= today + FURTHEST


def standing(promise: Promise) -> Standing:
    """Return what has become of a promise."""
    if promise.confirmed_at is not None:
        return Standing.CONFIRMED
    if promise.kept_at is not None:
        return Standing.KEPT
    return Standing.DROPPED if promise.dropped_at is not None else Standing.OPEN


def is_overdue(promise: Promise, *, today: date) -> bool:
    """Tell whether the day of an open promise is over."""
    return promise.is_open and promise.due_on is not None and promise.due_on < today


def is_recent(promise: Promise, *, now: datetime) -> bool:
    """Tell whether a promise is open or was settled a moment ago."""
    at = promise.settled_at
    return at is None or now - at < SETTLED_SHOWN_FOR


def may_settle(promise: Promise, *, by_id: str) -> bool:
    """Tell whether a Person may change, keep or drop a promise: their own, while it is open."""
    return promise.by_id == by_id and promise.is_open


def may_confirm(promise: Promise, *, by_id: str) -> bool:
    """Tell whether a Person may say that it was kept: its receiver, also before its maker does."""
    return promise.to_id == by_id and standing(promise) in {Standing.OPEN, Standing.KEPT}


def may_take_back(promise: Promise, *, by_id: str) -> bool:
    """Tell whether the last word about a promise is a Person's own, to be taken back."""
    last_word = {
        Standing.OPEN: None,
        Standing.KEPT: promise.by_id,
        Standing.DROPPED: promise.by_id,
        Standing.CONFIRMED: promise.to_id,
    }
    return last_word[standing(promise)] == by_id


def is_same(promise: Promise, said: Said) -> bool:
    """Tell whether a promise is the one that is being said, but for its day."""
    return (promise.kind, promise.text) == (said.kind, said.text)


def _a_month_after(day: date) -> date:
    year, month = (day.year, day.month + 1) if day.month < 12 else (day.year + 1, 1)  # noqa: PLR2004
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
