"""Opaque ids: they tell nothing, are safe in a URL, and cannot be guessed or counted."""

import base64
import secrets

ID_LENGTH = 16


def new_id() -> str:
    """Return 80 random bits as 16 characters of lower-case base 32 (RFC 4648)."""
    return base64.b32encode(secrets.token_bytes(10)).decode().lower()
