"""Machines ask whether a process is alive and whether it may get requests."""

import shutil
import socket
import time
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask_migrate import downgrade, upgrade

import services
from webapp.core import db as database
from webapp.core.config import Mode
from webapp.operating import health, queries, rules
from webapp.operating.rules import Folder, PostgresqlSettings, SqliteSettings

GOOD_SQLITE = SqliteSettings(
    journal_mode="wal",
    synchronous=2,
    has_foreign_keys=True,
    locking_mode="normal",
    has_file=True,
    is_on_disk=True,
)
GOOD_POSTGRESQL = PostgresqlSettings("on", "on", "on")


@pytest.fixture(autouse=True)
def on_disk(monkeypatch):
    """Tests lie in memory; one of them looks at how that is found out."""
    monkeypatch.setattr(queries, "MOUNTS", queries.Path("/nowhere"))
    monkeypatch.setattr(queries.is_in_memory, "__kwdefaults__", {"mounts": queries.MOUNTS})
    monkeypatch.setattr(health, "FRESH_SECONDS", 0)


@pytest.fixture
def asked(build, migrated_file, tmp_path):
    """Build an app whose tables are there, and ask it how it is."""
    shutil.copy(migrated_file, tmp_path / "bowline.sqlite")

    def ask(url=None, **changes):
        app = build(url, **changes)
        if url:
            with app.app_context():
                upgrade()
        return app.test_client().get("/readyz")

    return ask


def test_a_process_that_answers_is_alive_and_looks_at_nothing(build, monkeypatch):
    app = build(f"postgresql+psycopg://nobody@127.0.0.1:{services.free_port()}/none")
    with app.app_context():
        engine = database.db.engine
    monkeypatch.setattr(engine, "connect", pytest.fail)
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert "Set-Cookie" not in answer.headers


def test_a_sound_installation_is_ready(asked):
    answer = asked()
    assert answer.status_code == 200
    assert answer.json == {"ready": True, "reasons": [], "waits": []}
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_machines_may_ask_by_any_name_and_as_often_as_they_like(build, path):
    origin = "https://meet.example.org"
    client = build(mode=Mode.PRODUCTION, origin=origin).test_client()
    found = {
        client.get(path, headers={"Host": "10.0.0.7:8000"}, base_url=origin).status_code
        for _ in range(100)
    }
    assert found <= {200, 503}
    assert client.get("/sign-in", headers={"Host": "10.0.0.7:8000"}).status_code == 400


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////nowhere/at/all.sqlite",
        "postgresql+psycopg://somebody:hush@127.0.0.1:1/none",
    ],
)
def test_without_its_database_it_is_not_ready_and_names_no_host(build, url):
    answer = build(url).test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json["reasons"] == ["The database does not answer."]
    assert "hush" not in answer.text


def test_tables_that_do_not_fit_the_code_are_a_reason(build, own_url):
    app = build(own_url)
    ask = app.test_client().get
    assert "Migrations" in ask("/readyz").text
    with app.app_context():
        upgrade()
        assert "Migrations" not in ask("/readyz").text
        database.db.session.remove()
        downgrade()
    assert "Migrations" in ask("/readyz").text


DANGERS = {
    "journal_mode=DELETE": "journal_mode",
    "journal_mode=MEMORY": "journal_mode",
    "synchronous=NORMAL": "synchronous",
    "synchronous=OFF": "synchronous",
    "foreign_keys=OFF": "foreign_keys",
    "locking_mode=EXCLUSIVE": "locking_mode",
}


@pytest.mark.parametrize("setting", DANGERS)
def test_a_setting_of_sqlite_that_would_lose_data_is_a_reason(
    setting, build, migrated_file, tmp_path
):
    shutil.copy(migrated_file, tmp_path / "bowline.sqlite")
    app = build()
    with app.app_context():
        engine = database.db.engine
        engine.dispose()

    def weaken(connection, _):
        connection.execute(f"PRAGMA {setting}")

    sa.event.listen(engine, "connect", weaken)
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert [DANGERS[setting] in reason for reason in answer.json["reasons"]] == [True]


def test_a_database_in_memory_is_a_reason():
    found = replace(GOOD_SQLITE, has_file=False, journal_mode="memory")
    assert ["in memory" in reason for reason in rules.of_sqlite(found)] == [True]
    assert list(rules.of_sqlite(GOOD_SQLITE)) == []


def test_a_file_system_in_memory_is_known_by_what_is_mounted(tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"disk / ext4 rw 0 0\nnone {tmp_path} tmpfs rw 0 0\nodd\n")
    assert queries.is_in_memory(tmp_path / "a" / "b.sqlite", mounts=mounts)
    assert not queries.is_in_memory(tmp_path.parent / "b.sqlite", mounts=mounts)
    assert list(rules.of_sqlite(replace(GOOD_SQLITE, is_on_disk=False)))


@pytest.fixture(scope="module")
def safe_postgresql():
    """A server that keeps what it acknowledged."""
    with services.postgresql(fsync="on") as url:
        yield url


SETTINGS = ("fsync", "full_page_writes", "synchronous_commit")


def test_a_setting_of_postgresql_that_would_lose_data_is_a_reason(safe_postgresql, asked):
    assert asked(safe_postgresql).json["reasons"] == []
    engine = sa.create_engine(
        safe_postgresql.replace("postgresql:", "postgresql+psycopg:"),
        isolation_level="AUTOCOMMIT",
    )
    for name in SETTINGS[1:]:
        _set(engine, f"ALTER SYSTEM SET {name} = off")
        assert _named(asked(safe_postgresql)) == [name]
        _set(engine, f"ALTER SYSTEM RESET {name}")
    assert asked(safe_postgresql).json["ready"]
    engine.dispose()


def test_without_fsync_postgresql_is_not_ready(postgresql_url, own_url, asked):
    if own_url.startswith("postgresql"):
        assert _named(asked(own_url)) == ["fsync"]
    assert list(rules.of_postgresql(GOOD_POSTGRESQL)) == []


def _set(engine, statement):
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    time.sleep(0.2)


def _named(answer):
    return [name for name in SETTINGS for reason in answer.json["reasons"] if name in reason]


def test_a_folder_that_takes_no_more_is_a_reason(asked, monkeypatch):
    assert list(rules.of_folder(Folder(is_writable=True, free_bytes=10**12))) == []
    monkeypatch.setattr(queries, "folder", lambda _: Folder(is_writable=True, free_bytes=10**6))
    answer = asked()
    assert answer.status_code == 503
    assert "nearly full" in answer.json["reasons"][0]
    monkeypatch.setattr(queries, "folder", lambda _: Folder(is_writable=False, free_bytes=10**12))
    assert "cannot be written" in asked().json["reasons"][0]


def test_a_folder_that_is_gone_cannot_be_written_to(tmp_path):
    assert queries.folder(tmp_path).is_writable
    assert not queries.folder(tmp_path / "gone").is_writable


def test_without_redis_and_mail_it_stays_ready_and_says_what_waits(asked):
    port = services.free_port()
    answer = asked(redis_url=f"redis://:hush@127.0.0.1:{port}", smtp_url=f"smtp://127.0.0.1:{port}")
    assert answer.status_code == 200
    assert [said.partition(" does not")[0] for said in answer.json["waits"]] == [
        "Redis",
        "The mail server",
    ]
    assert "127.0.0.1" not in answer.text
    assert "hush" not in answer.text


def test_with_redis_and_mail_there_nothing_waits(asked, tmp_path):
    with services.redis(tmp_path) as url, socket.create_server(("127.0.0.1", 0)) as smtp:
        port = smtp.getsockname()[1]
        assert asked(redis_url=url, smtp_url=f"smtp://127.0.0.1:{port}").json["waits"] == []


def test_many_who_ask_at_once_cost_one_look(build, monkeypatch):
    monkeypatch.setattr(health, "FRESH_SECONDS", 60)
    app, looks = build(), []
    monkeypatch.setattr(health.Doctor, "look", lambda _: looks.append(1) or rules.Health())
    for _ in range(20):
        assert app.test_client().get("/readyz").status_code == 200
    assert looks == [1]
