"""Somebody has decided of every column whether it goes along and what becomes of it."""

import sqlalchemy as sa

from webapp.core.db import Base
from webapp.exchange.mydata.leaving import AT_ONCE, FINALLY, STAYS, Deleted, Emptied
from webapp.exchange.mydata.registry import ABOVE, HOLDINGS, IMPERSONAL


def test_every_column_of_every_table_has_one_fate(app):
    del app  # it imports every model
    told = [
        (holding.model.__tablename__, name) for holding in HOLDINGS for name, _ in holding.fates()
    ]
    told += [(table, name) for table, names in ABOVE.items() for name in names.split()]
    there = [
        (table.name, column.name) for table in Base.metadata.sorted_tables for column in table.c
    ]
    assert sorted(told) == sorted(there)


def test_sections_have_names_of_their_own():
    names = [holding.section for holding in HOLDINGS]
    assert len(names) == len(set(names))


def test_whatever_is_about_somebody_goes_or_says_why_it_stays():
    treated = {step.model.__tablename__ for step in (*AT_ONCE, *FINALLY)}
    personal = {holding.model.__tablename__ for holding in HOLDINGS if holding.mine}
    named = {name.partition(".")[0] for name in STAYS}
    assert personal - treated - named == set()
    assert all(STAYS.values())


def test_every_text_of_a_row_that_stays_is_emptied_or_says_why():
    deleted = {one.model.__tablename__ for one in (*AT_ONCE, *FINALLY) if isinstance(one, Deleted)}
    emptied = {
        f"{one.model.__tablename__}.{column}"
        for one in AT_ONCE
        if isinstance(one, Emptied)
        for column in one.values
    }
    left = {
        f"{holding.model.__tablename__}.{name}"
        for holding in HOLDINGS
        for name, fate in holding.fates()
        if fate != IMPERSONAL and isinstance(holding.model.__table__.c[name].type, sa.Text)
        if holding.model.__tablename__ not in deleted | STAYS.keys()
    }
    assert left - emptied == {"attendee.group_name"}
    assert "attendee.group_name" in STAYS
