"""One request, one transaction: kept only if the answer is a success, and never by a GET."""

import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from flask import Response, abort, redirect, render_template, render_template_string

from webapp.accounts.models import EmailAddress, Person
from webapp.core import clock
from webapp.core import db as database
from webapp.core.db import WriteOnRead, reading, transaction
from webapp.core.errors import Conflict, DomainError, TooMany
from webapp.core.htmx import done, gone_to, invalid
from webapp.core.turns import line_of

INSERT = "INSERT INTO person (id, name, organisation, headline, created_at) VALUES "
ROW = "('aaaaaaaaaaaaaaaa', 'written', '', '', '2026-11-19 18:00:00')"


def person(name="written"):
    return Person(name=name, organisation="", headline="", created_at=clock.now())


def write(name="written"):
    database.session().add(person(name))
    database.session().flush()


@pytest.mark.parametrize("status", [200, 201, 202, 204, 302, 303, 399])
def test_a_success_is_kept(status, lab):
    def view():
        write()
        return Response(status=status)

    assert lab.run(view, "POST").status_code == status
    assert lab.names() == ["written"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 418, 422, 429, 500, 502, 503])
def test_an_error_keeps_nothing(status, lab):
    def view():
        write()
        return Response(status=status)

    assert lab.run(view, "POST").status_code == status
    assert lab.names() == []


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 422, 429, 500, 503])
def test_an_aborted_request_keeps_nothing(status, lab):
    def view():
        write()
        abort(status)

    assert lab.run(view, "POST").status_code == status
    assert lab.names() == []


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (DomainError("no"), 422),
        (Conflict("late"), 409),
        (TooMany("fast", retry_seconds=7), 429),
        (RuntimeError("a defect"), 500),
        (KeyError("a defect"), 500),
    ],
    ids=str,
)
def test_a_request_that_raises_keeps_nothing(error, status, lab):
    def view():
        write()
        raise error

    assert lab.run(view, "POST").status_code == status
    assert lab.names() == []


@pytest.mark.parametrize(
    "template",
    ["{{ unknown }}", "{{ unknown.name }}", "{% include 'not/there.html' %}", "{{ 1/0 }}"],
)
def test_a_page_that_fails_to_render_has_saved_nothing(template, lab):
    def view():
        write()
        return render_template_string(template)

    assert lab.run(view, "POST").status_code == 500
    assert lab.names() == []


def test_a_fragment_that_fails_to_render_has_saved_nothing(lab):
    def view():
        write()
        return done("accounts/_devices.html", otherwise="/")

    partial = {"HX-Request": "true", "HX-Request-Type": "partial"}
    assert lab.run(view, "POST", headers=partial).status_code == 500
    assert lab.names() == []
    assert lab.run(view, "POST").status_code == 303
    assert lab.names() == ["written"]


def test_a_form_that_cannot_be_taken_has_saved_nothing(lab):
    def view():
        write()
        return invalid("home/landing.html")

    assert lab.run(view, "POST").status_code == 422
    assert lab.names() == []


@pytest.mark.parametrize("answer", [lambda: redirect("/", 303), lambda: gone_to("/"), lambda: "ok"])
def test_every_kind_of_success_is_kept(answer, lab):
    def view():
        write()
        return answer()

    lab.run(view, "POST")
    assert lab.names() == ["written"]


def test_what_was_not_flushed_is_kept_too(lab):
    def view():
        database.session().add(person())
        return "ok"

    lab.run(view, "POST")
    assert lab.names() == ["written"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_every_unsafe_method_may_write(method, lab):
    def view():
        write()
        return "ok"

    assert lab.run(view, method).status_code == 200
    assert lab.names() == ["written"]


@pytest.mark.parametrize("is_flushed", [True, False])
def test_two_that_collide_are_told_so_even_at_the_end(is_flushed, lab):
    def view():
        session, now = database.session(), clock.now()
        one = person()
        session.add(one)
        session.flush()
        same = {"address": "a@b.example", "person_id": one.id, "proven_at": now}
        session.execute(sa.insert(EmailAddress).values(**same))
        session.add(EmailAddress(**same))
        if is_flushed:
            session.flush()
        return "ok"

    assert lab.run(view, "POST").status_code == 409
    assert lab.names() == []


def by_orm():
    database.session().add(person())
    return "ok"


def by_orm_and_flush():
    write()
    return "ok"


def by_change():
    database.session().query(Person).first().name = "changed"
    return "ok"


def by_change_and_query():
    database.session().query(Person).first().name = "changed"
    database.session().query(Person).all()
    return "ok"


def by_orm_delete():
    database.session().delete(database.session().query(Person).first())
    return "ok"


def by_query_update():
    database.session().query(Person).update({"name": "changed"})
    return "ok"


def by_core_insert():
    values = {"id": "b" * 16, "name": "written", "organisation": "", "headline": ""}
    database.session().execute(sa.insert(Person).values(**values, created_at=clock.now()))
    return "ok"


def by_core_update():
    database.session().execute(sa.update(Person).values(name="changed"))
    return "ok"


def by_core_delete():
    database.session().execute(sa.delete(Person))
    return "ok"


def by_core_on_the_connection():
    database.session().connection().execute(sa.update(Person).values(name="changed"))
    return "ok"


def by_bulk():
    database.session().bulk_save_objects([person()])
    return "ok"


def by_raw_insert():
    database.session().execute(sa.text(INSERT + ROW))
    return "ok"


def by_raw_update():
    database.session().execute(sa.text("UPDATE person SET name = 'changed'"))
    return "ok"


def by_raw_delete():
    database.session().execute(sa.text("DELETE FROM person"))
    return "ok"


def by_driver():
    database.session().connection().exec_driver_sql("UPDATE person SET name = 'changed'")
    return "ok"


def by_raw_table():
    database.session().execute(sa.text("CREATE TABLE surprise (id INTEGER)"))
    return "ok"


def by_raw_and_commit():
    by_raw_update()
    database.session().commit()
    return "ok"


WRITES = [
    by_orm,
    by_orm_and_flush,
    by_change,
    by_change_and_query,
    by_orm_delete,
    by_query_update,
    by_core_insert,
    by_core_update,
    by_core_delete,
    by_core_on_the_connection,
    by_bulk,
    by_raw_insert,
    by_raw_update,
    by_raw_delete,
    by_driver,
    by_raw_table,
    by_raw_and_commit,
]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("view", WRITES, ids=lambda view: view.__name__)
def test_no_reading_request_writes(view, method, lab, session):
    session.add(person("there before"))
    session.commit()
    answer = lab.run(view, method)
    assert answer.status_code == 500
    assert [type(error) for error in lab.raised] == [WriteOnRead]
    assert "/lab" in str(lab.raised[0])
    assert lab.names() == ["there before"]


def test_a_defect_of_a_get_is_raised_where_tests_look(lab, monkeypatch):
    monkeypatch.setitem(lab.app.config, "PROPAGATE_EXCEPTIONS", True)
    for view in (by_orm, by_core_insert, by_raw_insert):
        with pytest.raises(WriteOnRead):
            lab.run(view)
    assert lab.names() == []


def test_a_get_that_reads_is_fine(lab, session):
    session.add(person("there before"))
    session.commit()
    answer = lab.run(lambda: database.session().query(Person).one().name)
    assert answer.get_data(as_text=True) == "there before"


def test_a_connection_that_read_can_write_again(lab):
    for _ in range(3):
        assert lab.run(lambda: str(database.session().query(Person).count())).status_code == 200
        assert lab.run(by_raw_insert).status_code == 500
        assert lab.run(by_orm_and_flush, "POST").status_code == 200
    assert lab.names() == ["written"] * 3


def test_a_reading_request_keeps_no_writer_waiting(lab):
    waited = []

    def write_meanwhile():
        with lab.app.app_context(), transaction() as other:
            other.add(person("meanwhile"))
        waited.append(True)

    def view():
        before = database.session().query(Person).count()
        writer = threading.Thread(target=write_meanwhile)
        writer.start()
        writer.join(5)
        return f"{before} {waited}"

    assert lab.run(view).get_data(as_text=True) == "0 [True]"


def test_a_command_is_one_transaction(lab):
    with lab.app.app_context(), transaction() as session:
        session.add(person("kept"))

    def break_off():
        with lab.app.app_context(), transaction() as session:
            session.add(person("lost"))
            session.flush()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert lab.names() == ["kept"]


@pytest.mark.parametrize("view", WRITES, ids=lambda view: view.__name__)
def test_a_command_that_reads_cannot_write(view, lab):
    with lab.app.app_context():
        with transaction() as session:
            session.add(person("there before"))
        with reading() as session:
            seen = session.query(Person).count()
            try:
                view()
                session.flush()
            except WriteOnRead as error:
                seen = str(error)
        assert seen == "a command that only reads"
    assert lab.names() == ["there before"]


def test_sqlite_keeps_what_it_acknowledged(sqlite_lab):
    with sqlite_lab.app.app_context(), database.db.engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    full = 2
    assert found == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "busy_timeout": database.SQLITE_BUSY_MS,
    }


def part_that_reads():
    with database.savepoint(database.session()):
        database.session().query(Person).count()


HELD = {
    "a row is held": lambda: database.session().scalars(
        sa.select(Person.id).with_for_update(key_share=True)
    ),
    "a row is held and read anew": lambda: database.session().get(
        Person, "nobody", with_for_update=True
    ),
    "something is kept": write,
    "a statement writes": lambda: database.session().execute(sa.delete(Person)),
    "words write": lambda: database.session().execute(sa.text(INSERT + ROW)),
    "words with space before them": lambda: database.session().execute(sa.text(f"\n{INSERT}{ROW}")),
    "a part may fail alone": part_that_reads,
}
READ = {
    "nothing": lambda: None,
    "rows": lambda: database.session().query(Person).count(),
    "words": lambda: database.session().execute(sa.text("\n  SELECT count(*) FROM person")).all(),
}


def comes_in_between(path):
    """Tell whether another process may write now."""
    with closing(sqlite3.connect(path, timeout=0.05)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            return str(error)
        return "came in between"


@pytest.mark.parametrize("what", HELD.values(), ids=HELD)
def test_a_writer_on_sqlite_takes_the_lock_with_its_first_row(what, sqlite_lab, tmp_path):
    def view():
        what()
        return comes_in_between(tmp_path / "own.sqlite")

    assert sqlite_lab.run(view, "POST").get_data(as_text=True) == "database is locked"


@pytest.mark.parametrize("what", READ.values(), ids=READ)
def test_who_has_only_read_so_far_keeps_no_writer_waiting(what, sqlite_lab, tmp_path):
    def view():
        what()
        return comes_in_between(tmp_path / "own.sqlite")

    for method in ("POST", "GET"):
        assert sqlite_lab.run(view, method).get_data(as_text=True) == "came in between"


def test_what_is_held_is_read_as_it_is_now(lab):
    with lab.app.app_context(), transaction() as session:
        session.add(person("before"))

    def rename():
        with lab.app.app_context(), transaction() as session:
            session.execute(sa.update(Person).values(name="meanwhile"))

    def view():
        session = database.session()
        (seen,) = session.scalars(sa.select(Person))
        told = seen.name
        thread = threading.Thread(target=rename)
        thread.start()
        thread.join()
        session.refresh(seen, with_for_update=True)
        seen.headline = f"{told}, {seen.name}"
        return seen.headline

    assert lab.run(view, "POST").get_data(as_text=True) == "before, meanwhile"
    assert lab.names() == ["meanwhile"]


def test_writers_on_sqlite_stand_in_line_and_readers_do_not(sqlite_lab, tmp_path):
    line = line_of(str(tmp_path / "own.sqlite"))

    def view():
        database.session().scalars(sa.select(Person.id).with_for_update())
        return "my turn" if line._turns.enter(seconds=0.05) is False else _let_go(line)

    assert sqlite_lab.run(view, "POST").get_data(as_text=True) == "my turn"
    assert sqlite_lab.run(view, "GET").get_data(as_text=True) == "nobody stands in line"
    assert sqlite_lab.run(view, "POST").get_data(as_text=True) == "my turn"


def _let_go(line):
    line._turns.leave()
    return "nobody stands in line"


def test_moments_are_aware_and_in_utc(lab):
    east = timezone(timedelta(hours=5, minutes=45))
    moment = datetime(2026, 11, 19, 23, 45, 0, 123456, tzinfo=east)
    with lab.app.app_context():
        with transaction() as session:
            one = person()
            one.created_at = moment
            session.add(one)
        with reading() as session:
            found = session.query(Person).one().created_at
    assert found == moment
    assert found.tzinfo is UTC
    assert found.hour == 18


def test_a_moment_without_a_zone_is_refused(lab):
    def view():
        one = person()
        one.created_at = datetime(2026, 11, 19)  # noqa: DTZ001
        database.session().add(one)
        database.session().flush()

    assert lab.run(view, "POST").status_code == 500
    assert "without a time zone" in str(lab.raised[0])


def test_an_error_page_can_be_rendered_after_the_database_broke_off(lab):
    def view():
        database.session().execute(sa.text("SELECT nonsense FROM nowhere"))

    answer = lab.run(view, "POST")
    assert answer.status_code in {500, 503}
    assert "nonsense" not in answer.get_data(as_text=True)


def test_the_landing_page_needs_no_transaction(lab):
    def view():
        return render_template("home/landing.html")

    lab.run(view)
    with lab.app.app_context():
        assert not database.db.session.registry.has()
