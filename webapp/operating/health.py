"""Whether this process can do its work: looked at anew every two seconds at most."""

import logging
import socket
import threading
import time
from collections.abc import Iterator
from functools import cached_property
from urllib.parse import urlsplit

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from webapp.core import tables
from webapp.core.config import Config
from webapp.core.db import reading
from webapp.operating import queries, rules
from webapp.operating.rules import Health

log = logging.getLogger(__name__)

FRESH_SECONDS = 2.0
PATIENCE_SECONDS = 0.5
"""How long Redis and the mail server may take to answer."""
HEALTH = "bowline-health"
SMTP_PORTS = {"smtp": 25, "smtps": 465}


class Doctor:
    """Looks at everything this process needs."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._lock = threading.Lock()
        self._last: tuple[float, Health] | None = None

    @cached_property
    def _newest(self) -> str | None:
        return tables.newest()

    def health(self) -> Health:
        """Return how things stand; many who ask at once cost one look."""
        with self._lock:
            if self._last is None or time.monotonic() - self._last[0] > FRESH_SECONDS:
                self._last = time.monotonic(), self.look()
            return self._last[1]

    def look(self) -> Health:
        """Look at everything now."""
        reasons = [*self._of_database(), *rules.of_folder(queries.folder(self._config.data_folder))]
        return Health(reasons, list(self._waits()))

    def _of_database(self) -> list[str]:
        try:
            with reading() as session:
                return list(self._in(session))
        except SQLAlchemyError:
            log.warning("not ready: the database does not answer", exc_info=True)
            return ["The database does not answer."]

    def _in(self, session: Session) -> Iterator[str]:
        if session.get_bind().dialect.name == "sqlite":
            yield from rules.of_sqlite(queries.sqlite_settings(session))
        else:
            yield from rules.of_postgresql(queries.postgresql_settings(session))
        yield from rules.of_migrations(stands_at=queries.stands_at(session), newest=self._newest)

    def _waits(self) -> Iterator[str]:
        if self._config.redis_url and not redis_answers(self._config.redis_url):
            yield "Redis does not answer: limits are counted by each process alone."
        if self._config.smtp_url and not smtp_answers(self._config.smtp_url):
            yield "The mail server does not answer: mail waits, codes to sign in with, too."


def redis_answers(url: str) -> bool:
    """Tell whether Redis is there."""
    from webapp.core import redis  # noqa: PLC0415

    return redis.answers(url, seconds=PATIENCE_SECONDS)


def smtp_answers(url: str) -> bool:
    """Tell whether something listens where mail is sent to."""
    parts = urlsplit(url)
    port = parts.port or SMTP_PORTS[parts.scheme]
    try:
        with socket.create_connection((parts.hostname or "", port), PATIENCE_SECONDS):
            return True
    except OSError:
        return False


def init_app(app: Flask, config: Config) -> None:
    """Give the app its doctor."""
    app.extensions[HEALTH] = Doctor(config)


def health() -> Health:
    """Return how this process is doing."""
    doctor = current_app.extensions[HEALTH]
    assert isinstance(doctor, Doctor)  # noqa: S101  # set by the factory, once
    return doctor.health()
