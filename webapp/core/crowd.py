"""A door that does not give way: a few requests are worked on, some wait, others come back later.

What waits is bounded in number and in time, so a crowd makes nobody wait for minutes, and whoever
is asked to come back hears it at once. gunicorn has more threads than may be in here (`Procfile`):
the others say so.
"""

import threading
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import Flask, Response, current_app, g, request

from webapp.core.errors import busy
from webapp.core.turns import Turns

WORKING = 2
"""Requests a process works on at once: Python computes one while the other waits for a disk."""
ASIDE, A_MOMENT = 6, 1.0
"""Requests that may go on beside them because they take longer than a moment, in seconds.

With these, as many as may each hold a connection to the database.
"""
LONGEST_LINE = 250
LONGEST_WAIT = 8.0
"""Seconds in the line."""
ALWAYS_OPEN = "is_always_open"

P = ParamSpec("P")
R = TypeVar("R")


def always_open(view: Callable[P, R]) -> Callable[P, R]:
    """Let a view be answered however long the line is: it costs next to nothing."""
    setattr(view, ALWAYS_OPEN, True)
    return view


class Room:
    """Where requests are worked on: a few at once, and beside them those that take long."""

    def __init__(self) -> None:
        self._turns = Turns(WORKING)
        self._guard = threading.Lock()
        self._since: dict[object, float] = {}
        self._aside: set[object] = set()

    def enter(self) -> object | None:
        """Wait for a place; None if it took too long, or the line is too long to join."""
        if not self._turns.enter(
            seconds=LONGEST_WAIT, longest=LONGEST_LINE, meanwhile=self._let_step_aside
        ):
            return None
        place = object()
        with self._guard:
            self._since[place] = time.monotonic()
        return place

    def leave(self, place: object) -> None:
        """Give the place to whoever has waited longest, unless that is done already."""
        with self._guard:
            has_place = self._since.pop(place, None) is not None
            self._aside.discard(place)
        if has_place:
            self._turns.leave()

    def _let_step_aside(self) -> None:
        """Let others in for those who take long: a file with 10,000 rows holds up nobody."""
        now = time.monotonic()
        with self._guard:
            slow = [place for place, since in self._since.items() if now - since > A_MOMENT]
            slow = slow[: ASIDE - len(self._aside)]
            for place in slow:
                del self._since[place]
                self._aside.add(place)
        for _ in slow:
            self._turns.leave()


def init_app(app: Flask) -> None:
    """Stand at the door of every request."""
    room = Room()

    def enter() -> Response | None:
        view = current_app.view_functions.get(request.endpoint or "")
        if getattr(view, ALWAYS_OPEN, False):
            return None
        request.get_data(parse_form_data=True)  # a slow phone sends its form before it stands here
        place = room.enter()
        if place is None:
            return busy()
        g.place_in_room = place
        return None

    def leave(_: BaseException | None) -> None:
        if (place := g.pop("place_in_room", None)) is not None:
            room.leave(place)

    app.before_request(enter)
    app.teardown_request(leave)
