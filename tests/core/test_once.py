"""A query of a page is sent once in a transaction that only reads."""

import pytest

from webapp.core import db as database
from webapp.core.once import once


@pytest.fixture
def asked():
    return []


@pytest.fixture
def read(asked):
    @once
    def read(session, what, *, of=""):
        session.connection()
        asked.append((what, of))
        return [what]

    return read


@pytest.mark.usefixtures("session")
def test_the_same_question_is_asked_once_where_only_reading_happens(read, asked):
    with database.reading() as session:
        assert read(session, "links", of="tara") is read(session, "links", of="tara")
        assert asked == [("links", "tara")]


@pytest.mark.usefixtures("session")
def test_another_question_is_another(read, asked):
    with database.reading() as session:
        read(session, "links", of="tara")
        read(session, "links", of="wim")
        read(session, "notes", of="tara")
    assert len(asked) == 3


@pytest.mark.usefixtures("session")
def test_two_queries_never_share_an_answer(asked):
    with database.reading() as session:
        assert once(lambda _: "one")(session) == "one"
        assert once(lambda _: "other")(session) == "other"
    assert asked == []


@pytest.mark.usefixtures("session")
def test_who_may_write_asks_each_time(read, asked):
    with database.transaction() as session:
        read(session, "links")
        read(session, "links")
    assert len(asked) == 2


@pytest.mark.usefixtures("session")
def test_nothing_is_known_in_the_next_transaction(read, asked):
    with database.reading() as session:
        read(session, "links")
        session.rollback()
        read(session, "links")
    assert len(asked) == 2
