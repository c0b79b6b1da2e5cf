"""What is logged: one line per request, and nothing of what people typed or who they are.

In production a line is JSON on standard error. It has the rule of a route, never its path: paths
hold codes and ids. Of an exception it has types and places in the code; messages quote values.
"""

import json
import logging
import re
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO, cast

from flask import Flask, Response, current_app, g, has_request_context, request
from flask.logging import wsgi_errors_stream

from webapp.core.config import Config
from webapp.core.ids import new_id

log = logging.getLogger(__name__)

HANDLER = "bowline"
OWN_LOGGERS = ("webapp",)
FACTS = "facts"
"""Names the values of a line that is about a request or a task."""
PLAIN_WORDS = re.compile(r"[A-Za-z0-9 ,.%()_-]*")
ID_OF_A_PROXY = re.compile(r"[A-Za-z0-9_-]{8,64}")
ASKED_OFTEN = frozenset({"operating.alive", "operating.ready", "operating.figures"})
"""Asked by machines every few seconds; they are told of only when something is wrong."""
FIRST_ERROR_STATUS = 400
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
OTHER, NO_ROUTE = "OTHER", "none"
WATCHERS = "bowline-watchers"

Watcher = Callable[[str, str, int, float], None]
"""Is told of each answer: the rule of its route, method, status and seconds."""


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON without anything that might quote a person."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        moment = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, Any] = {
            "at": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "log": record.name,
            "text": said(record),
        }
        if request_id := current_request_id():
            line["request"] = request_id
        line |= getattr(record, FACTS, {})
        if record.exc_info and record.exc_info[0]:
            line["error"] = told(record.exc_info[1])
        return json.dumps(line)


def said(record: logging.LogRecord) -> str:
    """Return the text of a record; other people's words only as far as they hold no value."""
    if record.name.partition(".")[0] in OWN_LOGGERS:
        return record.getMessage()
    plain = PLAIN_WORDS.match(str(record.msg)) if isinstance(record.msg, str) else None
    return f"{plain[0].strip() if plain else ''} ({record.module}:{record.lineno})".strip()


def told(error: BaseException | None) -> list[dict[str, Any]]:
    """Return an exception and its causes: type and places, no message and no value."""
    found: list[dict[str, Any]] = []
    while error is not None and len(found) < 5:  # noqa: PLR2004
        kind = type(error)
        found.append(
            {"type": f"{kind.__module__}.{kind.__qualname__}", "at": _places(error.__traceback__)}
        )
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames][-30:]


def current_request_id() -> str | None:
    """Return the number of the request that is being answered, if one is."""
    return g.get("request_id") if has_request_context() else None


def init_app(app: Flask, config: Config) -> None:
    """Number every request, and write a line when it was answered.

    Installed before everything else, so that its line comes after the commit.
    """
    _write_to_stderr(config)
    app.extensions[WATCHERS] = []
    app.before_request(lambda: _begin(config))
    app.after_request(_note)
    app.log_exception = _note_exception  # type: ignore[method-assign, assignment]


def watch(app: Flask, watcher: Watcher) -> None:
    """Tell somebody of every answer."""
    app.extensions[WATCHERS].append(watcher)


def note_task(name: str, *, seconds: float, is_done: bool) -> None:
    """Write the line of a task that ended."""
    facts = {"task": name, "ms": round(seconds * 1000), "done": is_done}
    log.info("task", extra={FACTS: facts})


def _write_to_stderr(config: Config) -> None:
    """Write our own lines, and warnings of others; a second app of a process changes nothing."""
    if not config.is_production:
        return
    root = logging.getLogger()
    if all(handler.name != HANDLER for handler in root.handlers):
        handler = logging.StreamHandler(cast("TextIO", wsgi_errors_stream))
        handler.name = HANDLER
        handler.setFormatter(JsonLines())
        root.addHandler(handler)
    logging.getLogger("webapp").setLevel(logging.INFO)


def _begin(config: Config) -> None:
    g.began_at = time.perf_counter()
    given = request.headers.get("X-Request-ID", "") if config.trusted_proxies else ""
    g.request_id = given if ID_OF_A_PROXY.fullmatch(given) else new_id()


def _note(response: Response) -> Response:
    """Write what was asked and how it was answered."""
    now = time.perf_counter()
    seconds = now - g.get("began_at", now)
    rule = request.url_rule.rule if request.url_rule else NO_ROUTE
    method = request.method if request.method in METHODS else OTHER
    for watcher in current_app.extensions[WATCHERS]:
        watcher(rule, method, response.status_code, seconds)
    if request.endpoint in ASKED_OFTEN and response.status_code < FIRST_ERROR_STATUS:
        return response
    facts = {
        "method": method,
        "route": rule,
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
        "bytes": response.content_length,
    }
    log.info("request", extra={FACTS: facts})
    return response


def _note_exception(found: Any) -> None:
    """Write that a view broke, and where; Flask would name the path."""
    rule = request.url_rule.rule if request.url_rule else NO_ROUTE
    log.error("exception", exc_info=found, extra={FACTS: {"route": rule}})
