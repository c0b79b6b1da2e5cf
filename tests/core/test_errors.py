"""Errors in people's words, with the right status, whole or inside a page."""

import re
import sqlite3
from contextlib import closing
from dataclasses import replace

import psycopg
import pytest
import sqlalchemy as sa
from flask import abort

import services
from conftest import make_config
from pages import HX, Browser
from people import make_person
from webapp.core import db as database
from webapp.core.config import Mode
from webapp.core.errors import WORDS, Conflict, DomainError, TooMany
from webapp.factory import create_app

UNNAMED = {406: 400, 415: 400, 418: 400, 451: 400, 501: 500, 502: 500, 504: 500}


def words(status):
    title, message = WORDS[status]
    return str(title), str(message)


def title_and_lead(browser):
    heading = browser.page.all("h1")[0].text
    lead = next(p.text for p in browser.page.all("p") if p.get("class") == "lead")
    return heading, lead


def refuse(status):
    return lambda: abort(status)


def raise_(error):
    def view():
        raise error

    return view


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("status", [*WORDS, *UNNAMED])
def test_every_status_is_told_in_words(status, method, lab):
    lab.view = refuse(status)
    browser = lab.browser()
    headers = {"X-CSRFToken": browser.token()}
    answer = browser.open("/lab", method=method, headers=headers)
    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    assert title_and_lead(browser) == words(UNNAMED.get(status, status))
    assert "/" in browser.page.links()


@pytest.mark.parametrize("status", [*WORDS, *UNNAMED])
def test_inside_a_page_the_words_go_to_the_status_region(status, lab):
    lab.view = refuse(status)
    browser = lab.browser()
    answer = browser.get("/lab", headers=HX)
    assert answer.status_code == status
    assert answer.headers["HX-Retarget"] == "#status"
    assert answer.headers["HX-Reswap"] == "innerHTML"
    (root,) = list(browser.page.root)
    assert root.get("class") == "notice error"
    number = r" Number: [a-z2-7]{16}" if status == 500 else ""
    assert re.fullmatch(re.escape(words(UNNAMED.get(status, status))[1]) + number, browser.text)


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}, {"HX-Request-Type": "partial"}])
def test_what_asks_for_a_whole_page_gets_one(headers, lab):
    answer = lab.run(refuse(404), headers=headers)
    assert answer.get_data(as_text=True).startswith("<!doctype html>")
    assert "HX-Retarget" not in answer.headers


def test_the_status_region_is_on_every_page(browser):
    for path in ("/", "/sign-in", "/nowhere"):
        browser.get(path)
        assert [one.get("id") for one in browser.page.all("div")].count("status") == 1


@pytest.mark.parametrize(
    ("error", "status"),
    [(DomainError, 422), (Conflict, 409), (lambda said: TooMany(said, retry_seconds=42), 429)],
)
@pytest.mark.parametrize("hx", [False, True])
def test_a_rules_no_carries_its_own_words(error, status, hx, lab):
    said = "Ben & <b>you</b> talked a minute ago."
    answer = lab.run(raise_(error(said)), "POST", headers=HX if hx else {})
    assert answer.status_code == status
    assert "Ben &amp; &lt;b&gt;you&lt;/b&gt; talked a minute ago." in answer.get_data(as_text=True)
    assert answer.headers.get("Retry-After") == ("42" if status == 429 else None)


@pytest.mark.parametrize("hx", [False, True])
def test_a_defect_tells_nothing_of_itself(hx, lab, secret):
    answer = lab.run(raise_(RuntimeError(secret)), headers=HX if hx else {})
    assert answer.status_code == 500
    text = answer.get_data(as_text=True)
    assert secret not in text
    assert "Traceback" not in text
    assert "Nothing was half saved." in text


def test_a_wrong_method_is_told_what_works(browser):
    answer = browser.get("/sign-out")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"POST", "OPTIONS"}
    assert title_and_lead(browser) == words(405)


@pytest.mark.parametrize("path", ["/nowhere", "/events/nobodys", "/static/none.css", "/\u202e"])
def test_what_is_not_there_is_told_so(path, browser_of, session):
    browser = browser_of(make_person(session))
    assert browser.get(path).status_code == 404
    assert title_and_lead(browser) == words(404)


def test_too_much_at_once_is_refused(browser, counts_of_mail):
    data = {"address": "a" * (1024 * 1024 + 1), "csrf_token": browser.token()}
    answer = browser.post("/sign-in", data=data)
    assert answer.status_code == 413
    assert title_and_lead(browser) == words(413)
    assert counts_of_mail() == 0


@pytest.fixture
def counts_of_mail(session):
    return lambda: session.scalar(sa.text("SELECT count(*) FROM mail"))


@pytest.mark.parametrize("hx", [False, True])
def test_two_at_the_same_time_are_told_so(hx, lab):
    def view():
        insert = "INSERT INTO person (id, name, organisation, headline, created_at) VALUES "
        row = "('aaaaaaaaaaaaaaaa', 'Amina', '', '', '2026-11-19 18:00:00')"
        for _ in range(2):
            database.session().execute(sa.text(insert + row))

    answer = lab.run(view, "POST", headers=HX if hx else {})
    assert answer.status_code == 409
    assert words(409)[1] in answer.get_data(as_text=True)
    assert "Amina" not in answer.get_data(as_text=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def away(request, tmp_path):
    """The app with a database that is not there."""
    urls = {
        "sqlite": f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.sqlite'}",
        "postgresql": f"postgresql+psycopg://nobody@127.0.0.1:{services.free_port()}/none",
    }
    built = create_app(make_config(tmp_path, urls[request.param]))
    built.test_client_class = Browser
    yield built
    with built.app_context():
        database.db.engine.dispose()


def assert_busy(answer):
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    text = answer.get_data(as_text=True)
    assert words(503)[1] in text
    assert "nobody" not in text
    assert "sqlite" not in text.lower()


@pytest.mark.parametrize("hx", [False, True])
def test_a_database_that_is_away_is_a_short_wait(hx, away):
    with away.app_context():
        browser = away.test_client()
        with browser.session_transaction() as cookie:
            cookie |= {"device": "a token", "seen": 0}
        headers = HX if hx else {}
        assert_busy(browser.get("/me", headers=headers))
        assert_busy(browser.post("/sign-out", headers=headers | {"X-CSRFToken": browser.token()}))
        ask = {"address": "amina@example.org", "csrf_token": browser.token()}
        with browser.session_transaction() as cookie:
            del cookie["device"]
        assert_busy(browser.post("/sign-in", data=ask, headers=headers))
        assert browser.get("/").status_code == 200
        assert browser.get("/sign-in").status_code == 200


def test_a_locked_database_is_a_short_wait_and_nothing_is_lost(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "SQLITE_BUSY_MS", 50)
    path = tmp_path / "own.sqlite"
    built = create_app(make_config(tmp_path, f"sqlite:///{path}"))
    built.test_client_class = Browser
    with built.app_context():
        database.db.create_all()
        browser = built.test_client()
        ask = {"address": "amina@example.org", "csrf_token": browser.token()}
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert_busy(browser.post("/sign-in", data=ask))
            other.execute("ROLLBACK")
        assert browser.post("/sign-in", data=ask).status_code == 303
        assert database.session().scalar(sa.text("SELECT count(*) FROM mail")) == 1
        database.db.session.remove()
        database.db.engine.dispose()


@pytest.mark.parametrize("hx", [False, True])
def test_a_database_that_goes_away_at_the_last_word_is_a_short_wait(hx, lab, monkeypatch):
    def view():
        database.session().execute(sa.text("UPDATE person SET name = 'changed'"))
        monkeypatch.setattr(database.RequestSession, "commit", gone)
        return "ok"

    def gone(_session):
        monkeypatch.undo()
        raise sa.exc.OperationalError("COMMIT", {}, Exception("the server is gone"))

    assert_busy(lab.run(view, "POST", headers=HX if hx else {}))


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_connection_that_was_cut_is_replaced(method, postgresql_lab, postgresql_url):
    def view():
        return str(database.session().scalar(sa.text("SELECT pg_backend_pid()")))

    pid = postgresql_lab.run(view, method).get_data(as_text=True)
    assert postgresql_lab.run(view, method).get_data(as_text=True) == pid
    with closing(psycopg.connect(postgresql_url)) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [int(pid)])
    first = postgresql_lab.run(view, method)
    if first.status_code != 200:
        assert_busy(first)
    again = postgresql_lab.run(view, method)
    assert again.status_code == 200
    assert again.get_data(as_text=True) != pid


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "a b", "meet.example.org@evil.example"]
)
def test_under_a_foreign_name_nothing_is_built(host, tmp_path):
    config = replace(
        make_config(tmp_path, f"sqlite:///{tmp_path / 'own.sqlite'}"),
        mode=Mode.PRODUCTION,
        origin="https://meet.example.org",
    )
    client = create_app(config).test_client()
    for path in ("/", "/sign-in", "/nowhere"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert host not in answer.get_data(as_text=True)
        assert "Content-Security-Policy" in answer.headers
    right = client.get("/sign-in", headers={"Host": "meet.example.org"})
    assert right.status_code == 200
