"""Asking once: in a transaction that only reads, parts of a page share what they ask for."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

P = ParamSpec("P")
T = TypeVar("T")
KNOWN = "known"


def once(read: Callable[Concatenate[Session, P], T]) -> Callable[Concatenate[Session, P], T]:
    """Let a query of a page be sent once, however many parts of the page need its answer.

    Where something may be written, it is sent each time. Its parameters have to be hashable, and
    whoever gets the answer must not change it.
    """

    @wraps(read)
    def ask(session: Session, /, *args: P.args, **kwargs: P.kwargs) -> T:
        if not getattr(session, "reads_only", False):
            return read(session, *args, **kwargs)
        known: dict[Any, T] = session.info.setdefault(KNOWN, {})
        asked = (read, args, tuple(sorted(kwargs.items())))
        if asked not in known:
            known[asked] = read(session, *args, **kwargs)
        return known[asked]

    return ask


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        session.info.pop(KNOWN, None)
