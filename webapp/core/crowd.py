"""A door that does not give way: a few requests are worked on, some wait, others come back later.

What waits is bounded in number and in time, so a crowd makes nobody wait for minutes, and whoever
is asked to come back hears it at once. gunicorn has more threads than may be in here (`Procfile`):
the others say so.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import Flask, Response, current_app, g, request

from webapp.core.errors import busy
from webapp.core.turns import Turns

WORKING = 8
"""Requests a process works on at once; each may hold a connection to the database."""
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


def init_app(app: Flask) -> None:
    """Stand at the door of every request."""
    turns = Turns(WORKING)

    def enter() -> Response | None:
        view = current_app.view_functions.get(request.endpoint or "")
        if getattr(view, ALWAYS_OPEN, False):
            return None
        request.get_data(parse_form_data=True)  # a slow phone sends its form before it stands here
        if not turns.enter(seconds=LONGEST_WAIT, longest=LONGEST_LINE):
            return busy()
        g.is_inside = True
        return None

    def leave(_: BaseException | None) -> None:
        if g.pop("is_inside", False):
            turns.leave()

    app.before_request(enter)
    app.teardown_request(leave)
