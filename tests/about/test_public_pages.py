"""The pages everybody may read: true, complete, and without a question to the database."""

from collections import Counter
from dataclasses import replace

import pytest
from crawl.test_query_counts import counted

from webapp.about.cannot import LIMITS
from webapp.about.periods import OF_AN_EVENT, all_kept
from webapp.core import db as database
from webapp.core.db import Base
from webapp.retention.policy import STAYS, STEPS, Deleted

PAGES = ("/how-it-works", "/privacy")


def test_every_table_stands_on_the_page_once(app):
    named = Counter(model.__tablename__ for one in all_kept() for model in one.models)
    assert named == {table.name: 1 for table in Base.metadata.sorted_tables}


def test_what_the_page_says_of_an_event_is_what_is_erased(app):
    told = {model.__tablename__ for one in OF_AN_EVENT for model in one.models}
    erased = {step.model.__tablename__ for step in STEPS if isinstance(step, Deleted)}
    assert told - STAYS.keys() == erased - STAYS.keys()


@pytest.mark.parametrize("path", PAGES)
def test_anybody_reads_them_without_a_query(browser, path):
    with counted(database.db.engine) as asked:
        assert browser.get(path).status_code == 200
    assert asked == []


def test_the_periods_are_those_of_the_program(browser):
    browser.get("/privacy")
    for said in (
        "end after 14 days without a visit, and are gone after 90 days",
        "Kept: 24 hours.",
        "open for 7 days",
        "and when, for 30 days",
        "from 1 month to 24 months after its end, usually 6",
        "for 24 hours you can take it back",
    ):
        assert said in browser.text, said


def test_the_limits_are_those_of_the_program(browser):
    browser.get("/how-it-works")
    for said in (
        "at most 30 seconds",
        "up to 72 hours later, by at most 8 people",
        "at least 5 people",
        *(str(limit.holds) for limit in LIMITS),
    ):
        assert said in browser.text, said


@pytest.mark.parametrize("contact", ["", "Kora Labs, privacy@example.org"])
def test_it_says_who_answers(app, browser, contact, monkeypatch):
    told = replace(app.extensions["bowline"], contact=contact)
    monkeypatch.setitem(app.extensions, "bowline", told)
    browser.get("/privacy")
    assert ("Kora Labs, privacy@example.org" in browser.text) == bool(contact)
    assert ("organiser of your event" in browser.text) != bool(contact)


@pytest.mark.parametrize("path", PAGES)
def test_the_way_to_them_is_on_the_first_page_and_under_me(cast, browser, browser_of, path):
    browser.get("/")
    assert path in browser.page.links()
    mine = browser_of(cast.attendee)
    mine.get("/me")
    assert path in mine.page.links()
