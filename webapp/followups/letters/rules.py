"""Which letter a Person gets this morning, if any: values in, a letter out."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from webapp.followups.letters.models import Topic
from webapp.followups.models import Rhythm
from webapp.mail.models import LetterKind
from webapp.mail.rules import is_wanted

A_DAY = timedelta(days=1)
BEGINS, ENDS = time(8, 30), time(12, 0)
"""A letter is written in these hours where its reader is, or on another morning."""
BETWEEN = timedelta(hours=20)
"""Between two letters, for who travels; a day of 23 hours has room for it."""
TOLD_LATE = timedelta(days=14)
"""How long after its day something is still told: an event may have been on meanwhile."""
REMINDED_BEFORE, REMINDED_AFTER = A_DAY, 3 * A_DAY
"""From when and until when a promise is reminded of, around its day."""
SHORTEST = {
    Rhythm.MONTHLY: timedelta(days=28),
    Rhythm.QUARTERLY: timedelta(days=89),
    Rhythm.YEARLY: timedelta(days=365),
}
"""The fewest days of a rhythm, whichever calendar months it goes by."""
ROUND_UP_DAYS = 7
"""The days of a month on which its round-up may come."""
MOST_NAMED = 15
KEPT_FOR = timedelta(days=400)
"""How long it is known what was told: longer than anything stays due."""
OF_EVENTS = (Topic.MET, Topic.GUEST)
"""What is told about an event; once that is over for TOLD_LATE nobody needs to know it any more."""


class Key(NamedTuple):
    """What is told once: its topic, and which one of its kind."""

    topic: Topic
    about: str


@dataclass(frozen=True, slots=True)
class Span:
    """From when until when an event is on."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that could be told, and in which kind of letter."""

    key: Key
    letter: LetterKind


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about a reader this morning."""

    zone: str
    spans: Collection[Span]
    """The events the Person attends that are on or to come."""
    parts: Collection[Part]
    told: Collection[Key]
    wishes: Mapping[LetterKind, bool]
    wrote_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A letter: of which kind, on which day, what it tells, and until when it is of use."""

    letter: LetterKind
    day: date
    keys: frozenset[Key] = field(default_factory=frozenset)
    expires_at: datetime | None = None


ORDER = (LetterKind.MORNING, LetterKind.REMINDER, LetterKind.ROUND_UP)
"""A letter is of the first kind that it holds; who stops it, stops that."""


def plan(facts: Facts, *, now: datetime) -> Plan | None:
    """Return the letter of this morning; None if nothing is due, or it is not the time for it."""
    if not may_write(facts, now=now):
        return None
    due = [
        part
        for part in facts.parts
        if part.key not in facts.told and is_wanted(part.letter, facts.wishes)
    ]
    if not due:
        return None
    return Plan(
        letter=min((part.letter for part in due), key=ORDER.index),
        day=day_at(facts.zone, now),
        keys=frozenset(part.key for part in due),
        expires_at=expires_at(facts.zone, facts.spans, now=now),
    )


def may_write(facts: Facts, *, now: datetime) -> bool:
    """Tell whether a letter may be written now at all."""
    is_during = any(span.starts_at <= now < span.ends_at for span in facts.spans)
    is_soon_after_another = facts.wrote_at is not None and now - facts.wrote_at < BETWEEN
    return is_morning(facts.zone, now) and not is_during and not is_soon_after_another


def is_morning(zone: str, now: datetime) -> bool:
    """Tell whether it is between 08:30 and noon somewhere."""
    return BEGINS <= now.astimezone(ZoneInfo(zone)).time() < ENDS


def day_at(zone: str, now: datetime) -> date:
    """Return the day it is somewhere."""
    return now.astimezone(ZoneInfo(zone)).date()


def expires_at(zone: str, spans: Iterable[Span], *, now: datetime) -> datetime:
    """Return when a letter is of no use any more: at noon, or when an event of its reader begins.

    What did not leave by then is told on another morning.
    """
    noon = datetime.combine(day_at(zone, now), ENDS, tzinfo=ZoneInfo(zone))
    return min([noon, *(span.starts_at for span in spans if span.starts_at > now)])


def is_reminded_of(due_on: date | None, *, today: date) -> bool:
    """Tell whether a promise is reminded of: from the day before its day."""
    if due_on is None:
        return False
    return due_on - REMINDED_BEFORE <= today <= due_on + REMINDED_AFTER


def is_fresh(since: datetime, *, now: datetime) -> bool:
    """Tell whether something that came due at a moment may still be told."""
    return timedelta(0) <= now - since < TOLD_LATE


def round_up_of(day: date) -> str | None:
    """Return the month a round-up is for; None later in the month."""
    return f"{day:%Y-%m}" if day.day <= ROUND_UP_DAYS else None
