"""No unsafe request from elsewhere: a token in every form, and the browser's own word for it."""

import secrets
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import Flask, Response, current_app, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError, CSRFProtect

from webapp.core.db import SAFE_METHODS
from webapp.core.errors import problem

csrf = CSRFProtect()
P = ParamSpec("P")
R = TypeVar("R")
FROM_ELSEWHERE = "is_open_from_elsewhere"
SEED = "csrf_token"
"""Where Flask-WTF keeps in a session what the tokens of its forms are made from."""
SEED_BYTES = 20


def init_app(app: Flask) -> None:
    """Check token and `Sec-Fetch-Site` on every unsafe method."""
    app.before_request(_refuse_cross_site)
    app.before_request(_refuse_prefetch)
    csrf.init_app(app)
    app.register_error_handler(CSRFError, _on_csrf_error)


def new_seed() -> str:
    """Return what the tokens of a new session are made from.

    Put there when a session begins, not by the first page with a form: two pages fetched at once
    would each make their own, and one of them would be refused.
    """
    return secrets.token_hex(SEED_BYTES)


def from_elsewhere(view: Callable[P, R]) -> Callable[P, R]:
    """Let a view be posted to without a token, from anywhere: its URL itself is the proof."""
    setattr(view, FROM_ELSEWHERE, True)
    exempt: Callable[P, R] = csrf.exempt(view)
    return exempt


def _refuse_cross_site() -> Response | None:
    is_unsafe = request.method not in SAFE_METHODS
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, FROM_ELSEWHERE, False):
        return None
    if is_unsafe and request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
        return problem(403, _("This came from another site, so nothing was done."))
    return None


def _refuse_prefetch() -> Response | None:
    """Give a browser that only guesses ahead an empty page: nobody asked yet."""
    if "prefetch" in request.headers.get("Sec-Purpose", "") and request.endpoint != "static":
        return Response(status=204, headers={"Cache-Control": "no-store"})
    return None


def _on_csrf_error(_error: CSRFError) -> Response:
    return problem(400, _("This page was open for too long. Please reload it and try again."))
