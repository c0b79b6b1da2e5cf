"""Static files: read and compressed once, served for good under the build's own path.

The path holds a digest of all of them, so that scripts may import each other by relative names and
still change together.
"""

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from flask import Flask, Response, abort, request, url_for
from rjsmin import jsmin

ENDPOINT = "static"
EXTENSION = "bowline assets"
YEAR_SECONDS = 31_536_000
FOR_GOOD = f"public, max-age={YEAR_SECONDS}, immutable"
WORTH_COMPRESSING = 860
"""Smaller answers fit into one packet anyway."""
TEXTS = ("text/", "application/javascript", "application/json", "image/svg+xml", "application/wasm")
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
}


COMMENT = re.compile(rb"/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True)
class Asset:
    """One static file, plain and compressed."""

    source: bytes
    content_type: str

    @cached_property
    def body(self) -> bytes:
        """What is served: scripts without their comments, styles without indentation either."""
        if self.content_type.startswith("text/javascript"):
            return bytes(jsmin(self.source))
        if self.content_type.startswith("text/css"):
            lines = (line.strip() for line in COMMENT.sub(b"", self.source).splitlines())
            return b"\n".join(line for line in lines if line)
        return self.source

    @cached_property
    def compressed(self) -> bytes | None:
        """The body as gzip, or None where that saves nothing."""
        if len(self.body) < WORTH_COMPRESSING or not self.content_type.startswith(TEXTS):
            return None
        return gzip.compress(self.body, 9, mtime=0)

    @cached_property
    def etag(self) -> str:
        """What changes when the file does."""
        return hashlib.sha256(self.source).hexdigest()[:16]


class Assets:
    """All static files of this build."""

    def __init__(self, folder: Path) -> None:
        self.files = {
            path.relative_to(folder).as_posix(): Asset(path.read_bytes(), _type_of(path))
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        names = "".join(f"{name} {asset.etag}\n" for name, asset in self.files.items())
        self.build = hashlib.sha256(names.encode()).hexdigest()[:12]

    def url(self, name: str) -> str:
        """Return the address of a file in this build.

        Raises:
            KeyError: there is no such file.
        """
        _ = self.files[name]
        return url_for("static", build=self.build, name=name)

    def urls(self, *folders: str) -> list[str]:
        """Return the addresses of all scripts and styles directly in some folders."""
        wanted = (".js", ".mjs", ".css")
        return [
            self.url(name)
            for name in self.files
            if name.endswith(wanted) and name.rpartition("/")[0] in folders
        ]


def _type_of(path: Path) -> str:
    guessed = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return TYPES.get(path.suffix, guessed)


def assets_of(app: Flask) -> Assets:
    """Return the static files of the running app."""
    found = app.extensions[EXTENSION]
    assert isinstance(found, Assets)  # noqa: S101  # set by the factory, once
    return found


def init_app(app: Flask, folder: Path) -> None:
    """Serve the files of a folder, and compress what the app writes itself."""
    assets = Assets(folder)

    def serve(build: str, name: str) -> Response:
        """Serve one file; a page of an older build gets today's, but not for good."""
        asset = assets.files.get(name) or abort(404)
        is_small = asset.compressed is not None and _takes_gzip()
        body = asset.compressed if is_small and asset.compressed else asset.body
        response = Response(body, content_type=asset.content_type)
        if is_small:
            response.content_encoding = "gzip"
        response.vary.add("Accept-Encoding")
        response.set_etag(f"{asset.etag}{'-gz' if is_small else ''}")
        response.headers["Cache-Control"] = FOR_GOOD if build == assets.build else "no-cache"
        response.make_conditional(request)
        return response

    app.extensions[EXTENSION] = assets
    app.add_url_rule("/static/<build>/<path:name>", ENDPOINT, serve)
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    """Compress a page as it leaves, for whoever takes it."""
    is_text = response.content_type and response.content_type.startswith(TEXTS)
    if not is_text or response.direct_passthrough or response.content_encoding:
        return response
    response.vary.add("Accept-Encoding")
    if _takes_gzip() and response.status_code not in {204, 304}:
        body = response.get_data()
        if len(body) >= WORTH_COMPRESSING:
            response.set_data(gzip.compress(body, 5, mtime=0))
            response.content_encoding = "gzip"
    return response


def _takes_gzip() -> bool:
    return request.accept_encodings.best_match(["gzip"]) is not None
