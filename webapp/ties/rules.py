"""Pure decisions about links, ties and files."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from unicodedata import category
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import idna
from email_validator import EmailNotValidError, validate_email

from webapp.accounts.rules import linkedin_profile
from webapp.ties.models import Closing, LinkKind, Tie

RETIE_WINDOW = timedelta(minutes=10)
MOST_LINKS = 10
LONGEST_NOTE = 2000
LONGEST_URL = 500
MAILTO = "mailto:"
GITHUB_USER = re.compile(r"^/[A-Za-z0-9](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){0,38}/?$")


@dataclass(frozen=True, slots=True)
class CheckedLink:
    """A link in the form it is stored, compared and shown in."""

    kind: LinkKind
    url: str


def checked_link(kind: LinkKind, typed: str) -> CheckedLink | None:
    """Return a link that is safe to open and what it says it is, or None.

    Named networks only at their own host; websites by https only, without a user name, an
    internationalised host as punycode.
    """
    text = typed.strip()
    if len(text) > LONGEST_URL or any(ord(c) <= 32 or ord(c) == 127 for c in text):  # noqa: PLR2004
        return None
    url = _CHECKS[kind](text)
    return CheckedLink(kind, url) if url else None


def _email(text: str) -> str | None:
    try:
        address = validate_email(text.removeprefix(MAILTO), check_deliverability=False)
    except EmailNotValidError:
        return None
    return MAILTO + quote(f"{address.local_part}@{address.ascii_domain}", safe="@")


def _github(text: str) -> str | None:
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
    except ValueError:
        return None
    is_github = (parts.hostname or "") in {"github.com", "www.github.com"}
    if not is_github or parts.username or not GITHUB_USER.match(parts.path):
        return None
    return f"https://github.com{parts.path.rstrip('/')}"


def _website(text: str) -> str | None:
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host = idna.encode(parts.hostname or "", uts46=True).decode()
        port = f":{parts.port}" if parts.port else ""
    except (ValueError, UnicodeError):
        return None
    if parts.scheme != "https" or "." not in host or parts.username or parts.password:
        return None
    return urlunsplit(("https", host + port, parts.path, parts.query, parts.fragment))


_CHECKS = {
    LinkKind.LINKEDIN: linkedin_profile,
    LinkKind.GITHUB: _github,
    LinkKind.WEBSITE: _website,
    LinkKind.EMAIL: _email,
}


def shown_as(url: str) -> str:
    """Return a link as people read it: without scheme and trailing slash."""
    if url.startswith(MAILTO):
        return unquote(url.removeprefix(MAILTO))
    return url.removeprefix("https://").removeprefix("www.").rstrip("/")


def may_retie(tie: Tie, *, by_id: str, now: datetime) -> bool:
    """Tell whether a Person may take back an untying of their own, on the spot."""
    is_own = tie.closing is Closing.UNTIED and tie.closed_by_id == by_id
    return is_own and tie.closed_at is not None and now - tie.closed_at < RETIE_WINDOW


def vcard(*, name: str, organisation: str, headline: str, urls: list[str], met: str) -> str:
    """Return a vCard 3.0 (RFC 2426) with CRLF line ends, folded at 75 octets."""
    family, given = _family_and_given(name)
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"N:{_escaped(family)};{_escaped(given)};;;",
        f"FN:{_escaped(name)}",
    ]
    if organisation:
        lines.append(f"ORG:{_escaped(organisation)}")
    if headline:
        lines.append(f"TITLE:{_escaped(headline)}")
    for url in urls:
        if url.startswith(MAILTO):
            lines.append(f"EMAIL;TYPE=WORK:{_escaped(shown_as(url))}")
        else:
            lines.append(f"URL;TYPE=WORK:{_escaped(url)}")
    lines += [f"NOTE:{_escaped(met)}", "END:VCARD"]
    return "".join(_folded(line) + "\r\n" for line in lines)


def _family_and_given(name: str) -> tuple[str, str]:
    given, _, family = name.rpartition(" ")
    return (family, given) if given else ("", name)


def _escaped(text: str) -> str:
    unix = text.replace("\r\n", "\n")
    clean = "".join(" " if category(c) == "Cc" and c != "\n" else c for c in unix)
    for character, replacement in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        clean = clean.replace(character, replacement)
    return clean


def _folded(line: str) -> str:
    """Fold a line at 75 octets, never inside a character (RFC 2425, section 5.8.1)."""
    parts: list[bytes] = []
    current = b""
    for character in line:
        octets = character.encode()
        if len(current) + len(octets) > 75 - bool(parts):
            parts.append(current)
            current = b""
        current += octets
    return b"\r\n ".join([*parts, current]).decode()
