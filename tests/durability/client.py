"""What a phone sends, over one connection that is kept, and the answer it got, if any."""

import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from durability.guests import Guest

FORM = "application/x-www-form-urlencoded"
LONGEST_ANSWER = 60.0
LONGEST_IDLE = 1.0
"""Seconds after which a connection is not used again: the server hangs up after two."""


class NoAnswer(Exception):
    """The connection was refused, or it broke before the answer had come whole."""


@dataclass(frozen=True)
class Address:
    """Where an installation is reached, and what it calls itself."""

    port: int
    origin: str
    certificate: Path | None = None
    """Whom to trust where it answers by https."""
    more: Mapping[str, str] = field(default_factory=dict)
    """Headers sent along."""

    def connect(self, seconds: float) -> HTTPConnection:
        """Return a connection that is made with the first request."""
        if self.certificate is None:
            return HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        trusted = ssl.create_default_context(cafile=str(self.certificate))
        return HTTPSConnection("127.0.0.1", self.port, timeout=seconds, context=trusted)

    @property
    def headers(self) -> dict[str, str]:
        """Return what a browser there says of itself."""
        host = {"Host": urlsplit(self.origin).netloc, "Referer": f"{self.origin}/"}
        return host | dict(self.more)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    location: str
    retry_after: str
    body: bytes

    @property
    def told(self) -> Any:
        """What is said in JSON."""
        return json.loads(self.body)

    @property
    def asks_to_wait(self) -> bool:
        """True for "we are busy" and "too fast" that say for how long."""
        return self.status in {429, 503} and self.retry_after.isdigit()

    @property
    def is_of_proxy(self) -> bool:
        """True if a proxy got no answer itself."""
        return self.status in {502, 504}


class Client:
    """One connection to an installation; it is made anew after it broke."""

    def __init__(self, to: int | Address, *, seconds: float = LONGEST_ANSWER) -> None:
        self._to = to if isinstance(to, Address) else Address(to, f"http://localhost:{to}")
        self._seconds = seconds
        self._connection: HTTPConnection | None = None
        self._used_at = 0.0

    def get(self, path: str, guest: Guest) -> Answer:
        """Open a page as somebody."""
        return self.open(path, guest.cookie)

    def open(self, path: str, cookie: str) -> Answer:
        """Open a page with a cookie, or without."""
        return self._send("GET", path, cookie, None)

    def post(self, path: str, guest: Guest, **fields: str) -> Answer:
        """Send a form as somebody, with the token a page told them."""
        if not guest.token:
            answer = self.get("/inbox", guest)
            if answer.status != 200:
                return answer
            guest.token = answer.told["token"]
        return self._send(
            "POST", path, guest.cookie, urlencode(fields | {"csrf_token": guest.token})
        )

    def close(self) -> None:
        """Hang up."""
        if self._connection:
            self._connection.close()
            self._connection = None

    def _send(self, method: str, path: str, cookie: str, body: str | None) -> Answer:
        headers = self._to.headers | ({"Cookie": cookie} if cookie else {})
        if body is not None:
            headers["Content-Type"] = FORM
        if time.monotonic() - self._used_at > LONGEST_IDLE:
            self.close()
        if self._connection is None:
            self._connection = self._to.connect(self._seconds)
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            said = answer.read()
        except (OSError, HTTPException) as error:
            self.close()
            raise NoAnswer(type(error).__name__) from error
        self._used_at = time.monotonic()
        return Answer(
            answer.status,
            answer.getheader("Location") or "",
            answer.getheader("Retry-After") or "",
            said,
        )
