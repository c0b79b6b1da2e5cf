"""Requests sent over kept connections as fast as they are answered, each made when it is sent.

One thread with a selector: what sends costs the same for every app that is measured.
"""

import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from statistics import quantiles
from urllib.parse import urlencode

END_OF_HEAD = b"\r\n\r\n"
LENGTH = b"content-length:"
LONGEST_SILENCE = 60.0
READ_AT_ONCE = 65536


@dataclass
class Answers:
    """What came back: how long each answer took, in seconds, and what it was."""

    seconds: float = 0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    broken: int = 0
    locations: dict[int, str] = field(default_factory=dict)
    """Where answers sent people, by the place of their request."""

    @property
    def per_second(self) -> float:
        """Answers in a second of the whole run."""
        return len(self.latencies) / self.seconds

    def percentile(self, part: int) -> float:
        """Return how long it took at most, in milliseconds, for so many of a hundred."""
        return quantiles(self.latencies, n=100, method="inclusive")[part - 1] * 1000

    @property
    def errors(self) -> int:
        """Requests that were refused, or got no answer."""
        return self.broken + sum(n for status, n in self.statuses.items() if status >= 400)


class _Connection:
    """One connection that asks for one thing at a time."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.place, self.began, self.got = 0, 0.0, b""

    def send(self, place: int, request: bytes) -> None:
        self.place, self.began, self.got = place, time.perf_counter(), b""
        self.socket.sendall(request)

    def read(self) -> tuple[bytes, bool] | None:
        """Return the head of a whole answer and whether the connection goes on; None before."""
        more = self.socket.recv(READ_AT_ONCE)
        if not more:
            raise ConnectionResetError
        self.got += more
        head, end, body = self.got.partition(END_OF_HEAD)
        if not end or len(body) < _length(head):
            return None
        return head, b"connection: close" not in head.lower()


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(LENGTH):
            return int(line.removeprefix(LENGTH))
    return 0


def pump(port: int, requests: Iterable[bytes], *, connections: int) -> Answers:
    """Send each request once, over so many connections, each kept as long as the server does."""
    waiting, answers = enumerate(requests), Answers()
    selector, began = selectors.DefaultSelector(), time.perf_counter()
    for first in islice(waiting, connections):
        _send(selector, _Connection(port), first)
    while selector.get_map():
        ready = selector.select(LONGEST_SILENCE)
        if not ready:
            answers.broken += len(selector.get_map())
            break
        for key, _events in ready:
            _hear(selector, key.data, waiting, answers, port)
    for key in list(selector.get_map().values()):
        key.data.socket.close()
    selector.close()
    answers.seconds = time.perf_counter() - began
    return answers


def _send(selector: selectors.BaseSelector, one: _Connection, what: tuple[int, bytes]) -> None:
    one.send(*what)
    selector.register(one.socket, selectors.EVENT_READ, one)


def _hear(
    selector: selectors.BaseSelector,
    one: _Connection,
    waiting: Iterator[tuple[int, bytes]],
    answers: Answers,
    port: int,
) -> None:
    try:
        heard = one.read()
    except OSError:
        answers.broken += 1
        heard = b"", False
    if heard is None:
        return
    head, goes_on = heard
    if head:
        answers.latencies.append(time.perf_counter() - one.began)
        answers.statuses[int(head[9:12])] += 1
        _keep_location(head, one.place, answers)
    selector.unregister(one.socket)
    following = next(waiting, None)
    if following is None or not goes_on:
        one.socket.close()
    if following is not None:
        _send(selector, one if goes_on else _Connection(port), following)


def _keep_location(head: bytes, place: int, answers: Answers) -> None:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"location":
            answers.locations[place] = value.strip().decode()


def request_of(
    method: str, path: str, *, host: str, cookie: str = "", fields: dict[str, str] | None = None
) -> bytes:
    """Write a request as a browser would send it."""
    body = urlencode(fields).encode() if fields is not None else b""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    if fields is not None:
        lines += [
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
        ]
    return "\r\n".join([*lines, "", ""]).encode() + body
