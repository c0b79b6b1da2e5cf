"""Reading what a phone sends when it is back: scans it kept, each with its key and its age."""

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from webapp.badges.rules import KEPT_FOR
from webapp.conversations.rules import LONGEST_CODE, NONCE
from webapp.core.errors import DomainError

MOST_AT_ONCE = 20
EVENT = re.compile(r"[A-Za-z0-9]{0,16}")


@dataclass(frozen=True, slots=True)
class KeptScan:
    """One scan a phone kept: the code that was read, where, how long ago, and its key."""

    nonce: str
    code: str
    event: str
    """The event's id or the code in its address; empty for a printed badge, which tells it."""
    age: timedelta


class Unreadable(DomainError):
    """A kept scan, or all of them, did not come through whole."""


def kept_scans(text: str) -> list[Any]:
    """Return the items of an upload, written as JSON, themselves unread.

    Raises:
        Unreadable: that is no list of at most 20 items.
    """
    try:
        items = json.loads(text)
    except (ValueError, RecursionError):
        items = None
    if not isinstance(items, list) or len(items) > MOST_AT_ONCE:
        raise Unreadable(_l("That did not come through whole."))
    return items


def kept_scan(item: Any) -> KeptScan:
    """Read one item.

    Raises:
        Unreadable: something is missing, malformed, or older than three days.
    """
    found = item if isinstance(item, dict) else {}
    nonce, code, event = (found.get(name) for name in ("nonce", "code", "event"))
    if not (
        isinstance(nonce, str)
        and NONCE.fullmatch(nonce)
        and isinstance(code, str)
        and 0 < len(code) <= LONGEST_CODE
        and isinstance(event, str)
        and EVENT.fullmatch(event)
    ):
        raise Unreadable(_l("That did not come through whole. Please scan again."))
    return KeptScan(nonce=nonce, code=code, event=event, age=_age(found.get("age")))


def _age(seconds: Any) -> timedelta:
    is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    if not is_number or not 0 <= seconds <= KEPT_FOR.total_seconds():
        raise Unreadable(_l("This scan is older than three days, so it counts no more."))
    return timedelta(seconds=float(seconds))
