"""When a mail is tried again or given up, and who gets letters."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from webapp.mail.models import LetterKind, Mail, Trouble

GIVE_UP_AFTER = timedelta(days=4)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
LEASE = timedelta(seconds=30)
"""How long a mail is a worker's own after its last sign of life; then another one tries it."""
KEPT_FOR = timedelta(days=30)
"""How long a row says that a mail was sent or given up."""

FINAL = frozenset(
    {
        Trouble.NOBODY,
        Trouble.REFUSED,
        Trouble.UNWRITABLE,
        Trouble.TOO_LATE,
        Trouble.UNWANTED,
        Trouble.GIVEN_UP,
    }
)
FIRST_FINAL_CODE = 500
NO_SUCH_MAILBOX = frozenset({550, 551, 552, 553})
ABOUT_RULES = re.compile(r"\s*5\.7\.")
"""A policy (RFC 3463): the mailbox may well be there."""
ADDRESS = re.compile(r"[^\s<>:;,\"'()\[\]]+@[^\s<>:;,\"'()\[\]]+")

USUAL = {LetterKind.MORNING: True, LetterKind.REMINDER: True, LetterKind.ROUND_UP: False}
"""What a Person gets who has said nothing."""


class Unsent(StrEnum):
    """Why a letter is not written."""

    UNWANTED = "unwanted"
    UNDELIVERABLE = "undeliverable"
    HAD_ONE = "had_one"


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a letter is for: a Person at an address of theirs, or a guest without an account."""

    address: str
    person_id: str | None = None


def wait_after(tries: int) -> timedelta:
    """Return the wait after the `tries`-th failed try: 1 min, doubled each time, at most 6 h."""
    doublings: int = 2 ** (min(tries, 20) - 1)
    return min(FIRST_WAIT * doublings, LONGEST_WAIT)


def is_expired(mail: Mail, *, now: datetime) -> bool:
    """Tell whether a mail is of no use to anybody any more."""
    return mail.expires_at is not None and now >= mail.expires_at


def is_tried_enough(mail: Mail, *, now: datetime) -> bool:
    """Tell whether a mail whose last try has just failed is not tried again."""
    is_useless_then = is_expired(mail, now=now + wait_after(mail.tries))
    return is_useless_then or now - mail.queued_at > GIVE_UP_AFTER


def trouble_of(code: int, words: str) -> Trouble:
    """Return what a server's answer about a recipient or a message means."""
    if code < FIRST_FINAL_CODE:
        return Trouble.LATER
    is_about_mailbox = code in NO_SUCH_MAILBOX and not ABOUT_RULES.match(words)
    return Trouble.NOBODY if is_about_mailbox else Trouble.REFUSED


def is_wanted(kind: LetterKind, said: Mapping[LetterKind, bool]) -> bool:
    """Tell whether a Person who said `said` wants letters of a kind."""
    return said.get(kind, USUAL.get(kind, False))


def masked(address: str) -> str:
    """Return an address so that its owner recognises it: `a***@kora.io`."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}***@{domain}"


def without_addresses(words: str) -> str:
    """Return what a server said with every address masked."""
    return ADDRESS.sub(lambda found: masked(found[0]), words)
