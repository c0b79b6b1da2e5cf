"""An outbox, real workers that are killed at random moments, and who got which mail."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade
from mail.ledger import Ledger, LedgerServer

import services
from webapp.core import clock
from webapp.core import db as database
from webapp.core.config import Config
from webapp.factory import create_app
from webapp.mail.models import Mail
from webapp.mail.rules import LEASE
from webapp.mail.services import queue_mail

ROOT = Path(__file__).resolve().parents[2]
MAILS_A_KILL = 40
LATEST_KILL = 0.12
"""Seconds after the first mail was offered."""


@dataclass
class Outbox:
    """The outbox of an app, and a server that keeps a ledger."""

    app: Flask
    ledger: Ledger

    def queue(self, mails: int, *, first: int = 0) -> None:
        with self.app.app_context(), database.transaction() as session:
            for number in range(first, first + mails):
                queue_mail(
                    session,
                    kind="accounts/sign_in_code",
                    recipient=f"p{number}@example.org",
                    subject=f"Mail {number}",
                    now=clock.now(),
                    code=str(number),
                )

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
        return f"{len(self.unsent())} unsent, {self.ledger.taken.total()} taken"


@dataclass
class Post(Outbox):
    """The same with real workers."""

    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def log(self) -> Path:
        return self.app.extensions["bowline"].data_folder / "log"

    def state(self) -> str:
        return f"{super().state()}, and the log: {self.log.read_text()[-3000:]}"

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

    def end(self, worker: subprocess.Popen[bytes], *, seconds: float = 20) -> None:
        worker.terminate()
        assert worker.wait(seconds) == 0, self.log.read_text()[-3000:]


@contextmanager
def post_office(folder: Path, database_url: str) -> Iterator[Post]:
    """Open one over an empty database; whoever still works in the end is killed."""
    ledger, port = Ledger(), services.free_port()
    controller = LedgerServer(ledger, hostname="127.0.0.1", port=port)
    controller.start()
    settings = {
        "BOWLINE_DATA": str(folder),
        "BOWLINE_ORIGIN": "http://localhost",
        "DATABASE_URL": database_url,
        "SMTP_URL": f"smtp://127.0.0.1:{port}",
    }
    first = create_app(Config.from_environment(settings))
    post = Post(first, ledger)
    with first.app_context():
        upgrade()
    try:
        yield post
    finally:
        for worker in post.workers:
            worker.kill()
            worker.wait(10)
        controller.stop()
        for app in {first, post.app}:
            with app.app_context():
                database.db.session.remove()
                database.db.engine.dispose()


@dataclass(frozen=True)
class Delivered:
    """What became of the mails whose workers were killed."""

    lost: int
    repeated: int
    """Taken by the server more than once."""
    in_gap: int
    """Taken by the server, and their worker killed before it could note that."""
    beyond_gap: int
    """Repeated more often than that explains."""
    numbers: set[int]
    """How many Message-IDs a recipient has got."""

    @property
    def is_fine(self) -> bool:
        """True if none is lost, and each that came twice has the same Message-ID."""
        return not self.lost and not self.beyond_gap and self.numbers == {1}


def kill_workers(post: Post, *, kills: int, chance: random.Random) -> Delivered:
    """Kill a worker at a random moment, again and again; let the last one finish."""
    post.queue(kills * MAILS_A_KILL)
    everything, gap = post.unsent(), Counter[str]()
    ledger = post.ledger
    for _ in range(kills):
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
    return what_became(everything, ledger, gap)


def what_became(everything: set[str], ledger: Ledger, gap: Counter[str]) -> Delivered:
    """Hold what was queued against what the server took."""
    return Delivered(
        lost=len(everything - ledger.taken.keys()),
        repeated=sum(times > 1 for times in ledger.taken.values()),
        in_gap=gap.total(),
        beyond_gap=sum(times > 1 + gap[mail_id] for mail_id, times in ledger.taken.items()),
        numbers={len(ids) for ids in ledger.ids_of.values()},
    )
