"""A year of mornings: nobody is written to who should not be."""

import random
from collections import Counter
from datetime import date, timedelta
from itertools import count

import pytest
from followups.letters.year import SECTIONS, START, Players, Year

from webapp.accounts.models import Person
from webapp.core import db as database
from webapp.followups.letters import pages, rules, tasks, writing
from webapp.followups.letters.models import Topic
from webapp.followups.letters.queries import candidates as looking
from webapp.followups.letters.queries.candidates import Candidate
from webapp.followups.letters.queries.reading import told
from webapp.followups.queries import following
from webapp.followups.queries.following import promises_between
from webapp.mail import services as mails
from webapp.mail.models import LetterKind
from webapp.mail.queries import wishes_of
from webapp.mail.rules import is_wanted

ALL_HINTS = frozenset(Topic) - {Topic.GUEST}


@pytest.fixture
def live(app, session, evening, monkeypatch):
    """Let some days go by and return what was told and what was wrong."""

    def go(days, until=None):
        year = Year(random.Random(5))  # the same dice every time
        monkeypatch.setattr("webapp.mail.tasks.carry", year.carry)
        monkeypatch.setattr(tasks, "PAUSE_SECONDS", 0)
        session.close()
        evening.move_to(START)
        Players(evening, year).live(days, until)
        return year

    return go


def is_sqlite():
    return database.db.engine.dialect.name == "sqlite"


def test_a_year_goes_by_and_nobody_is_disturbed(live):
    """On PostgreSQL two months: time goes by in the same way, and takes longer there."""
    year = live(365 if is_sqlite() else 60)
    assert +year.wrong == Counter()
    assert set(year.told) >= {"met", "promise", "introduction"}
    if is_sqlite():
        assert set(year.told) == set(SECTIONS.values())
        assert min(year.told.values()) > 15


def topics_due(session, person_id, now):
    """Return of which topics there is something to tell that was not told and is wanted."""
    me = session.get_one(Person, person_id)
    known = pages.known_of(session, me=me, hints=ALL_HINTS, now=now)
    parts = pages.parts_of(known, me=me, day=now.date(), now=now)
    before, wishes = told(session, [me.id])[me.id], wishes_of(session, me.id)
    due = [part for part in parts if part.key not in before and is_wanted(part.letter, wishes)]
    return {part.key.topic for part in due}


def test_who_is_not_looked_at_would_not_have_been_told_anything(live, monkeypatch):
    missed, seen = set(), set()

    def look_closely(session, *, now, **which):
        found = looking.candidates(session, now=now, **which)
        for one in found if now.day % 2 else []:
            due = topics_due(session, one.person_id, now)
            seen.update(due)
            missed.update((one.person_id, topic, now) for topic in due - one.hints)
        return found

    monkeypatch.setattr(tasks, "candidates", look_closely)
    live(58)
    assert missed == set()
    assert seen == ALL_HINTS


def hint_at_everything(patch):
    """Leave all to the planner, whose guards are tried here."""

    def everything(session, **which):
        found = looking.candidates(session, **which)
        return [Candidate(one.person_id, ALL_HINTS) for one in found]

    patch.setattr(tasks, "candidates", everything)


def ignore_told(patch):
    patch.setattr(writing, "told", lambda _session, readers: {one: set() for one in readers})


def forget_the_day(patch):
    ignore_told(patch)
    days = count(1)
    for module in (tasks, writing, rules):
        patch.setattr(module, "day_at", lambda *_: date(1900, 1, 1) + timedelta(next(days)))
    patch.setattr(rules, "expires_at", lambda *_, now, **__: now + timedelta(hours=1))
    patch.setattr(rules, "BETWEEN", timedelta(0))


def disturb_events(patch):
    patch.setattr(writing, "spans_ahead", lambda *_, **__: [])


def ignore_wishes(patch):
    patch.setattr(rules, "is_wanted", lambda kind, _said: kind is not LetterKind.ROUND_UP)
    patch.setattr(mails, "why_not", lambda *_, **__: None)


def write_at_any_hour(patch):
    for module in (rules, looking):
        patch.setattr(module, "is_morning", lambda *_: True)
    patch.setattr(rules, "expires_at", lambda *_, now, **__: now + timedelta(hours=1))


def remind_of_settled_ones(patch):
    patch.setattr(
        pages,
        "open_promises_of",
        lambda session, me: promises_between(session, person_id=me, since=START),
    )


def ignore_talks(patch):
    patch.setattr(following, "is_due", lambda *_, **__: True)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("what", "break_it"),
    [
        ("second mail on a day", forget_the_day),
        ("during an event", disturb_events),
        ("after unsubscribing", ignore_wishes),
        ("not in the morning", write_at_any_hour),
        ("a promise that is settled", remind_of_settled_ones),
        ("a promise twice", ignore_told),
        ("a check-in after a talk", ignore_talks),
    ],
)
def test_without_a_guard_a_year_goes_wrong(what, break_it, live, monkeypatch):
    """On one database: that the judge sees what is wrong does not depend on where it is kept."""
    hint_at_everything(monkeypatch)
    break_it(monkeypatch)
    assert live(200, until=what).wrong[what]
