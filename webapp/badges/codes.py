"""Every code of a badge, derived from the badge key and the badge's id: none is stored.

A printed badge bears an 80-bit code in its QR, a short code for typing beside it, and a claim code
on its back. Its phone shows a live code that changes every 15 s.
"""

import base64
import hashlib
from datetime import UTC, datetime
from typing import Protocol

import pyotp

from webapp.badges.models import Badge
from webapp.security.keys import badge_key
from webapp.security.tokens import CROCKFORD, code_of, derive, digest, in_base_32

CODE_LENGTH, SHORT_LENGTH, CLAIM_LENGTH = 16, 8, 8
DESK_LENGTH = 6
HANDLE_LENGTH, PROOF_LENGTH = 4, 6
LIVE_LENGTH = HANDLE_LENGTH + PROOF_LENGTH
KEPT_BYTES = 6
STEP_SECONDS = 15
ALL_DIGITS = 10
"""Ten decimal digits hold the whole 31-bit value of RFC 4226."""


class Numbered(Protocol):
    """A badge, or a row of a list that says which one."""

    @property
    def event_id(self) -> str:
        """Where it is worn."""

    @property
    def id(self) -> str:
        """Its own number."""


def printed_code(badge: Numbered) -> str:
    """Return the 16 characters (80 bits) in the printed QR."""
    return code_of(_secret(badge, "badge code"), length=CODE_LENGTH)


def short_code(badge: Numbered) -> str:
    """Return the 8 characters (40 bits) printed beside the QR, valid within the event."""
    return code_of(_secret(badge, "short code"), length=SHORT_LENGTH)


def claim_code(badge: Numbered) -> str:
    """Return the 8 characters (40 bits) on the back, which prove that the badge is in hand."""
    return code_of(_secret(badge, "claim code"), length=CLAIM_LENGTH)


def desk_code(event_id: str, person_id: str, asked_at: datetime) -> str:
    """Return the 6 characters (30 bits) by which somebody signed in asks the desk for a badge."""
    about = f"{event_id}/{person_id}/{asked_at.isoformat()}"
    return code_of(derive(badge_key(), purpose="desk code", about=about), length=DESK_LENGTH)


def live_secret(badge: Numbered) -> str:
    """Return the 256-bit secret of the live code in base 32 (RFC 4648), for its owner's phone."""
    return base64.b32encode(_secret(badge, "live code")).decode()


def live_code(badge: Badge, step: int) -> str:
    """Return what the phone shows during one step: handle and proof."""
    return badge.handle + live_proof(live_secret(badge), step)


def live_proof(secret: str, step: int) -> str:
    """Return the proof of one step: RFC 6238 with HMAC-SHA256, its low 30 bits in base 32."""
    return in_base_32(live_value(secret, step), length=PROOF_LENGTH)


def live_value(secret: str, step: int) -> int:
    """Return the 31-bit number of RFC 4226, section 5.3, with HMAC-SHA256 (RFC 6238)."""
    return int(pyotp.HOTP(secret, digits=ALL_DIGITS, digest=hashlib.sha256).at(step))


def step_at(moment: datetime) -> int:
    """Return the number of the 15-second step a moment lies in (RFC 6238, T0 = 0)."""
    return int(moment.timestamp()) // STEP_SECONDS


def moment_of(step: int) -> datetime:
    """Return when a step begins."""
    return datetime.fromtimestamp(step * STEP_SECONDS, UTC)


def kept_digest(badge: Numbered) -> str:
    """Return by what a helper's phone knows a printed code: 48 bits of its SHA-256, 8 characters.

    The code has 80 random bits, so nobody finds it from this; 10,000 guests are still told apart.
    """
    sha = hashlib.sha256(printed_code(badge).encode()).digest()
    return base64.urlsafe_b64encode(sha[:KEPT_BYTES]).decode()


def printed_digest(code: str) -> str:
    """Return what a printed code is looked up by."""
    return digest(badge_key(), purpose="badge code digest", value=code)


def short_digest(code: str) -> str:
    """Return what a short code is looked up by."""
    return digest(badge_key(), purpose="short code digest", value=code)


def is_code(text: str, *, length: int) -> bool:
    """Tell whether a cleaned text could be a code of that length."""
    return len(text) == length and all(character in CROCKFORD for character in text)


def _secret(badge: Numbered, purpose: str) -> bytes:
    return derive(badge_key(), purpose=purpose, about=f"{badge.event_id}/{badge.id}")
