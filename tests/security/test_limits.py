"""Limits count per account and network, and go on counting when Redis is away."""

import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

import services
from conftest import make_config
from pages import HX
from webapp.core.redis import answers as redis_answers
from webapp.factory import create_app
from webapp.security import shared
from webapp.security.limits import limiter, network


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("203.0.113.7", "203.0.113.7/32"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::9", "2001:db8:1:3::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7/32"),
        ("::ffff:203.0.113.8", "203.0.113.8/32"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("", "127.0.0.1/32"),
        ("unix:", "unknown"),
        ("evil\r\nheader", "unknown"),
    ],
)
def test_a_network_is_one_household_or_phone(address, expected, app):
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert network() == expected


LIMITED = "/sign-in/with/nobody"
"""A page that needs no database; thirty in ten minutes from one network."""


@pytest.fixture
def build(tmp_path):
    """Build the app with other settings; the limiter all apps share is put back after it."""
    before = dict(vars(limiter))

    def build_app(**changes):
        config = make_config(tmp_path, f"sqlite:///{tmp_path / 'own.sqlite'}")
        return create_app(replace(config, **changes))

    yield build_app
    vars(limiter).update(before)


@dataclass
class Redis:
    """A Redis of our own, on a socket."""

    server: str
    path: Path

    @property
    def url(self) -> str:
        return f"unix://{self.path}"

    def start(self):
        options = ["--port", "0", "--unixsocket", self.path, "--save", ""]
        self.process = subprocess.Popen(
            [self.server, *options, "--dir", self.path.parent], stdout=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 10
        while not redis_answers(self.url, seconds=1) and time.monotonic() < deadline:
            time.sleep(0.01)

    def kill(self):
        self.process.kill()
        self.process.wait(10)


@pytest.fixture
def redis(tmp_path):
    """A Redis that runs."""
    server = services.find("redis-server")
    if server is None:
        services.missing("Redis")
    one = Redis(server, tmp_path / "redis.sock")
    one.start()
    yield one
    one.kill()


def statuses(app, times, **more):
    """Ask a few times and return how it was answered; nobody waits long for any of it."""
    client, found = app.test_client(), []
    for _ in range(times):
        started = time.perf_counter()
        found.append(client.get(LIMITED, **more).status_code)
        assert time.perf_counter() - started < 10
    return found


def test_reaching_a_limit_is_told_with_the_wait(build):
    client = build().test_client()
    answers = [client.get(LIMITED) for _ in range(31)]
    assert [answer.status_code for answer in answers] == [404] * 30 + [429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 600
    assert "Please wait a moment, then try again." in answers[-1].get_data(as_text=True)


def test_inside_a_page_the_words_go_to_the_status_region(build):
    app = build()
    statuses(app, 30)
    answer = app.test_client().get(LIMITED, headers=HX)
    assert answer.status_code == 429
    assert answer.headers["HX-Retarget"] == "#status"
    assert int(answer.headers["Retry-After"]) > 0


def test_another_network_is_not_held_up(build):
    app = build()
    assert statuses(app, 31)[-1] == 429
    assert statuses(app, 1, environ_base={"REMOTE_ADDR": "198.51.100.7"}) == [404]


def test_one_who_changes_the_last_half_of_their_address_is_the_same(build):
    app = build()
    found = [
        statuses(app, 1, environ_base={"REMOTE_ADDR": f"2001:db8::{number:x}"})[0]
        for number in range(31)
    ]
    assert found[-1] == 429


def claiming(number):
    return {"X-Forwarded-For": f"198.51.100.{number}"}


def test_nobody_is_believed_where_no_proxy_is_trusted(build):
    app = build(trusted_proxies=0)
    found = [statuses(app, 1, headers=claiming(number))[0] for number in range(31)]
    assert found[-1] == 429


def test_only_what_the_trusted_proxy_saw_is_believed(build):
    app = build(trusted_proxies=1)

    def send(claimed, seen):
        return statuses(app, 1, headers={"X-Forwarded-For": f"{claimed}, {seen}"})[0]

    found = [send(f"198.51.100.{number}", "203.0.113.7") for number in range(31)]
    assert found[-1] == 429
    assert send("198.51.100.1", "203.0.113.8") == 404


def test_limits_are_shared_through_redis(build, redis):
    first = build(redis_url=redis.url)
    assert statuses(first, 20)[-1] == 404
    second = build(redis_url=redis.url)
    assert statuses(second, 11) == [404] * 10 + [429]


def test_with_redis_away_limits_count_in_memory_and_the_site_goes_on(build):
    app = build(redis_url=f"redis://127.0.0.1:{services.free_port()}/0")
    assert statuses(app, 31) == [404] * 30 + [429]


def test_a_redis_that_does_not_answer_is_done_without(build):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        app = build(redis_url=f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        assert statuses(app, 3) == [404] * 3


def test_all_who_asked_while_redis_died_are_answered(build):
    with socket.create_server(("127.0.0.1", 0)) as silent, ThreadPoolExecutor(8) as people:
        app = build(redis_url=f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        found = list(people.map(lambda _: app.test_client().get(LIMITED).status_code, range(8)))
        assert found == [404] * 8


def test_redis_may_go_away_in_the_middle(build, redis):
    app = build(redis_url=redis.url)
    assert statuses(app, 3) == [404] * 3
    redis.kill()
    found = statuses(app, 31)
    assert set(found) == {404, 429}
    assert found[-1] == 429


def test_when_redis_is_back_limits_are_shared_again(build, redis, monkeypatch):
    monkeypatch.setattr(shared, "AWAY_SECONDS", 0.0)
    first = build(redis_url=redis.url)
    redis.kill()
    assert statuses(first, 31) == [404] * 30 + [429]
    redis.start()
    assert statuses(first, 20) == [404] * 20
    second = build(redis_url=redis.url)
    assert statuses(second, 11) == [404] * 10 + [429]


def test_a_redis_that_is_away_is_left_alone_for_a_while(build, redis):
    app = build(redis_url=redis.url)
    redis.kill()
    assert statuses(app, 30) == [404] * 30
    redis.start()
    assert statuses(app, 1) == [429]
