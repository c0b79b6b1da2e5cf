"""What a process does when more people come than it can serve at once."""

import io
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from webapp.core import crowd
from webapp.core.crowd import WORKING, Room
from webapp.factory import create_app
from webapp.security.access import anyone, requires

WAIT = 20
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def door(app, monkeypatch):
    """An app of its own with a view that lasts until it is let go, and a short line."""
    monkeypatch.setattr(crowd, "LONGEST_LINE", 3)
    monkeypatch.setattr(crowd, "LONGEST_WAIT", 0.2)
    made = create_app(app.extensions["bowline"])
    go_on, inside = threading.Event(), threading.Semaphore(0)

    def slow():
        inside.release()
        assert go_on.wait(WAIT)
        return "done"

    made.add_url_rule("/slow", "slow", requires(anyone)(slow))
    made.add_url_rule("/open", "open", crowd.always_open(requires(anyone)(lambda: "open")))
    with ThreadPoolExecutor(WORKING) as threads:
        full = [threads.submit(made.test_client().get, "/slow") for _ in range(WORKING)]
        for _ in full:
            assert inside.acquire(timeout=WAIT)
        yield made
        go_on.set()
        assert [one.result(WAIT).text for one in full] == ["done"] * WORKING


def test_who_waited_too_long_is_asked_to_come_back(door):
    began = time.monotonic()
    answer = door.test_client().get("/sign-in")
    assert 0.15 < time.monotonic() - began < 5
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "Nothing is lost" in answer.text
    assert "Content-Security-Policy" in answer.headers


def test_who_finds_the_line_too_long_hears_it_at_once(door, monkeypatch):
    monkeypatch.setattr(crowd, "LONGEST_WAIT", WAIT)
    monkeypatch.setattr(crowd, "LONGEST_LINE", 0)
    began = time.monotonic()
    answer = door.test_client().get("/sign-in", headers={"HX-Request": "true"})
    assert time.monotonic() - began < 5
    assert answer.status_code == 503


def test_who_takes_long_steps_aside_for_the_others(door, monkeypatch):
    monkeypatch.setattr(crowd, "LONGEST_WAIT", WAIT)
    monkeypatch.setattr(crowd, "A_MOMENT", 0.01)
    for _ in range(3):
        assert door.test_client().get("/sign-in").status_code == 200


def test_only_a_few_may_take_long_at_once(monkeypatch):
    monkeypatch.setattr(crowd, "ASIDE", 1)
    monkeypatch.setattr(crowd, "LONGEST_WAIT", 0.05)
    room = Room()
    slow = [room.enter() for _ in range(WORKING)]
    make_slow(room, slow)
    room._let_step_aside()
    third = room.enter()
    assert third is not None
    make_slow(room, [*slow, third])
    room._let_step_aside()
    assert room.enter() is None


def make_slow(room, places):
    for place in set(places) & set(room._since):
        room._since[place] -= 2 * crowd.A_MOMENT


def test_who_stepped_aside_gives_nobody_a_second_place():
    room = Room()
    first, second = room.enter(), room.enter()
    make_slow(room, [first])
    room._let_step_aside()
    third = room.enter()
    for place in (first, second, third):
        room.leave(place)
    assert room._turns._free == WORKING


def test_who_is_slow_to_send_a_form_keeps_nobody_waiting(app, monkeypatch):
    monkeypatch.setattr(crowd, "LONGEST_LINE", 0)
    made = create_app(app.extensions["bowline"])
    reading, go_on = threading.Semaphore(0), threading.Event()

    class SlowForm(io.RawIOBase):
        def readable(self):
            return True

        def readinto(self, _):
            reading.release()
            assert go_on.wait(WAIT)
            return 0

    def send_slowly():
        sent = {"wsgi.input": io.BufferedReader(SlowForm()), "CONTENT_LENGTH": "10"}
        client = made.test_client()
        return client.post("/sign-in", content_type=FORM, environ_overrides=sent).status_code

    with ThreadPoolExecutor(WORKING) as threads:
        slow = [threads.submit(send_slowly) for _ in range(WORKING)]
        for _ in slow:
            assert reading.acquire(timeout=WAIT)
        status = made.test_client().get("/sign-in").status_code
        go_on.set()
        assert {one.result(WAIT) for one in slow} == {400}
    assert status == 200


def test_what_is_always_open_does_not_wait(door):
    assert door.test_client().get("/open").text == "open"


def test_who_was_turned_away_takes_nobodys_place(door, monkeypatch):
    monkeypatch.setattr(crowd, "LONGEST_LINE", 0)
    for _ in range(3):
        assert door.test_client().get("/slow").status_code == 503
