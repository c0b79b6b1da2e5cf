"""The log tells what was asked and how it went, and nothing of anybody."""

import io
import json
import logging
import os
import re
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import requests
import sqlalchemy as sa

import services
from people import badge_of, make_attendee, make_event, make_link, make_person, talk
from webapp.badges import codes
from webapp.core import logs
from webapp.mail.tasks import deliver_due
from webapp.operating.metrics import FLUSH_SECONDS
from webapp.worker.tasks import DELIVERY, run_if_due

ROOT = Path(__file__).resolve().parents[2]
CANARY = re.compile("canary[a-z0-9]*", re.IGNORECASE)


@pytest.fixture
def written(monkeypatch):
    """What all loggers of this process write, as in production."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonLines())
    root, own = logging.getLogger(), logging.getLogger("webapp")
    root.addHandler(handler)
    before = root.level, own.level
    root.setLevel(logging.DEBUG)
    own.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before[0])
    own.setLevel(before[1])


def lines_of(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def requests_in(stream):
    return [line for line in lines_of(stream) if line["text"] == "request"]


def test_a_line_has_the_rule_of_the_route_and_how_it_went(app, browser, written):
    browser.get("/E/ABCDEF?next=/secret")
    (line,) = requests_in(written)
    assert line.keys() == {
        *("at", "level", "log", "text", "request", "method", "route", "status", "ms", "bytes")
    }
    assert (line["method"], line["route"], line["status"]) == ("GET", "/E/<code>", 404)
    assert re.fullmatch("[a-z2-7]{16}", line["request"])
    assert line["bytes"] > 100
    assert "ABCDEF" not in written.getvalue()
    assert "secret" not in written.getvalue()


def test_what_is_no_route_and_no_method_is_not_told(browser, written):
    browser.get("/canary-path")
    browser.open("/", method="CANARY")
    assert [(line["method"], line["route"]) for line in requests_in(written)] == [
        ("GET", "none"),
        ("OTHER", "none"),
    ]
    assert not CANARY.search(written.getvalue())


def test_machines_that_ask_all_the_time_are_told_of_when_something_is_wrong(build, written):
    client = build("sqlite:////nowhere/at/all.sqlite").test_client()
    client.get("/healthz")
    client.get("/readyz")
    assert [line["route"] for line in requests_in(written)] == ["/readyz"]


@pytest.mark.parametrize(
    ("proxies", "given", "is_taken"),
    [
        (1, "f3a9c2d4-0001", True),
        (0, "f3a9c2d4-0001", False),
        (1, "short", False),
        (1, "x" * 65, False),
        (1, "with blanks and\ttabs", False),
        (1, 'quote"d-and-more', False),
    ],
)
def test_a_number_is_taken_from_a_trusted_proxy_if_it_is_one(
    proxies, given, is_taken, build, written
):
    client = build(trusted_proxies=proxies).test_client()
    client.get("/", headers={"X-Request-ID": given})
    (line,) = requests_in(written)
    assert (line["request"] == given) is is_taken


def test_a_page_that_broke_says_the_number_under_which_the_log_tells_why(
    app, browser, written, secret, monkeypatch
):
    def fail():
        raise RuntimeError(secret) from ValueError(secret)

    monkeypatch.setitem(app.view_functions, "conversations.start", fail)
    monkeypatch.setitem(app.config, "TESTING", False)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    answer = browser.get("/")
    assert answer.status_code == 500
    (broke,) = [line for line in lines_of(written) if line["text"] == "exception"]
    assert broke["request"] in browser.text
    assert [one["type"] for one in broke["error"]] == [
        "builtins.RuntimeError",
        "builtins.ValueError",
    ]
    assert any(
        "test_logs.py" in place and place.endswith(" fail") for place in broke["error"][0]["at"]
    )
    assert secret not in written.getvalue()


def test_others_words_are_cut_where_a_value_could_begin(written):
    foreign = logging.getLogger("gunicorn.error")
    foreign.warning("Invalid request from ip=203.0.113.7: canary")
    foreign.error("Error handling request %s", "/B/CANARY")
    foreign.warning({"canary": 1})
    assert [line["text"].partition("(")[0] for line in lines_of(written)] == [
        "Invalid request from ip ",
        "Error handling request %s ",
        "",
    ]
    assert not CANARY.search(written.getvalue())


def test_a_task_is_one_line(app, session, written):
    with app.app_context():
        run_if_due(DELIVERY)
    (line,) = [line for line in lines_of(written) if line["text"] == "task"]
    assert (line["task"], line["done"]) == ("deliver_mail", True)


def test_a_task_that_broke_tells_no_value(app, session, written, secret):
    def fail():
        raise RuntimeError(secret)

    with app.app_context():
        run_if_due(replace(DELIVERY, run=fail))
    assert [line["done"] for line in lines_of(written) if line["text"] == "task"] == [False]
    assert "builtins.RuntimeError" in written.getvalue()
    assert secret not in written.getvalue()


GUESTS = "Name,E-Mail,Organisation\nCanary Guest,canaryguest@example.org,Canary Labs\n"


@pytest.fixture
def walk(app, session, browser, browser_of, evening, monkeypatch):
    """Sign in, claim, note, import, and break something: canaries are in all that is typed."""

    def do():
        olga = make_person(session, name="Canary Olga", address="canaryolga@example.org")
        ben = make_person(session, name="Canary Ben", address="canaryben@example.org")
        amina = make_person(session, name="Canary Amina", address="canaryamina@example.org")
        event = make_event(session, by=olga, name="Canary Meetup", place="Canary House")
        places = [make_attendee(session, event=event, person=one) for one in (ben, amina)]
        make_link(session, person=ben, url="https://canarylink.example.org/ben")
        talk(session, event=event, by=places[1], about=places[0])
        code = codes.printed_code(badge_of(session, places[0]))
        session.commit()
        browser.get("/sign-in")
        browser.submit("/sign-in", address="canarynew@example.org")
        browser.send("/sign-in/code", code="canary12")
        with app.app_context():
            deliver_due()
        hers, organiser = browser_of(amina), browser_of(olga)
        hers.get(f"/B/{code}?q=canaryquery", headers={"User-Agent": "canaryagent"})
        claim = {"code": code, "nonce": "canary-nonce-1"}
        assert hers.send(f"/events/{event.id}/talks", **claim).status_code == 303
        for rule in app.url_map.iter_rules():
            if "POST" in rule.methods and rule.arguments <= {"event_id", "attendee_id"}:
                args = {"event_id": event.id, "attendee_id": places[0].id}
                path = rule.build({name: args[name] for name in rule.arguments})[1]
                for client in (hers, organiser):
                    typed = {"text": "canarynote", "note": "canarynote", "name": "Canary Name"}
                    client.send(path, address="canarytyped@example.org", code=code, **typed)
        organiser.post(
            f"/events/{event.id}/guests",
            data={
                "file": (io.BytesIO(GUESTS.encode()), "canary.csv"),
                "csrf_token": organiser.token(),
            },
        )
        return {code, event.id, event.code, places[0].id, amina.id, ben.id}

    return do


def test_of_a_whole_evening_nothing_of_anybody_is_in_the_log(walk, app, written, session):
    told = walk()
    statement = sa.text("SELECT canary FROM nowhere WHERE name = :name")
    try:
        session.execute(statement, {"name": "Canary Value"})
    except sa.exc.SQLAlchemyError:
        logging.getLogger("webapp.test").exception("a statement failed")
        session.rollback()
    text = written.getvalue()
    assert len(requests_in(written)) > 40
    assert CANARY.findall(text) == []
    assert [word for word in told if word in text] == []
    assert "127.0.0.1" not in text
    assert "werkzeug" not in {line["log"] for line in lines_of(written)}


def test_what_was_bound_to_a_statement_is_not_in_its_error(session):
    with pytest.raises(sa.exc.SQLAlchemyError) as raised:
        session.execute(sa.text("SELECT 1 FROM nowhere WHERE name = :name"), {"name": "canary"})
    assert "canary" not in str(raised.value)
    session.rollback()


@pytest.fixture
def production(migrated_file, tmp_path):
    """Start the web processes as the Procfile does, in production."""
    (tmp_path / "bowline.sqlite").write_bytes(migrated_file.read_bytes())
    (line,) = re.findall(r"^web: (.*)$", (ROOT / "Procfile").read_text(), re.MULTILINE)
    port = services.free_port()
    command = [sys.executable, "-m", *line[line.index("gunicorn ") :].split()]
    command = [part.replace("${WEB_CONCURRENCY:-2}", "2") for part in command]
    command = [part.replace("0.0.0.0:${PORT:-8000}", f"127.0.0.1:{port}") for part in command]
    env = {
        "PATH": os.environ["PATH"],
        "BOWLINE_MODE": "production",
        "BOWLINE_ORIGIN": "https://meet.example.org",
        "BOWLINE_DATA": str(tmp_path),
        "SECRET_KEY": "rV8n0bWq3kZt6mXy1cPd4hJs7gLf9aTe",
        "SMTP_URL": f"smtp://127.0.0.1:{services.free_port()}",
        "MAIL_FROM": "hello@meet.example.org",
        "METRICS_TOKEN": "rV8n0bWq3kZt6mXy1cPd",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    log = tmp_path / "log"
    with log.open("wb") as written:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=written, stderr=written)
    try:
        services.wait_for(port, seconds=60)
        yield port, log
    finally:
        process.terminate()
        process.wait(30)


def ask(port, path, **headers):
    named = {"Host": "meet.example.org", "Connection": "close"} | headers
    answer = requests.get(
        f"http://127.0.0.1:{port}{path}", headers=named, timeout=30, allow_redirects=False
    )
    return answer.status_code, answer.text


def test_real_web_processes_write_json_and_add_up_their_figures(production):
    port, log = production
    for _ in range(12):
        assert ask(port, "/sign-in", **{"User-Agent": "canaryagent"})[0] == 200
    assert ask(port, "/B/CANARYCANARYCANA")[0] in {303, 401, 404, 200}
    with services.socket.create_connection(("127.0.0.1", port)) as raw:
        raw.sendall(b"GET /canary\x01path HTTP/9.9\r\n\r\n")
        raw.recv(1000)
    time.sleep(FLUSH_SECONDS + 0.5)
    status, figures = ask(port, "/metrics", Authorization="Bearer rV8n0bWq3kZt6mXy1cPd")
    assert status == 200
    counted = 'bowline_request_seconds_count{route="/sign-in",method="GET",status="2xx"} 12'
    assert counted in figures
    text = log.read_text()
    assert [line for line in text.splitlines() if not line.startswith("{")] == []
    found = [json.loads(line) for line in text.splitlines()]
    assert sum(line["text"] == "request" for line in found) >= 13
    assert not CANARY.search(text)
    assert "127.0.0.1" not in text
