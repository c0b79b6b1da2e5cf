"""Every route names who may use it; a route that does not stops the app from starting."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Flask
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

P = ParamSpec("P")
Rule = Callable[[], Response | None]
RULE_ATTRIBUTE = "access_rule"
OPEN_TO_ALL = frozenset({"static"})


class UnguardedRoute(RuntimeError):
    """A route without an access rule."""


def requires(
    rule: Rule,
) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Guard a view by a rule: it aborts, answers instead of the view, or returns None."""

    def guard(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            return rule() or view(*args, **kwargs)

        setattr(guarded, RULE_ATTRIBUTE, rule)
        return guarded

    return guard


def anyone() -> Response | None:
    """Let everybody in, signed in or not."""
    return None


def refuse_unguarded(app: Flask) -> None:
    """Stop the start if a route has no access rule.

    Raises:
        UnguardedRoute: names the endpoint.
    """
    for endpoint, view in app.view_functions.items():
        if endpoint not in OPEN_TO_ALL and not hasattr(view, RULE_ATTRIBUTE):
            raise UnguardedRoute(endpoint)
