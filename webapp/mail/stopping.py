"""The address at which a letter's reader says no, made so that nobody else can.

It is derived from the key of badges, which outlives that of sessions: a letter of last year must
still be good for saying no.
"""

from webapp.core.urls import absolute
from webapp.mail.models import LetterKind
from webapp.security.keys import badge_key
from webapp.security.tokens import digest, same

LENGTH = 32
"""Of 128 bits, written in hex."""


def address_digest(address: str) -> str:
    """Return what stands for an address where only equality matters."""
    return digest(badge_key(), purpose="address", value=address.strip().lower())[:LENGTH]


def stop_url(kind: LetterKind, reader: str) -> str:
    """Return the address that stops letters of a kind to a reader."""
    return absolute(f"/mails/stop/{kind}/{reader}/{_proof(kind, reader)}")


def is_genuine(kind: LetterKind, reader: str, proof: str) -> bool:
    """Tell whether an address to stop letters is one of ours."""
    return same(proof, _proof(kind, reader))


def _proof(kind: LetterKind, reader: str) -> str:
    return digest(badge_key(), purpose="stop letters", value=f"{kind} {reader}")[:LENGTH]
