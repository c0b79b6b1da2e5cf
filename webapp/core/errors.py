"""Errors in the user's words, with the right status, answered in one place."""

import errno
import sqlite3
from http import HTTPStatus
from typing import Any

import sqlalchemy.exc
from flask import Flask, Response, make_response, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from webapp.core.htmx import wants_fragment
from webapp.core.logs import current_request_id

RETRY_SECONDS = 5
FULL_RETRY_SECONDS = 60
POSTGRESQL_FULL = "53100"

WORDS: dict[int, tuple[Any, Any]] = {
    400: (_l("That did not come through"), _l("Please go back and try again.")),
    403: (_l("Not yours to do"), _l("Your role at this event does not include this.")),
    404: (_l("Nothing here"), _l("This page does not exist, or it is not open to you.")),
    405: (_l("Not this way"), _l("Please go back and use the button on the page.")),
    409: (_l("Somebody was faster"), _l("Please go back, look again and retry.")),
    413: (_l("Too large"), _l("That is more than we can take at once.")),
    422: (_l("That cannot be taken"), _l("Please go back and check what you typed.")),
    429: (_l("Too fast"), _l("Please wait a moment, then try again.")),
    500: (_l("Our fault"), _l("Something broke on our side. Nothing was half saved.")),
    503: (_l("Just a moment"), _l("We are busy. Nothing is lost; please try again.")),
}


class DomainError(Exception):
    """A rule said no; carries the words for the person and the status of the answer."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    way_back: tuple[str, Any] | None = None
    """Where to try again, if not from the start: an address, and the words of its button."""

    def __init__(self, message: Any) -> None:
        super().__init__(message)
        self.message = message


class Conflict(DomainError):
    """Somebody else changed the same thing first."""

    status = HTTPStatus.CONFLICT


class TooMany(DomainError):
    """A limit that protects people was reached."""

    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, message: Any, *, retry_seconds: int) -> None:
        super().__init__(message)
        self.retry_seconds = retry_seconds


def init_app(app: Flask) -> None:
    """Answer every error with one page, or one fragment inside a page."""
    app.register_error_handler(SecurityError, _on_foreign_host)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(DomainError, _on_domain_error)
    app.register_error_handler(sqlalchemy.exc.IntegrityError, _on_conflict)
    app.register_error_handler(sqlalchemy.exc.OperationalError, _on_busy)


def problem(
    status: int, message: Any = None, *, way_back: tuple[str, Any] | None = None
) -> Response:
    """Build the answer for an error; inside a page it goes to the page's status region."""
    title, usual = WORDS.get(status, WORDS[500 if status >= 500 else 400])  # noqa: PLR2004
    template = "errors/_problem.html" if wants_fragment() else "errors/problem.html"
    response = make_response(
        render_template(
            template,
            title=title,
            message=message or usual,
            status=status,
            way_back=way_back,
            number=current_request_id() if status == HTTPStatus.INTERNAL_SERVER_ERROR else None,
        ),
        status,
    )
    if wants_fragment():
        response.headers["HX-Retarget"] = "#status"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def _on_http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.response)
    cause = error.original_exception if isinstance(error, InternalServerError) else None
    if isinstance(cause, sqlalchemy.exc.OperationalError):
        return _on_busy(cause)
    if isinstance(cause, sqlalchemy.exc.IntegrityError):
        return _on_conflict(cause)
    if _is_full(cause):
        return _on_full()
    response = problem(error.code or 500)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _on_foreign_host(_error: SecurityError) -> Response:
    """Answer plainly: under a name that is not ours no link of a page can be built."""
    title, message = WORDS[HTTPStatus.BAD_REQUEST]
    return Response(f"{title}. {message}\n", HTTPStatus.BAD_REQUEST, mimetype="text/plain")


def _on_domain_error(error: DomainError) -> Response:
    response = problem(error.status, error.message, way_back=error.way_back)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_seconds)
    return response


def _on_conflict(_error: sqlalchemy.exc.IntegrityError) -> Response:
    return problem(HTTPStatus.CONFLICT)


def _on_busy(error: sqlalchemy.exc.OperationalError) -> Response:
    return _on_full() if _is_full(error.orig) else busy()


def busy() -> Response:
    """Ask somebody to come back in a moment."""
    response = problem(HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _is_full(error: BaseException | None) -> bool:
    """Tell whether there was no room left, for the database or for an upload."""
    return (
        getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        or getattr(error, "sqlstate", None) == POSTGRESQL_FULL
        or (isinstance(error, OSError) and error.errno == errno.ENOSPC)
    )


def _on_full() -> Response:
    response = problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        _(
            "We have run out of room. What you saw confirmed is safe; what you just sent is not"
            " kept yet. Please send it again in a few minutes."
        ),
    )
    response.headers["Retry-After"] = str(FULL_RETRY_SECONDS)
    return response
