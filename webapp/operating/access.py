"""Who may read the figures."""

import hmac

from flask import Response, abort, request
from werkzeug.wrappers import Response as Answer

from webapp.core.urls import config


def measuring() -> Answer | None:
    """Let in who has METRICS_TOKEN; where none is set there are no figures."""
    token = config().metrics_token
    if token is None:
        abort(404)
    given = request.headers.get("Authorization", "").encode()
    if not hmac.compare_digest(given, f"Bearer {token}".encode()):
        return Response("A token is needed.\n", 401, {"WWW-Authenticate": "Bearer"})
    return None
