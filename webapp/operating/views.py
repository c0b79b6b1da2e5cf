"""What machines ask: is the process alive, may it get requests, and how is it doing."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Blueprint, Flask, Response, current_app, jsonify

from webapp.core import db as database
from webapp.core import logs
from webapp.core.config import Config
from webapp.core.crowd import always_open
from webapp.operating import health, metrics
from webapp.operating.access import measuring
from webapp.operating.metrics import Counts
from webapp.security.access import anyone, requires

bp = Blueprint("operating", __name__)

ASKED_BY_MACHINES = frozenset({"/healthz", "/readyz", "/metrics"})
COUNTS = "bowline-counts"
FIGURES = "text/plain; version=0.0.4; charset=utf-8"


@bp.get("/healthz")
@always_open
@requires(anyone)
def alive() -> Response:
    """Say that the process answers; nothing else is looked at."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@always_open
@requires(anyone)
def ready() -> tuple[Response, int]:
    """Say whether requests may come, and if not, why; names no host, no address and no secret."""
    found = health.health()
    told = {"ready": found.is_ready, "reasons": found.reasons, "waits": found.waits}
    return jsonify(told), 200 if found.is_ready else 503


@bp.get("/metrics")
@requires(measuring)
def figures() -> Response:
    """Give the figures to who has the token."""
    counts: Counts = current_app.extensions[COUNTS]
    return Response(metrics.written(database.session(), counts), content_type=FIGURES)


def init_app(app: Flask, config: Config) -> None:
    """Look after the app: health under any name it is asked by, and figures if there is a token."""
    health.init_app(app, config)
    app.wsgi_app = _by_any_name(app.wsgi_app, config.host)  # type: ignore[method-assign]
    if config.metrics_token:
        app.extensions[COUNTS] = counts = Counts(config.metrics_file)
        logs.watch(app, counts.note)


def _by_any_name(app: Any, host: str) -> Callable[..., Iterable[bytes]]:
    """Answer machines that know this one by its number only."""

    def answer(asked: dict[str, Any], start: Any) -> Iterable[bytes]:
        if asked.get("PATH_INFO") in ASKED_BY_MACHINES:
            asked["HTTP_HOST"] = host
        found: Iterable[bytes] = app(asked, start)
        return found

    return answer
