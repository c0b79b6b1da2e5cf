"""Pure decisions of the desk: what was typed, and what a helper's phone sends when it is back."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from webapp.badges.rules import KEPT_FOR
from webapp.core.errors import DomainError
from webapp.core.text import folded

MOST_SHOWN = 20
"""How many guests a search shows: who sees more of them types another letter."""

MOST_PARTS = 5
MOST_AT_ONCE = 50
LONGEST_CODE = 64
NONCE = re.compile(r"[A-Za-z0-9_-]{8,64}")
GUEST = re.compile(r"[a-z0-9]{1,16}")

DESK_CODE_LIFE = timedelta(minutes=10)
"""How long the code lives by which somebody signed in asks the desk for their badge."""


class Verb(StrEnum):
    """What a helper did."""

    CHECK_IN = "in"
    UNDO = "undo"


class Unreadable(DomainError):
    """A kept item, or all of them, did not come through whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptItem:
    """One check-in or undo by a helper's phone, and how long ago it was."""

    nonce: str
    verb: Verb
    guest: str
    """The guest's id; empty if a badge was scanned that the phone did not know."""
    code: str
    """What was scanned, if something was."""
    seen: int | None
    """The check-in an undo takes back, in seconds since 1970 (UTC)."""
    of: str
    """The key of this phone's own check-in that an undo takes back."""
    age: timedelta

    @property
    def body(self) -> str:
        """What must not differ when the same key is sent again."""
        return "\n".join((self.verb, self.guest, self.code, str(self.seen or ""), self.of))


def parts_of(letters: str) -> list[str]:
    """Return the parts of a name or organisation that are looked for."""
    return folded(letters).split()[:MOST_PARTS]


def typed_code(letters: str) -> str:
    """Return what may be a code: typed, or the address a reader of codes types."""
    return letters.rpartition("/")[2][:LONGEST_CODE]


def second_of(moment: datetime) -> int:
    """Return the second since 1970 (UTC) a moment lies in: how phones tell check-ins apart."""
    return int(moment.timestamp())


def is_fresh(asked_at: datetime, now: datetime) -> bool:
    """Tell whether a code for the desk is still good."""
    return now - asked_at < DESK_CODE_LIFE


def kept_items(text: str) -> list[Any]:
    """Return the items of an upload, written as JSON, themselves unread.

    Raises:
        Unreadable: that is no list of at most 50 items.
    """
    try:
        items = json.loads(text)
    except (ValueError, RecursionError):
        items = None
    if not isinstance(items, list) or len(items) > MOST_AT_ONCE:
        raise Unreadable(_l("That did not come through whole."))
    return items


def kept_item(item: Any) -> KeptItem:
    """Read one item.

    Raises:
        Unreadable: something is missing, malformed, or older than three days.
    """
    found = item if isinstance(item, dict) else {}
    nonce, verb, guest, code, of = (
        found.get(name, "") for name in ("nonce", "verb", "guest", "code", "of")
    )
    seen = found.get("seen")
    if not (
        _is(NONCE, nonce)
        and verb in set(Verb)
        and (guest == "" or _is(GUEST, guest))
        and isinstance(code, str)
        and len(code) <= LONGEST_CODE
        and (guest or (code and verb == Verb.CHECK_IN))
        and (seen is None or _is_second(seen))
        and (of == "" or _is(NONCE, of))
        and (verb == Verb.CHECK_IN or seen is not None or of)
    ):
        raise Unreadable(_l("That did not come through whole. Please do it again."))
    return KeptItem(
        nonce=nonce,
        verb=Verb(verb),
        guest=guest,
        code=code,
        seen=seen,
        of=of,
        age=_age(found.get("age")),
    )


def _is(pattern: re.Pattern[str], text: Any) -> bool:
    return isinstance(text, str) and bool(pattern.fullmatch(text))


def _is_second(number: Any) -> bool:
    is_number = isinstance(number, int) and not isinstance(number, bool)
    return is_number and 0 <= number <= datetime.max.replace(tzinfo=UTC).timestamp()


def _age(seconds: Any) -> timedelta:
    is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    if not is_number or not 0 <= seconds <= KEPT_FOR.total_seconds():
        raise Unreadable(_l("This is older than three days, so it counts no more."))
    return timedelta(seconds=float(seconds))
