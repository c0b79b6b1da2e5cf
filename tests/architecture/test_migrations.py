"""From an empty database the migrations lead to what the models say, and back."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade

from conftest import make_config
from webapp.core import db as database
from webapp.core.db import Base
from webapp.factory import ROOT, create_app

SCRIPTS = ROOT / "webapp" / "migrations"


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh_app(request, tmp_path):
    """An app on an empty database of its own."""
    url = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    if request.param == "postgresql":
        url = _empty_postgresql(request.getfixturevalue("postgresql_url"))
    app = create_app(make_config(tmp_path, url))
    with app.app_context():
        yield app
        database.db.session.remove()
        database.db.drop_all()
        database.db.engine.dispose()


def _empty_postgresql(server_url: str) -> str:
    """Make a database of its own on the server of the tests."""
    server = sa.create_engine(
        server_url.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
    )
    with server.connect() as connection:
        connection.execute(sa.text("DROP DATABASE IF EXISTS migrated WITH (FORCE)"))
        connection.execute(sa.text("CREATE DATABASE migrated"))
    server.dispose()
    return server_url.replace("/postgres?", "/migrated?")


def described(engine: sa.Engine) -> dict[str, object]:
    """Return everything the database says about its tables, in a fixed order."""
    look = sa.inspect(engine)
    return {
        name: {
            "columns": [
                (one["name"], str(one["type"]), one["nullable"], one["default"])
                for one in look.get_columns(name)
            ],
            "key": look.get_pk_constraint(name)["constrained_columns"],
            "foreign": _sorted(look.get_foreign_keys(name)),
            "unique": _sorted(look.get_unique_constraints(name)),
            "checks": _sorted(look.get_check_constraints(name)),
            "indexes": _sorted(look.get_indexes(name)),
        }
        for name in look.get_table_names()
        if name != "alembic_version"
    }


def _sorted(found: list) -> list[str]:
    return sorted(repr(_plain({**one, "name": None})) for one in found)


def _plain(value: object) -> object:
    """Write SQL inside a description as text."""
    if isinstance(value, dict):
        return sorted((key, _plain(inner)) for key, inner in value.items())
    return str(value)


def test_models_and_migrations_do_not_differ(fresh_app):
    upgrade()
    with database.db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_a_migrated_database_is_described_like_one_made_from_the_models(fresh_app):
    upgrade()
    migrated = described(database.db.engine)
    downgrade(revision="base")
    database.db.create_all()
    assert migrated == described(database.db.engine)


def test_going_back_leaves_nothing_and_one_can_go_on_again(fresh_app):
    upgrade()
    migrated = described(database.db.engine)
    assert migrated
    downgrade(revision="base")
    assert described(database.db.engine) == {}
    upgrade()
    assert described(database.db.engine) == migrated


def test_migrations_are_one_line_of_dated_files():
    scripts = ScriptDirectory(str(SCRIPTS))
    assert len(scripts.get_heads()) == 1
    names = [Path(one.path).name for one in scripts.walk_revisions()]
    assert names
    assert [name for name in names if not re.match(r"\d{8}_\d{4}_[a-z0-9_]+\.py$", name)] == []
