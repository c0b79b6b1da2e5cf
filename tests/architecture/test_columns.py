"""How tables and columns are called, and by what they are found."""

import re

import pytest
import sqlalchemy as sa

from webapp.core.db import Base, UtcDateTime

NOT_OF_ONE_EVENT = {
    "person": "an account goes to many events",
    "email_address": "of an account",
    "identity": "of an account",
    "device": "of an account",
    "erasure": "of an account",
    "passkey": "of an account",
    "authenticator": "of an account",
    "recovery_code": "of an account",
    "challenge": "comes before the account",
    "sign_in_code": "comes before the account",
    "link": "of an account",
    "tie": "lasts longer than the event it began at",
    "tie_side": "of a tie",
    "link_answer": "of a tie",
    "promise": "of a tie",
    "outcome": "of a tie",
    "used_message": "of a tie",
    "introduction": "of three accounts",
    "block": "holds at every event",
    "event": "is the event",
    "mail": "waits for a mail server, not for an event",
    "wish": "of an account",
    "stop": "of an address",
    "letter_day": "of whoever is written to",
    "told": "of whoever is written to",
    "morning": "of an account",
    "task_run": "of the installation",
}
YES_OR_NO = ("is_", "has_", "may_", "needs_", "says_")


@pytest.fixture
def tables(whole_app):
    """All tables; the app imports every model."""
    return Base.metadata.sorted_tables


def columns_of(tables, kind):
    return [column for table in tables for column in table.columns if isinstance(column.type, kind)]


def test_keys_of_what_belongs_to_an_event_begin_with_it(tables):
    first = {table.name: next(iter(table.primary_key)).name for table in tables}
    assert first.keys() >= NOT_OF_ONE_EVENT.keys()
    assert {name for name, column in first.items() if column != "event_id"} == (
        NOT_OF_ONE_EVENT.keys()
    )


def test_references_within_an_event_name_the_event_too(tables):
    for table in tables:
        for key in table.foreign_key_constraints:
            if key.referred_table.name not in NOT_OF_ONE_EVENT:
                assert key.column_keys[0] == "event_id", key.name


def test_moments_end_in_at_and_are_aware(tables):
    moments = columns_of(tables, (sa.DateTime, UtcDateTime))
    assert moments
    assert [str(column) for column in moments if not column.name.endswith("_at")] == []
    assert [str(column) for column in moments if not isinstance(column.type, UtcDateTime)] == []


def test_nothing_but_moments_ends_in_at(tables):
    others = [
        str(column)
        for table in tables
        for column in table.columns
        if column.name.endswith("_at") and not isinstance(column.type, UtcDateTime)
    ]
    assert others == []


def test_dates_end_in_on(tables):
    dates = [column for column in columns_of(tables, sa.Date) if not column.name.endswith("_on")]
    assert dates == []


def test_booleans_say_what_is_true(tables):
    booleans = columns_of(tables, sa.Boolean)
    assert booleans
    assert [str(one) for one in booleans if not one.name.startswith(YES_OR_NO)] == []


def test_tables_are_called_in_the_singular(tables):
    assert [table.name for table in tables if re.search("[^s]s$", table.name)] == []


def test_every_constraint_has_a_name(tables):
    nameless = [
        (table.name, constraint)
        for table in tables
        for constraint in table.constraints
        if not constraint.name
    ]
    assert nameless == []
