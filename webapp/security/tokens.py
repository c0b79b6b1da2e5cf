"""Keyed digests and derived secrets: what lies in the database forges nothing by itself."""

import hashlib
import hmac
import secrets

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, so nobody has to guess what was printed."""

_FORGIVEN = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def derive(key: str, *, purpose: str, about: str, size: int = 32) -> bytes:
    """Return `size` bytes (at most 32) that only the holder of `key` can compute.

    HMAC-SHA256 as a pseudo-random function; purpose and subject keep uses apart.
    """
    return hmac.digest(key.encode(), f"{purpose}\0{about}".encode(), "sha256")[:size]


def digest(key: str, *, purpose: str, value: str) -> str:
    """Return the keyed digest under which a secret value is looked up, 64 hex characters."""
    return derive(key, purpose=purpose, about=value).hex()


def plain_digest(value: str) -> str:
    """Return the SHA-256 of a value that is itself too random to be guessed."""
    return hashlib.sha256(value.encode()).hexdigest()


def same(left: str, right: str) -> bool:
    """Compare two secrets without telling by time where they differ."""
    return hmac.compare_digest(left.encode(), right.encode())


def new_token() -> str:
    """Return 256 random bits for a cookie."""
    return secrets.token_urlsafe(32)


def code_of(value: bytes, *, length: int) -> str:
    """Write the first `length` * 5 bits of `value` in Crockford's base 32."""
    return in_base_32(int.from_bytes(value) >> (len(value) * 8 - length * 5), length=length)


def in_base_32(number: int, *, length: int) -> str:
    """Write the low `length` * 5 bits of a number in Crockford's base 32."""
    return "".join(CROCKFORD[number >> (5 * place) & 31] for place in reversed(range(length)))


def as_typed(code: str) -> str:
    """Return a code as it was meant: upper case, no blanks or hyphens, O as 0, I and L as 1."""
    return code.strip().upper().translate(_FORGIVEN)


def grouped(code: str, size: int = 4) -> str:
    """Write a code in groups people can read out."""
    return " ".join(code[start : start + size] for start in range(0, len(code), size))
