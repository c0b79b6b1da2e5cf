"""One installation as `Procfile` starts it: killed, reloaded and started again at one address."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from flask_migrate import upgrade

import services
from webapp.core import db as database
from webapp.core.config import Config, Mode
from webapp.factory import create_app

ROOT = Path(__file__).resolve().parents[2]
OURS = ("BOWLINE", "DATABASE", "GUNICORN", "OIDC", "PYTHON", "REDIS", "SECRET", "SMTP", "WEB")
LONGEST_START = 60.0
LONGEST_STOP = 40.0


def command_of(process: str) -> str:
    """Return how `Procfile` starts a process."""
    lines = (line.partition(": ") for line in (ROOT / "Procfile").read_text().splitlines())
    (found,) = [command for name, _, command in lines if name == process]
    return f"exec {found}"


def web_command(wsgi: str) -> str:
    """Return how `Procfile` serves the app, on this machine alone."""
    return command_of("web").replace("0.0.0.0", "127.0.0.1").replace("app:app", wsgi)  # noqa: S104


@dataclass
class Installation:
    """The app behind gunicorn, its database, and an app of our own that looks into it."""

    app: Flask
    settings: Mapping[str, str]
    port: int
    wsgi: str = "app:app"
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """Where its data is."""
        return Path(self.settings["BOWLINE_DATA"])

    @property
    def origin(self) -> str:
        """Where people reach it."""
        return self.settings["BOWLINE_ORIGIN"]

    @property
    def log(self) -> Path:
        """What its web processes say."""
        return self.folder / "web.log"

    @property
    def worker_log(self) -> Path:
        """What its workers say."""
        return self.folder / "worker.log"

    def start(self, **more: str) -> float:
        """Start the web processes; gives the seconds until a page is answered."""
        began = time.monotonic()
        process = self._run(web_command(self.wsgi), self.log, more)
        self.running.append(process)
        while not self.answers():
            if process.poll() is not None or time.monotonic() - began > LONGEST_START:
                raise RuntimeError(f"it does not start: {self.log.read_text()[-2000:]}")
            time.sleep(0.02)
        return time.monotonic() - began

    def start_worker(self) -> subprocess.Popen[bytes]:
        """Start a worker, and do not wait for it."""
        self.workers.append(self._run(command_of("worker"), self.worker_log, {}))
        return self.workers[-1]

    def _run(self, command: str, log: Path, more: Mapping[str, str]) -> subprocess.Popen[bytes]:
        plain = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        found = {"PATH": path, "PORT": str(self.port), "PYTHONPATH": str(ROOT / "tests")}
        with log.open("ab") as lines:
            return subprocess.Popen(
                ["sh", "-c", command],
                cwd=ROOT,
                env=plain | found | dict(self.settings) | dict(more),
                stdout=lines,
                stderr=lines,
                start_new_session=True,
            )

    def close_database(self) -> None:
        """Close our own connections; the log of SQLite is then part of its database."""
        with self.app.app_context():
            database.db.session.remove()
            database.db.engine.dispose()

    def answers(self) -> bool:
        """Tell whether a page that reads the database is answered."""
        host = {"Host": urlsplit(self.origin).netloc}
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
            try:
                connection.request("GET", "/E/NOSUCHEVENT", headers=host)
                answer = connection.getresponse()
                answer.read()
            except (OSError, HTTPException):
                return False
        return answer.status < 500

    def processes(self) -> list[int]:
        """Return the ids of gunicorn and its workers."""
        master = self.running[-1].pid
        children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        return [master, *map(int, children)]

    def kill(self) -> None:
        """Kill all its processes at once, as `kill -9` does."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to stop, and wait until it has."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        process = self.running.pop()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        process.wait(LONGEST_STOP)
        _wait_until_gone(process.pid)

    def reload(self) -> None:
        """Let new processes take over."""
        self.running[-1].send_signal(signal.SIGHUP)


def _wait_until_gone(group: int) -> None:
    """Wait for the last process of a group: as long as one lives, its port is taken."""
    deadline = time.monotonic() + 2
    with suppress(ProcessLookupError):
        while time.monotonic() < deadline:
            os.killpg(group, 0)
            time.sleep(0.005)


@contextmanager
def installation(
    folder: Path, database_url: str, *, wsgi: str = "app:app", **more: str
) -> Iterator[Installation]:
    """Install the app over an empty database; whatever runs in the end is killed."""
    port = services.free_port()
    settings = {
        "BOWLINE_DATA": str(folder),
        "BOWLINE_ORIGIN": f"http://localhost:{port}",
        "DATABASE_URL": database_url,
        "SECRET_KEY": "k" * 40,
    } | more
    config = Config.from_environment(settings)
    app = create_app(replace(config, redis_url=None, mode=Mode.LOCAL))
    made = Installation(app, settings, port, wsgi)
    with app.app_context():
        upgrade()
    made.close_database()
    try:
        yield made
    finally:
        while made.running:
            made.kill()
        for worker in made.workers:
            worker.kill()
            worker.wait(LONGEST_STOP)
        made.close_database()


def sqlite_url(folder: Path) -> str:
    """Return where SQLite keeps the database of an installation."""
    return f"sqlite:///{folder / 'bowline.sqlite'}"
