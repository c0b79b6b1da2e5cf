"""With PgBouncer between us and PostgreSQL nothing is lost, and nothing is left behind."""

from contextlib import ExitStack, closing
from itertools import pairwise

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask

import services
from webapp.core import db as database
from webapp.core import door

FEW = 2
"""Connections to the server for all who come: they must share them."""


@pytest.fixture
def direct_url(postgresql_url, migrated_postgresql, new_database):
    return new_database("pooled", template=migrated_postgresql)


@pytest.fixture
def pooled_url(direct_url):
    written = services.told_operators("ini") + f"default_pool_size = {FEW}\n"
    written = written.replace("default_pool_size = 20\n", "")
    with services.pgbouncer(direct_url, written) as url:
        yield url


@pytest.fixture
def pooled(build, pooled_url) -> Flask:
    return build(pooled_url)


@pytest.fixture
def others(pooled):
    """Connections of other processes at work, as many as the server has for all."""
    with pooled.app_context(), ExitStack() as held:
        engine = database.db.engine
        yield [held.enter_context(engine.connect()) for _ in range(2 * FEW)]


def plans_of(connection):
    return connection.execute(sa.text("SHOW plan_cache_mode")).scalar()


def test_every_transaction_plans_anew_on_whatever_connection_it_gets(others):
    found = set()
    for pair in pairwise(others):
        for one in pair:
            server = one.execute(sa.text("SELECT pg_backend_pid()")).scalar()
            found.add((server, plans_of(one)))
        for one in pair:
            one.rollback()
    assert len({server for server, _ in found}) == FEW
    assert {plans for _, plans in found} == {"force_custom_plan"}


def test_without_a_pooler_a_connection_has_it_for_good(build, direct_url):
    with build(direct_url).app_context(), database.db.engine.connect() as connection:
        assert plans_of(connection) == "force_custom_plan"
        connection.rollback()
        assert plans_of(connection) == "force_custom_plan"


def test_nobody_gets_in_while_a_copy_is_brought_back(pooled, direct_url):
    client = pooled.test_client()
    assert client.get("/E/ABCDEF").status_code == 404
    with door.locked(direct_url):
        door._mine.clear()
        assert client.get("/readyz").status_code == 503
        assert client.get("/E/ABCDEF").status_code == 503
    assert client.get("/E/ABCDEF").status_code == 404


def test_who_is_in_the_middle_of_something_keeps_a_restore_out(others, direct_url):
    others[0].begin()
    with pytest.raises(door.Occupied), door.locked(direct_url):
        pytest.fail("it came in")
    others[0].rollback()
    with door.locked(direct_url):
        door._mine.clear()


def test_nothing_is_left_on_connections_that_others_get_next(pooled, direct_url):
    for _ in range(5):
        assert pooled.test_client().get("/E/ABCDEF").status_code == 404
    with closing(psycopg.connect(direct_url)) as looking:
        asked = (
            "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
            " WHERE locktype = 'advisory' AND datname = current_database()"
        )
        assert looking.execute(asked).fetchone() == (0,)


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_copies_are_not_made_or_brought_back_through_it(
    command, pooled, direct_url, build, tmp_path
):
    direct = build(direct_url)
    file = tmp_path / "copy"
    with direct.app_context():
        assert direct.test_cli_runner().invoke(args=["backup", str(file)]).exit_code == 0
    with pooled.app_context():
        file = file if command == "restore" else tmp_path / "another"
        done = pooled.test_cli_runner().invoke(args=[command, str(file)])
    assert done.exit_code == 1
    assert "let DATABASE_URL name PostgreSQL itself" in done.output
    assert pooled.test_client().get("/E/ABCDEF").status_code == 404
