"""What a phone sends, over one connection that is kept, and the answer it got, if any."""

import json
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode

from durability.guests import Guest

FORM = "application/x-www-form-urlencoded"
LONGEST_ANSWER = 60.0
LONGEST_IDLE = 1.0
"""Seconds after which a connection is not used again: the server hangs up after two."""


class NoAnswer(Exception):
    """The connection was refused, or it broke before the answer had come whole."""


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


class Client:
    """One connection to an installation; it is made anew after it broke."""

    def __init__(self, port: int, *, seconds: float = LONGEST_ANSWER) -> None:
        self._port, self._seconds = port, seconds
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
        headers = {"Host": f"localhost:{self._port}"} | ({"Cookie": cookie} if cookie else {})
        if body is not None:
            headers["Content-Type"] = FORM
        if time.monotonic() - self._used_at > LONGEST_IDLE:
            self.close()
        if self._connection is None:
            self._connection = HTTPConnection("127.0.0.1", self._port, timeout=self._seconds)
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
