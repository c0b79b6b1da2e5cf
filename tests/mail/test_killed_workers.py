"""Workers are killed at random moments while they send: no mail is lost, and none sent in vain."""

import logging
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade
from mail.ledger import Ledger, LedgerServer

import services
from conftest import make_config
from webapp.core import clock
from webapp.core import db as database
from webapp.factory import create_app
from webapp.mail.models import Mail
from webapp.mail.rules import FIRST_WAIT, LEASE
from webapp.mail.services import queue_mail

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("KILLS", "3"))
"""On each of the two databases; 50 once, by hand."""
MAILS_A_KILL = 40
LATEST_KILL = 0.12
"""Seconds after the first mail was offered."""


@pytest.fixture(params=["sqlite", "postgresql"])
def own_url(request, tmp_path):
    """A database of its own: workers in other processes use it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'bowline.sqlite'}"
    server_url = request.getfixturevalue("postgresql_url")
    engine = sa.create_engine(
        server_url.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(sa.text("DROP DATABASE IF EXISTS killed WITH (FORCE)"))
        connection.execute(sa.text("CREATE DATABASE killed"))
    engine.dispose()
    return server_url.replace("/postgres?", "/killed?")


@dataclass
class Post:
    """An app with an outbox, real workers, and a server that keeps a ledger."""

    app: Flask
    ledger: Ledger
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def log(self) -> Path:
        return self.app.extensions["bowline"].data_folder / "log"

    def queue(self, mails: int) -> None:
        with self.app.app_context(), database.transaction() as session:
            for number in range(mails):
                queue_mail(
                    session,
                    kind="accounts/sign_in_code",
                    recipient=f"p{number}@example.org",
                    subject=f"Mail {number}",
                    now=clock.now(),
                    code=str(number),
                )

    def start(self) -> subprocess.Popen[bytes]:
        """Start `flask --app app worker`."""
        config = self.app.extensions["bowline"]
        named = {
            "BOWLINE_DATA": str(config.data_folder),
            "DATABASE_URL": config.database_url,
            "SMTP_URL": config.smtp_url,
            "REDIS_URL": config.redis_url or "",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        plain = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        with self.log.open("ab") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "app", "worker"],
                env=plain | named,
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )
        self.workers.append(worker)
        return worker

    def ids(self, *conditions: sa.ColumnElement[bool]) -> set[str]:
        with self.app.app_context(), database.reading() as session:
            return set(session.scalars(sa.select(Mail.id).where(*conditions)))

    def unsent(self) -> set[str]:
        return self.ids(Mail.sent_at.is_(None))

    def let_pass(self, time_: object) -> None:
        """Let what is due within a time be due now, as if it had passed."""
        waiting = Mail.sent_at.is_(None) & (Mail.due_at >= clock.now() + time_)
        with self.app.app_context(), database.transaction() as session:
            session.execute(sa.update(Mail).where(waiting).values(due_at=clock.now()))

    def wait_until(self, is_so: Callable[[], bool], *, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < deadline, self.state()
            time.sleep(0.02)

    def state(self) -> str:
        log, ledger = self.log.read_text()[-3000:], self.ledger
        return f"{len(self.unsent())} unsent, {ledger.taken.total()} taken, and the log: {log}"

    def end(self, worker: subprocess.Popen[bytes], *, seconds: float = 20) -> None:
        worker.terminate()
        assert worker.wait(seconds) == 0, self.log.read_text()[-3000:]


@pytest.fixture
def post(tmp_path, own_url) -> Iterator[Post]:
    ledger, port = Ledger(), services.free_port()
    controller = LedgerServer(ledger, hostname="127.0.0.1", port=port)
    controller.start()
    config = replace(make_config(tmp_path, own_url), smtp_url=f"smtp://127.0.0.1:{port}")
    first = create_app(config)
    post = Post(first, ledger)
    with first.app_context():
        upgrade()
    yield post
    for worker in post.workers:
        worker.kill()
        worker.wait(10)
    controller.stop()
    for app in {first, post.app}:
        with app.app_context():
            database.db.session.remove()
            database.db.engine.dispose()


def _figures(gap: Counter[str], ledger: Ledger) -> tuple[str, str]:
    repeated = sum(times > 1 for times in ledger.taken.values())
    return f"{len(gap)} mails in the gap", f"{repeated} repeated"


def test_of_workers_killed_at_random_no_mail_is_lost_and_only_the_gap_repeats_one(post):
    post.queue(KILLS * MAILS_A_KILL)
    everything, gap = post.unsent(), Counter()
    chance, ledger = random.Random(os.environ.get("SEED", "5")), post.ledger
    for _ in range(KILLS):
        worker = post.start()
        ledger.has_news.clear()
        post.wait_until(ledger.has_news.is_set)
        time.sleep(chance.uniform(0, LATEST_KILL))
        worker.send_signal(signal.SIGKILL)
        worker.wait(10)
        post.wait_until(lambda: ledger.connections == 0)
        gap.update(ledger.taken.keys() & post.unsent())
    assert post.unsent(), "all was sent before the last worker was killed"
    post.let_pass(-LEASE)
    last = post.start()
    post.wait_until(lambda: not post.unsent(), seconds=60 + len(everything) / 10)
    post.end(last)
    log.info("%s kills: %s, %s", KILLS, *_figures(gap, ledger))
    assert ledger.taken.keys() == everything
    assert all(times <= 1 + gap[mail_id] for mail_id, times in ledger.taken.items())
    assert {len(ids) for ids in ledger.ids_of.values()} == {1}


def test_two_workers_and_a_server_full_of_faults(post):
    ledger = post.ledger
    ledger.share_of_faults = 0.3
    post.queue(60)
    everything = post.unsent()
    workers = [post.start(), post.start()]

    def is_done() -> bool:
        post.let_pass(FIRST_WAIT - LEASE / 2)
        return not post.unsent()

    post.wait_until(is_done)
    for worker in workers:
        post.end(worker)
    assert ledger.taken.keys() == everything
    assert {*ledger.FAULTS, ""} == ledger.seen_faults.keys()
    assert all(times == 1 + ledger.dropped_after[one] for one, times in ledger.taken.items())
    assert ledger.offered.total() > ledger.taken.total()


def test_a_worker_told_to_stop_finishes_what_it_carries(post):
    post.ledger.seconds = 1
    post.queue(20)
    worker = post.start()
    post.wait_until(post.ledger.has_news.is_set)
    post.end(worker, seconds=10)
    sent = post.ids(Mail.sent_at.is_not(None))
    assert 1 <= len(sent) < 20
    assert post.ledger.taken == Counter(dict.fromkeys(sent, 1))
    assert post.ledger.offered == post.ledger.taken


@pytest.fixture(params=["file", "redis", "redis is away"])
def queued_post(request, post, tmp_path) -> Iterator[Post]:
    """The same with each kind of queue between the web and the worker."""
    if request.param == "file":
        yield post
        return
    with services.redis(tmp_path) as url:
        config = replace(post.app.extensions["bowline"], redis_url=url)
        if request.param == "redis":
            post.app = create_app(config)
            yield post
            return
    post.app = create_app(config)
    yield post


def test_mail_leaves_as_soon_as_its_transaction_is_over(queued_post):
    post = queued_post
    post.queue(1)
    worker = post.start()
    post.wait_until(lambda: not post.unsent())
    waits = []
    for _ in range(3):
        post.queue(1)
        began = time.monotonic()
        post.wait_until(lambda: not post.unsent())
        waits.append(time.monotonic() - began)
    post.end(worker)
    assert max(waits) < 5, "the worker waits for its round"
