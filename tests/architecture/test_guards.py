"""The table of guards is whole, and the page about threats says what it says."""

import pytest

from guards.checks import wrong_with
from guards.guard import Kind
from guards.page import PAGE, written
from guards.rows import CODES, ROWS
from guards.table import GUARDS

ATTACKS = {
    "badge photo from social media; scanning a table of badges",
    "guessing or enumerating codes",
    "confirm fatigue, harassment",
    "organiser abuse, recruiter over-reach",
    "small numbers, differencing",
    "CSRF, camera opening a GET, prefetch, link previews",
    "stored XSS, link injection",
    "CSV formula, vCard and iCalendar injection, mail header injection",
    "sign-in: code guessing and spraying, mail scanners that click and POST, fixation, pre-hijack",
    "privileged accounts",
    "badge claim race; lost or reprinted badge",
    "a sticker over the QR",
    "offline queue: forged times, replays, poison items",
    "objects by id, mass assignment, host header",
    "erasure",
}
RELIABILITY = {
    "kill -9 under load",
    "power cut",
    "PostgreSQL",
    "same key 100 times in sequence and 20 in parallel",
    "64 writers for 60 s on SQLite",
    "disk full",
    "mail outbox, 100 kills of the worker",
    "reload under load (SIGHUP)",
    "backup and restore",
    "migrations",
    "SMTP, OIDC or Redis down",
    "door opening",
}


def test_every_row_of_both_lists_is_there():
    assert {row.name for row in ROWS if row.kind is Kind.ATTACK} == ATTACKS | {CODES}
    assert {row.name for row in ROWS if row.kind is Kind.RELIABILITY} == RELIABILITY


@pytest.mark.parametrize("row", [row.name for row in ROWS])
def test_every_row_has_a_guard(row):
    assert [one for one in GUARDS if one.row == row]


def test_every_guard_can_be_taken_away_and_its_test_run():
    assert [(one.what, wrong) for one in GUARDS for wrong in wrong_with(one)] == []


def test_no_guard_is_named_twice():
    named = [(one.row, one.what) for one in GUARDS]
    assert len(named) == len(set(named))
    changes = [(one.file, one.old, one.new, one.test) for one in GUARDS]
    assert len(changes) == len(set(changes))


def test_the_page_about_threats_is_written_from_the_table():
    assert PAGE.read_text() == written(), "run `python -m tests.guards --write`"
