"""Security headers on every answer, errors included."""

from flask import Flask, Response, request

from webapp.core.config import Config
from webapp.core.db import FIRST_ERROR_STATUS

YEAR_SECONDS = 31_536_000
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def init_app(app: Flask, config: Config) -> None:
    """Add the headers; the demo alone may show its own pages in frames (two phones)."""
    policy = dict(POLICY)
    if config.is_demo:
        policy["frame-ancestors"] = policy["frame-src"] = "'self'"
    fixed = {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if config.is_https:
        fixed["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}; includeSubDomains"

    def add(response: Response) -> Response:
        for name, value in fixed.items():
            response.headers.setdefault(name, value)
        if request.endpoint == "static" and response.status_code < FIRST_ERROR_STATUS:
            response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
        else:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    app.after_request(add)
