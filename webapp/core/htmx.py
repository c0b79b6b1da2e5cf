"""The one bridge between Flask, htmx-flask and htmx 4.

htmx 4 tells in `HX-Request-Type` whether it wants a part of the page or the whole; restoring
history sends neither. htmx-flask 0.1 knows the older headers only and replaces the app's request
class; here its request is extended, and `Vary` added to what differs by these headers.
"""

from typing import Any, cast

from flask import Flask, Response, redirect, render_template
from flask import request as flask_request
from htmx_flask import Htmx, make_response
from htmx_flask.requests import HtmxAwareRequest

PARTIAL = "partial"
VARY_ON = ("HX-Request", "HX-Request-Type")


class BowlineRequest(HtmxAwareRequest):  # type: ignore[misc]  # htmx-flask publishes no types
    """A request that knows whether htmx asked for a part of a page."""

    @property
    def wants_fragment(self) -> bool:
        """True if the answer is put into the page that is already there."""
        return bool(self.htmx) and self.headers.get("HX-Request-Type") == PARTIAL


def wants_fragment() -> bool:
    """Tell whether this request wants a part of a page."""
    return cast("BowlineRequest", flask_request).wants_fragment


def init_app(app: Flask) -> None:
    """Install the extension, then our request over it."""
    Htmx(app)
    app.request_class = BowlineRequest
    app.after_request(_add_vary)


def _add_vary(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.vary.update(VARY_ON)
    return response


def done(template: str, /, *, otherwise: str, **context: Any) -> Response:
    """Answer an action that succeeded: the fragment for htmx, a 303 for everyone else.

    A fragment knows that it answers (`is_answer`), so that it can take the focus of the button
    that is gone.
    """
    if wants_fragment():
        answer = render_template(template, is_answer=True, **context)
        return cast("Response", make_response(answer))
    return cast("Response", redirect(otherwise, 303))


def invalid(
    whole: str, fragment: str | None = None, /, *, status: int = 422, **context: Any
) -> Response:
    """Answer a form that cannot be taken, with everything that was typed still in it."""
    template = fragment if fragment and wants_fragment() else whole
    return cast("Response", make_response(render_template(template, **context), status))


def gone_to(url: str) -> Response:
    """Send the browser to another screen, also from inside an htmx request."""
    if wants_fragment():
        return cast("Response", make_response("", redirect=url))
    return cast("Response", redirect(url, 303))
