"""Pure decisions about passkeys, authenticator apps and recovery codes."""

import base64
import hashlib
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

import pyotp

from webapp.accounts.keys.models import Authenticator
from webapp.security.tokens import as_typed, derive, in_base_32, same

CHALLENGE_LIFE = timedelta(minutes=5)
MOST_PASSKEYS = 10
STEP_SECONDS = 30
APP_DIGITS = 6
SECRET_BYTES = 20
SALT_BYTES = 16
MOST_TRIES = 5
WAIT = timedelta(minutes=10)
"""How long the app's codes rest after five wrong ones in a row."""
RECOVERY_CODES = 10
RECOVERY_LENGTH = 10
"""In base 32, so 50 random bits."""


class Change(StrEnum):
    """What a Person is told of by mail."""

    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    APP_ADDED = "app_added"
    APP_REMOVED = "app_removed"
    CODES_MADE = "codes_made"
    CODE_USED = "code_used"
    ALL_FORGOTTEN = "all_forgotten"


def handle_of(person_id: str) -> bytes:
    """Return what a passkey's keeper calls a Person; it tells nobody else who that is.

    It hangs on no key of ours: passkeys outlive a change of all of them.
    """
    return hashlib.sha256(f"passkey {person_id}".encode()).digest()


def new_salt() -> str:
    """Return what a new app's secret is derived from, beside our key and whose it is."""
    return secrets.token_hex(SALT_BYTES)


def app_secret(key: str, *, person_id: str, salt: str) -> str:
    """Return the secret of an app, as apps take it: base 32 of 160 bits."""
    about = f"{person_id} {salt}"
    secret = derive(key, purpose="authenticator", about=about, size=SECRET_BYTES)
    return base64.b32encode(secret).decode()


def app_url(secret: str, *, account: str) -> str:
    """Return what an app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name="Bowline")


def step_at(now: datetime) -> int:
    """Return the number of a moment's 30 seconds (RFC 6238)."""
    return int(now.timestamp()) // STEP_SECONDS


def step_of(typed: str, secret: str, *, after: int, now: datetime) -> int | None:
    """Return which step's code was typed: this one, the one before or the next, or None.

    A clock may be off by half a minute; what was taken once, or is older than it, is not taken.
    All are compared, so that the time it takes tells nothing.
    """
    codes = pyotp.HOTP(secret, digits=APP_DIGITS)
    around = range(step_at(now) - 1, step_at(now) + 2)
    fitting = [step for step in around if same(codes.at(step), typed) and step > after]
    return fitting[-1] if fitting else None


def is_waiting(app: Authenticator, now: datetime) -> bool:
    """Tell whether an app's codes rest because too many were wrong."""
    return app.tries >= MOST_TRIES and app.tried_at is not None and now < app.tried_at + WAIT


def new_recovery_code() -> str:
    """Return a code of digits and capital letters."""
    return in_base_32(secrets.randbits(RECOVERY_LENGTH * 5), length=RECOVERY_LENGTH)


def recovery_code_in(typed: str) -> str | None:
    """Return the code that was meant, or None if it cannot be one."""
    code = as_typed(typed)
    return code if len(code) == RECOVERY_LENGTH else None
