"""Two phones in one browser: the same app under `/left` and `/right`, each with its own cookie."""

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.wrappers import Response

LEFT, RIGHT = "/left", "/right"


class PhoneSessions(SecureCookieSessionInterface):
    """Sessions whose cookie belongs to one phone."""

    def get_cookie_name(self, app: Flask) -> str:
        """Name the cookie after the phone the request comes from."""
        return phone_cookie(app, request.script_root)

    def get_cookie_path(self, app: Flask) -> str:  # noqa: ARG002  # Flask's signature
        """Send the cookie to this phone's pages only."""
        return request.script_root or "/"


def phone_cookie(app: Flask, phone: str) -> str:
    """Return the name of one phone's cookie; an empty phone is the browser itself."""
    return str(app.config["SESSION_COOKIE_NAME"]) + phone.replace("/", "-")


def mount(app: Flask) -> None:
    """Serve the app under both phones' paths too."""
    app.session_interface = PhoneSessions()
    inner = app.wsgi_app
    app.wsgi_app = DispatcherMiddleware(inner, {LEFT: inner, RIGHT: inner})  # type: ignore[method-assign]


def hand_over(app: Flask, response: Response, phone: str, content: dict[str, object]) -> None:
    """Put a signed-in session into one phone's cookie."""
    serializer = PhoneSessions().get_signing_serializer(app)
    if serializer is None:
        raise RuntimeError("the demo has no secret key")
    response.set_cookie(
        phone_cookie(app, phone),
        str(serializer.dumps(content)),
        path=phone or "/",
        httponly=True,
        samesite="Lax",
    )
