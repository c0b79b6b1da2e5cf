"""Figures for Prometheus: behind a token, with rules of routes for labels and nobody's id."""

import re
import threading
from datetime import timedelta

import pytest

from people import make_event, make_person
from webapp.core import clock
from webapp.core import db as database
from webapp.core.config import Config, ConfigError
from webapp.mail.services import queue_mail
from webapp.operating.metrics import BOUNDS, Counts
from webapp.worker.services import begin_run, end_run

TOKEN = "rV8n0bWq3kZt6mXy1cPd"
LINE = re.compile(r'(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{([a-z]+="([^"\\]|\\.)*",?)+\})? -?[0-9.]+)')


@pytest.fixture
def client(build, migrated_file, tmp_path):
    """A client of an app that counts."""
    (tmp_path / "bowline.sqlite").write_bytes(migrated_file.read_bytes())
    return build(metrics_token=TOKEN).test_client()


def figures(client, token=TOKEN):
    return client.get("/metrics", headers={"Authorization": f"Bearer {token}"})


def test_without_a_token_in_the_settings_there_is_no_such_page(build):
    client = build().test_client()
    assert client.get("/metrics").status_code == 404
    assert figures(client).status_code == 404
    assert figures(client, "").status_code == 404
    assert figures(client, "None").status_code == 404


@pytest.mark.parametrize("given", ["", "Bearer", f"Bearer {TOKEN[:-1]}", TOKEN, "Bearer ä"])
def test_who_has_not_the_token_reads_nothing(client, given):
    answer = client.get("/metrics", headers={"Authorization": given})
    assert answer.status_code == 401
    assert "bowline_" not in answer.text


def test_answers_are_counted_by_rule_method_and_kind_of_status(client):
    for path in ("/E/ABCDEF", "/E/GHJKMN", "/sign-in", "/nowhere", "/also-nowhere"):
        client.get(path)
    client.open("/", method="CANARY")
    text = figures(client).text
    for labels, count in (
        ('route="/E/<code>",method="GET",status="4xx"', 2),
        ('route="/sign-in",method="GET",status="2xx"', 1),
        ('route="none",method="GET",status="4xx"', 2),
        ('route="none",method="OTHER",status="4xx"', 1),
    ):
        assert f"bowline_request_seconds_count{{{labels}}} {count}\n" in text
        assert f'bowline_request_seconds_bucket{{{labels},le="+Inf"}} {count}\n' in text
    assert "ABCDEF" not in text
    assert "CANARY" not in text


def test_every_line_is_one_that_prometheus_reads(client):
    client.get("/sign-in")
    answer = figures(client)
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    assert [line for line in answer.text.splitlines() if not LINE.fullmatch(line)] == []
    assert answer.text.endswith("\n")


def test_buckets_hold_all_that_took_no_longer(tmp_path):
    counts = Counts(tmp_path / "metrics.sqlite")
    for seconds in (0.001, 0.01, 0.3, 99):
        counts.note("/", "GET", 200, seconds)
    found = counts.read()
    assert found["/", "GET", "2xx", "0"] == 2
    assert found["/", "GET", "2xx", str(BOUNDS.index(0.5))] == 1
    assert found["/", "GET", "2xx", str(len(BOUNDS))] == 1
    assert found["/", "GET", "2xx", "sum"] == pytest.approx(99.311)


def test_processes_of_a_machine_add_up_and_a_lost_file_begins_anew(tmp_path):
    file = tmp_path / "metrics.sqlite"
    several = [Counts(file) for _ in range(3)]

    def work(counts):
        for _ in range(200):
            counts.note("/", "GET", 200, 0.001)
            counts.flush()

    threads = [threading.Thread(target=work, args=(one,)) for one in several]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in several:
        one.flush()
    assert several[0].read()["/", "GET", "2xx", "0"] == 600
    file.unlink()
    several[1].note("/", "GET", 200, 0.001)
    assert several[1].read()["/", "GET", "2xx", "0"] == 1


def test_a_folder_that_takes_nothing_costs_no_answer(tmp_path):
    counts = Counts(tmp_path / "gone" / "metrics.sqlite")
    counts.note("/", "GET", 200, 0.001)
    assert counts.read() == {}


def test_what_waits_and_what_the_worker_did_is_told(client, app, session, evening):
    with client.application.app_context(), database.transaction() as own:
        now = clock.now() - timedelta(minutes=10)
        for number in range(2):
            address = f"canary{number}@example.org"
            said = {"subject": "Hello", "code": "1234"}
            queue_mail(own, kind="accounts/sign_in_code", recipient=address, now=now, **said)
        begin_run(own, name="erase_events", every=timedelta(minutes=5), now=now)
        end_run(own, name="erase_events", problem="canary", now=now)
        make_event(own, by=make_person(own, name="Canary"), name="Canary Meetup")
    text = figures(client).text
    assert "bowline_mail_waiting 2\n" in text
    assert "bowline_mail_oldest_seconds 600\n" in text
    assert 'bowline_task_failed{task="erase_events"} 1\n' in text
    assert f'bowline_task_started{{task="erase_events"}} {now.timestamp():.0f}\n' in text
    assert "canary" not in text.lower()


@pytest.mark.parametrize("value", ["Tr0ub4dor", "ü" * 30, "has\nbreaks-and-is-long-enough"])
def test_a_token_that_can_be_guessed_stops_the_start(value, tmp_path):
    with pytest.raises(ConfigError, match="METRICS_TOKEN") as raised:
        Config.from_environment({"BOWLINE_DATA": str(tmp_path), "METRICS_TOKEN": value})
    assert value not in str(raised.value)
