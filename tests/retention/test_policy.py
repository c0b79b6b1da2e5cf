"""Somebody has said of every table what becomes of it when an event is erased."""

import sqlalchemy as sa

from webapp.core.db import Base
from webapp.retention.policy import STAYS, STEPS, Deleted


def tables_of_events(app):
    """Return the tables whose rows belong to an event: all foreign keys lead to it in the end."""
    del app  # it imports every model
    return {
        table.name
        for table in Base.metadata.sorted_tables
        if "event_id" in table.columns
        or any(key.column.table.name == "event" for key in table.foreign_keys)
    } | {"event"}


def test_every_table_of_an_event_has_its_place_in_the_policy(app):
    treated = {step.model.__tablename__ for step in STEPS}
    assert tables_of_events(app) == treated | STAYS.keys()


def test_a_table_of_which_something_stays_says_why():
    wholly_deleted = {
        step.model.__tablename__ for step in STEPS if isinstance(step, Deleted) and not step.where
    }
    assert not wholly_deleted & STAYS.keys()
    partly = {step.model.__tablename__ for step in STEPS} - wholly_deleted
    assert partly <= STAYS.keys()
    assert all(STAYS.values())


def test_a_row_is_deleted_without_reading_all_that_could_refer_to_it(app):
    """Without an index, each of 10,000 guests would be looked for in all notes of the event."""
    del app
    wholly = {step.model for step in STEPS if isinstance(step, Deleted) and not step.where}
    emptied = {model.__tablename__ for model in wholly}
    parents = {step.model.__tablename__ for step in STEPS if isinstance(step, Deleted)}
    slow = [
        (table.name, key.column_keys)
        for table in Base.metadata.sorted_tables
        for key in table.foreign_key_constraints
        if key.referred_table.name in parents and table.name not in emptied
        if not any(found[: len(key.column_keys)] == key.column_keys for found in indexed(table))
    ]
    assert slow == []


def indexed(table):
    """Return the columns of each index of a table that holds all its rows."""
    whole = [one for one in table.indexes if one.dialect_options["sqlite"]["where"] is None]
    return [[column.name for column in one.columns] for one in (*whole, table.primary_key)]


def test_what_refers_to_something_is_deleted_before_it(app):
    del app
    place = {
        step.model.__tablename__: number
        for number, step in enumerate(STEPS)
        if isinstance(step, Deleted)
    }
    wrong = [
        (name, key.referred_table.name)
        for name, number in place.items()
        for key in sa.inspect(Base.metadata.tables[name]).foreign_key_constraints
        if place.get(key.referred_table.name, number) < number
    ]
    assert wrong == []
