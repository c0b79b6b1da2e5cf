"""Pure decisions about codes, devices and names."""

import re
from datetime import datetime, timedelta
from unicodedata import category
from urllib.parse import quote, unquote, urlsplit

from email_validator import EmailNotValidError, validate_email

from webapp.accounts.models import Device, Proof, SignInCode

CODE_DIGITS = 8
CODE_LIFE = timedelta(minutes=10)
MOST_TRIES = 5
IDLE_LIFE = timedelta(days=14)
ABSOLUTE_LIFE = timedelta(days=90)
SEEN_EVERY = timedelta(hours=1)
FRESH_FOR = timedelta(minutes=10)
LINKEDIN_HOST = re.compile(r"^(?:(?:www|m|[a-z]{2})\.)?linkedin\.com$")
LINKEDIN_PROFILE = re.compile(r"^/in/([^/]{2,300}?)(?:/[a-z]{2})?/?$")

_BROWSERS = (
    ("Edg/", "Edge"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def may_try(code: SignInCode, *, now: datetime) -> bool:
    """Tell whether a code may still be compared with what was typed."""
    return code.used_at is None and code.tries < MOST_TRIES and now - code.asked_at < CODE_LIFE


def tries_left(code: SignInCode) -> int:
    """Return how many more tries a code allows."""
    return max(0, MOST_TRIES - code.tries)


def is_alive(device: Device, *, seen_at: datetime, now: datetime) -> bool:
    """Tell whether a device is still signed in: idle 14 days at most, 90 days in all.

    `seen_at` is the later of the device's own and its signed cookie's: reading writes no row.
    """
    last_seen_at = max(device.seen_at, seen_at)
    return now - last_seen_at < IDLE_LIFE and now - device.signed_in_at < ABSOLUTE_LIFE


def is_fresh(device: Device, *, now: datetime) -> bool:
    """Tell whether somebody signed in on a device just now, so that it is surely them.

    Nobody can sign in as somebody invented: a visitor of the demo just is them.
    """
    return device.proof is Proof.DEMO or now - device.signed_in_at < FRESH_FOR


def device_label(user_agent: str) -> str:
    """Name a browser in words its owner recognises, such as `Safari, iPhone`."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "Browser")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{browser}, {system}" if system else browser


def linkedin_profile(value: str) -> str | None:
    """Return the plain `https://www.linkedin.com/in/...` address of a profile, or None.

    Takes what people paste: with or without https, country hosts, tracking parameters.
    """
    text = value.strip()
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        has_port = parts.port is not None
    except ValueError:
        return None
    is_linkedin = bool(LINKEDIN_HOST.match(parts.hostname or ""))
    has_extras = has_port or "@" in parts.netloc or parts.scheme not in {"https", "http"}
    name = LINKEDIN_PROFILE.match(parts.path)
    if not is_linkedin or has_extras or name is None or not _is_name(unquote(name[1])):
        return None
    return f"https://www.linkedin.com/in/{quote(unquote(name[1]), safe='')}"


def _is_name(text: str) -> bool:
    """Tell whether a text is the name of a profile: letters, digits, emoji and a few signs."""
    fits = "\ufffd" not in text and all(
        one in "-._~" or category(one)[0] in "LMN" or category(one) == "So" for one in text
    )
    return fits and any(one not in "-._~" for one in text)


def normal_address(value: str) -> str | None:
    """Return an e-mail address in the form it is stored and compared in, or None.

    One with `=?` in it could be read as another one by mail programs; nobody has such a name.
    """
    if "=?" in value:
        return None
    try:
        return validate_email(value, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None
