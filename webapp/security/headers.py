"""Security headers on every answer, errors included."""

from flask import Flask, Response, request

from webapp.core.assets import ENDPOINT, YEAR_SECONDS
from webapp.core.config import Config

CSP = "Content-Security-Policy"
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}

WASM_WORKERS = frozenset({"js/scan/zxing-worker.js"})
"""Workers that compile WebAssembly: they alone may, under a policy of their own."""


def init_app(app: Flask, config: Config) -> None:
    """Add the headers; the demo alone may show its own pages in frames (two phones)."""
    policy = dict(POLICY)
    if config.is_demo:
        policy["frame-ancestors"] = policy["frame-src"] = "'self'"
    fixed = {
        CSP: _written(policy),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    wasm_policy = _written(policy | {"script-src": "'self' 'wasm-unsafe-eval'"})
    if config.is_https:
        fixed["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}; includeSubDomains"

    def add(response: Response) -> Response:
        if request.endpoint == ENDPOINT and (request.view_args or {})["name"] in WASM_WORKERS:
            response.headers[CSP] = wasm_policy
        for name, value in fixed.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    app.after_request(add)


def _written(policy: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in policy.items())
