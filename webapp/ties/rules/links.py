"""What was pasted, made into a link that is safe to open and is what it says it is.

An address is parsed once, judged by its host, and written anew from its parts: nothing of it goes
on that was not understood. Hosts are compared as a browser would, internationalised ones as
punycode (UTS 46), and the rest is percent-encoded.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from unicodedata import category
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

import idna
from email_validator import EmailNotValidError, validate_email

from webapp.accounts.rules import linkedin_profile
from webapp.ties.models import LinkKind

LONGEST_URL = 500
LONGEST_TYPED = 4000
LONGEST_HOST = 253
MAILTO = "mailto:"
USUAL_PORTS = {"https": 443, "http": 80}

SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*):(?!\d)")
TOP_LEVEL = re.compile(r"^(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$")
"""What a name in the public net ends in; the many ways to write an IP address do not."""
HANDLE = re.compile(r"^@([A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?)@([^@/]+)$")
MASTODON_PATH = re.compile(
    r"^/@([A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?)(?:@([^@/]+))?/?$"
)
GITHUB_NAME = re.compile(r"^[A-Za-z0-9](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){0,38}$")
X_NAME = re.compile(r"^[A-Za-z0-9_]{1,15}$")
BLUESKY_DID = re.compile(r"^did:plc:[a-z2-7]{24}$")

GITHUB_HOSTS = frozenset({"github.com", "www.github.com"})
X_HOSTS = frozenset(
    f"{prefix}{host}" for host in ("x.com", "twitter.com") for prefix in ("", "www.", "mobile.")
)
BLUESKY_HOSTS = frozenset({"bsky.app", "www.bsky.app"})
BLUESKY_NAMES = ".bsky.social"
LINKEDIN_HOST = "linkedin.com"
CALENDAR_HOSTS = frozenset(
    {
        "cal.com",
        "www.cal.com",
        "app.cal.com",
        "calendly.com",
        "www.calendly.com",
        "calendar.app.google",
        "savvycal.com",
    }
)
NOT_PEOPLE = frozenset(
    {
        "about",
        "explore",
        "features",
        "hashtag",
        "home",
        "i",
        "intent",
        "login",
        "marketplace",
        "messages",
        "notifications",
        "orgs",
        "search",
        "settings",
        "share",
        "signup",
        "sponsors",
        "topics",
    }
)
"""Pages of X and GitHub that look like somebody's name."""
OTHER_AT_NAMES = frozenset(
    {"medium.com", "substack.com", "threads.com", "threads.net", "tiktok.com", "youtube.com"}
)
"""Write names like Mastodon does, and are not part of it."""

SHORTENERS = frozenset(
    {
        "bit.ly",
        "buff.ly",
        "cutt.ly",
        "fb.me",
        "goo.gl",
        "href.li",
        "is.gd",
        "l.facebook.com",
        "l.instagram.com",
        "lm.facebook.com",
        "lnkd.in",
        "out.reddit.com",
        "ow.ly",
        "rb.gy",
        "rebrand.ly",
        "shorturl.at",
        "t.co",
        "t.ly",
        "tiny.cc",
        "tinyurl.com",
        "urldefense.com",
        "v.gd",
    }
)
SHORTENERS_BELOW = (".safelinks.protection.outlook.com",)
FORWARDERS = {
    "google.com": ("/url",),
    "linkedin.com": ("/redir", "/safety"),
    "youtube.com": ("/redirect",),
    "facebook.com": ("/l.php", "/flx"),
}
"""Pages of well-known sites that send on to any address."""
LOCAL = frozenset({"arpa", "home", "internal", "invalid", "lan", "local", "localhost"})
"""Names that lead elsewhere in every house."""

PATH_SAFE = "/%:@!$&'()*+,;=~-._"
QUERY_SAFE = PATH_SAFE + "?"


class Problem(StrEnum):
    """Why something is no link we take."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNSEEN = "unseen"
    NO_LINK = "no_link"
    SCHEME = "scheme"
    USER_NAME = "user_name"
    NUMBERS = "numbers"
    SHORTENED = "shortened"
    WHICH_NETWORK = "which_network"
    NOT_THAT_KIND = "not_that_kind"


@dataclass(frozen=True, slots=True)
class CheckedLink:
    """A link in the form it is stored, compared and shown in."""

    kind: LinkKind
    url: str


@dataclass(frozen=True, slots=True)
class Unfit:
    """Something typed that is no link we take, and what it should have been."""

    problem: Problem
    kind: LinkKind | None = None


class _NoLink(Exception):
    """Ends the checking with a reason."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def checked_link(typed: str, kind: LinkKind | None = None) -> CheckedLink | Unfit:
    """Return a link that is safe to open and what it says it is, or why there is none.

    Without a kind it is guessed from what was typed.
    """
    text = _without_unseen_ends(typed)
    guessed = kind
    try:
        _refuse_unreadable(text)
        guessed = kind or kind_of(text)
        url = _CHECKS[guessed](text)
    except _NoLink as no:
        return Unfit(no.problem, guessed)
    if len(url) > LONGEST_URL:
        return Unfit(Problem.TOO_LONG, guessed)
    return CheckedLink(guessed, url)


def kind_of(text: str) -> LinkKind:
    """Guess what somebody pasted."""
    is_handle = text.startswith("@")
    if HANDLE.match(text):
        return LinkKind.MASTODON
    if is_handle and text.endswith(BLUESKY_NAMES):
        return LinkKind.BLUESKY
    if is_handle:
        raise _NoLink(Problem.WHICH_NETWORK)
    if text.lower().startswith(MAILTO) or ("@" in text and not re.search("[/:?#]", text)):
        return LinkKind.EMAIL
    parts, host = _parsed(text)
    return next((kind for kind, is_it in _GUESSES if is_it(host, parts)), LinkKind.WEBSITE)


def shown_as(url: str) -> str:
    """Return a link as people read it: without scheme and trailing slash, and decoded."""
    if url.startswith(MAILTO):
        return _readable(url.removeprefix(MAILTO))
    return _readable(url.removeprefix("https://").removeprefix("www.").rstrip("/"))


def _readable(text: str) -> str:
    """Decode what can be read and leave the rest as it is."""
    decoded = unquote(text)
    is_plain = "\ufffd" not in decoded and not any(_is_unseen(one) for one in decoded)
    return decoded if is_plain and " " not in decoded else text


def _is_unseen(character: str) -> bool:
    """Tell of control, format and direction characters, and of blanks that are none."""
    return character != " " and category(character)[0] in "CZ"


def _without_unseen_ends(typed: str) -> str:
    start, end = 0, len(typed)
    while start < end and (typed[start] == " " or _is_unseen(typed[start])):
        start += 1
    while end > start and (typed[end - 1] == " " or _is_unseen(typed[end - 1])):
        end -= 1
    return typed[start:end]


def _refuse_unreadable(text: str) -> None:
    if not text:
        raise _NoLink(Problem.EMPTY)
    if len(text) > LONGEST_TYPED:
        raise _NoLink(Problem.TOO_LONG)
    if any(_is_unseen(one) for one in text):
        raise _NoLink(Problem.UNSEEN)
    if " " in text or "\\" in text:
        raise _NoLink(Problem.NO_LINK)


def _parsed(text: str) -> tuple[SplitResult, str]:
    """Return the parts of a web address and its host, as a browser would find them."""
    scheme = SCHEME.match(text)
    if scheme and scheme[1].lower() not in {"https", "http"}:
        raise _NoLink(Problem.SCHEME)
    try:
        parts = urlsplit(text if scheme else f"https://{text}")
        is_known_port = parts.port is None or parts.port > 0
    except ValueError as wrong:
        raise _NoLink(Problem.NUMBERS if "[" in text else Problem.NO_LINK) from wrong
    if "@" in parts.netloc:
        raise _NoLink(Problem.USER_NAME)
    if "[" in parts.netloc:
        raise _NoLink(Problem.NUMBERS)
    if not is_known_port or not parts.hostname:
        raise _NoLink(Problem.NO_LINK)
    return parts, host_of(parts.hostname)


def host_of(name: str) -> str:
    """Return a public host name as browsers write it, an internationalised one as punycode."""
    if len(name) > LONGEST_HOST:
        raise _NoLink(Problem.NO_LINK)
    try:
        host = idna.encode(name, uts46=True).decode().lower().removesuffix(".")
    except UnicodeError as wrong:
        raise _NoLink(Problem.NO_LINK) from wrong
    last = host.rpartition(".")[2]
    if re.match(r"^(?:\d+|0x[0-9a-f]*)$", last):
        raise _NoLink(Problem.NUMBERS)
    if "." not in host or last in LOCAL or not TOP_LEVEL.match(last):
        raise _NoLink(Problem.NO_LINK)
    return host


def _bare(host: str) -> str:
    return host.removeprefix("www.").removeprefix("m.")


def _refuse_forwarding(host: str, path: str) -> None:
    """A short link hides where it leads, today and tomorrow."""
    is_short = _bare(host) in SHORTENERS or host.endswith(SHORTENERS_BELOW)
    pages = next((FORWARDERS[one] for one in FORWARDERS if _is_at(host, one)), ())
    if is_short or any(
        path.lower().rstrip("/") == page or path.lower().startswith(f"{page}/") for page in pages
    ):
        raise _NoLink(Problem.SHORTENED)


def _is_at(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")


def _website(text: str) -> str:
    parts, host = _parsed(text)
    _refuse_forwarding(host, unquote(parts.path))
    is_usual = parts.port in {None, USUAL_PORTS[parts.scheme]}
    place = host if is_usual else f"{host}:{parts.port}"
    path, query, fragment = (
        quote(part, safe=safe)
        for part, safe in (
            (parts.path, PATH_SAFE),
            (parts.query, QUERY_SAFE),
            (parts.fragment, QUERY_SAFE),
        )
    )
    is_front_page = path == "/" and not query and not fragment
    return urlunsplit(("https", place, "" if is_front_page else path, query, fragment))


def _page_at(text: str, hosts: Iterable[str]) -> str:
    """Return the path of a page at one of a network's own hosts, without the slash at its end."""
    parts, host = _parsed(text)
    has_own_port = parts.port not in {None, USUAL_PORTS[parts.scheme]}
    if host not in hosts or has_own_port:
        _refuse_forwarding(host, unquote(parts.path))
        raise _NoLink(Problem.NOT_THAT_KIND)
    return parts.path.removesuffix("/")


def _linkedin(text: str) -> str:
    parts, host = _parsed(text)
    _refuse_forwarding(host, unquote(parts.path))
    return linkedin_profile(text) or _not_that_kind()


def _not_that_kind() -> str:
    raise _NoLink(Problem.NOT_THAT_KIND)


def _name_at(text: str, hosts: Iterable[str], named: re.Pattern[str]) -> str:
    """Return the name of a person at a network, from their page's address or typed as @name."""
    is_handle = text.startswith("@")
    name = text[1:] if is_handle else _page_at(text, hosts).removeprefix("/")
    if not named.match(name) or name.lower() in NOT_PEOPLE:
        raise _NoLink(Problem.NOT_THAT_KIND)
    return name


def _github(text: str) -> str:
    return f"https://github.com/{_name_at(text, GITHUB_HOSTS, GITHUB_NAME)}"


def _x(text: str) -> str:
    return f"https://x.com/{_name_at(text, X_HOSTS, X_NAME)}"


def _bluesky(text: str) -> str:
    """A profile at bsky.app; its name is a host name, or an identifier that never changes."""
    return f"https://bsky.app/profile/{_bluesky_name(text)}"


def _bluesky_name(text: str) -> str:
    host = host_of(text[1:]) if text.startswith("@") else _parsed(text)[1]
    if text.startswith("@") or host.endswith(BLUESKY_NAMES):
        return host
    path = _page_at(text, BLUESKY_HOSTS)
    name = path.removeprefix("/profile/")
    if name == path:
        raise _NoLink(Problem.NOT_THAT_KIND)
    return name if BLUESKY_DID.match(name) else host_of(name)


def _mastodon(text: str) -> str:
    """Mastodon is at any host: `https://host/@name`, also written as `@name@host`."""
    if handle := HANDLE.match(text):
        name, host = handle[1], host_of(handle[2])
    else:
        parts, host = _parsed(text)
        _refuse_forwarding(host, parts.path)
        path = MASTODON_PATH.match(parts.path)
        if path is None or parts.port not in {None, USUAL_PORTS[parts.scheme]}:
            raise _NoLink(Problem.NOT_THAT_KIND)
        name, host = path[1], host_of(path[2]) if path[2] else host
    if _bare(host) in OTHER_AT_NAMES:
        raise _NoLink(Problem.NOT_THAT_KIND)
    _refuse_forwarding(host, "")
    return f"https://{host}/@{name}"


def _email(text: str) -> str:
    has_scheme = text.lower().startswith(MAILTO)
    address = unquote(text[len(MAILTO) :]) if has_scheme else text
    if (has_scheme and "?" in text) or "=?" in address or any(map(_is_unseen, address)):
        raise _NoLink(Problem.NOT_THAT_KIND)
    try:
        found = validate_email(address, check_deliverability=False)
    except EmailNotValidError as wrong:
        raise _NoLink(Problem.NOT_THAT_KIND) from wrong
    return MAILTO + quote(f"{found.local_part}@{found.ascii_domain}", safe="@")


_CHECKS: dict[LinkKind, Callable[[str], str]] = {
    LinkKind.LINKEDIN: _linkedin,
    LinkKind.GITHUB: _github,
    LinkKind.WEBSITE: _website,
    LinkKind.EMAIL: _email,
    LinkKind.MASTODON: _mastodon,
    LinkKind.BLUESKY: _bluesky,
    LinkKind.X: _x,
    LinkKind.CALENDAR: _website,
}
_GUESSES: tuple[tuple[LinkKind, Callable[[str, SplitResult], bool]], ...] = (
    (LinkKind.LINKEDIN, lambda host, _parts: _is_at(host, LINKEDIN_HOST)),
    (LinkKind.GITHUB, lambda host, _parts: host in GITHUB_HOSTS),
    (LinkKind.X, lambda host, _parts: host in X_HOSTS),
    (
        LinkKind.BLUESKY,
        lambda host, _parts: host in BLUESKY_HOSTS or host.endswith(BLUESKY_NAMES),
    ),
    (LinkKind.CALENDAR, lambda host, _parts: host in CALENDAR_HOSTS),
    (
        LinkKind.MASTODON,
        lambda host, parts: (
            bool(MASTODON_PATH.match(parts.path)) and _bare(host) not in OTHER_AT_NAMES
        ),
    ),
)
