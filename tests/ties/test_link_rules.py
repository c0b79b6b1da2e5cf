"""What is pasted becomes a link that is safe to open and is what it says it is, or none."""

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from webapp.ties.models import LinkKind
from webapp.ties.rules import CheckedLink, checked_link, shown_as
from webapp.ties.rules.links import Problem, Unfit

LINKEDIN, GITHUB, X, BLUESKY = LinkKind.LINKEDIN, LinkKind.GITHUB, LinkKind.X, LinkKind.BLUESKY
WEBSITE, EMAIL = LinkKind.WEBSITE, LinkKind.EMAIL
MASTODON, CALENDAR = LinkKind.MASTODON, LinkKind.CALENDAR
AMINA_IN, AMINA_HUB = "https://www.linkedin.com/in/amina", "https://github.com/amina"
AMINA_SKY = "https://bsky.app/profile/amina.bsky.social"
DID = "did:plc:abcdefghijklmnopqrstuvwx"

GUESSED = [
    (LINKEDIN, "linkedin.com/in/amina", AMINA_IN),
    (LINKEDIN, " https://de.linkedin.com/in/amina/?trk=x#y ", AMINA_IN),
    (LINKEDIN, "http://WWW.LinkedIn.com/in/amina", AMINA_IN),
    (LINKEDIN, "https://www.linkedin.com/in/amina/de", AMINA_IN),
    (LINKEDIN, "linkedin.com/in/amina/?" + "a" * 600, AMINA_IN),
    (LINKEDIN, "linkedin.com/in/müller", "https://www.linkedin.com/in/m%C3%BCller"),
    (LINKEDIN, "linkedin.com/in/m%c3%bcller", "https://www.linkedin.com/in/m%C3%BCller"),
    (GITHUB, "github.com/amina", AMINA_HUB),
    (GITHUB, "http://github.com/amina", AMINA_HUB),
    (GITHUB, "https://www.GitHub.com:443/amina/?tab=repositories", AMINA_HUB),
    (GITHUB, "github.com/a-1", "https://github.com/a-1"),
    (GITHUB, "github.com/" + "a" * 39, "https://github.com/" + "a" * 39),
    (X, "x.com/amina_d", "https://x.com/amina_d"),
    (X, "https://twitter.com/amina_d?lang=de", "https://x.com/amina_d"),
    (X, "mobile.twitter.com/amina_d/", "https://x.com/amina_d"),
    (BLUESKY, "https://bsky.app/profile/Amina.bsky.social", AMINA_SKY),
    (BLUESKY, "@amina.bsky.social", AMINA_SKY),
    (BLUESKY, "amina.bsky.social", AMINA_SKY),
    (BLUESKY, "https://amina.bsky.social/", AMINA_SKY),
    (BLUESKY, f"bsky.app/profile/{DID}", f"https://bsky.app/profile/{DID}"),
    (BLUESKY, "bsky.app/profile/bücher.example", "https://bsky.app/profile/xn--bcher-kva.example"),
    (MASTODON, "https://mastodon.social/@amina", "https://mastodon.social/@amina"),
    (MASTODON, "chaos.social/@amina/", "https://chaos.social/@amina"),
    (MASTODON, "@amina@chaos.social", "https://chaos.social/@amina"),
    (MASTODON, "https://mastodon.social/@amina@chaos.social", "https://chaos.social/@amina"),
    (MASTODON, "@amina@bücher.example", "https://xn--bcher-kva.example/@amina"),
    (CALENDAR, "cal.com/amina", "https://cal.com/amina"),
    (
        CALENDAR,
        "https://calendly.com/amina/30min?month=5",
        "https://calendly.com/amina/30min?month=5",
    ),
    (EMAIL, "Amina@EXAMPLE.org", "mailto:Amina@example.org"),
    (EMAIL, "mailto:amina@example.org", "mailto:amina@example.org"),
    (EMAIL, "a@bücher.example", "mailto:a@xn--bcher-kva.example"),
    (EMAIL, "a+b@example.org", "mailto:a%2Bb@example.org"),
    (EMAIL, "a%0d%0ab@example.org", "mailto:a%250d%250ab@example.org"),
    (WEBSITE, "example.org", "https://example.org"),
    (WEBSITE, "https://example.org/", "https://example.org"),
    (WEBSITE, "http://example.org:80/a", "https://example.org/a"),
    (WEBSITE, "HTTPS://EXAMPLE.org.:8443/A?b=1#c", "https://example.org:8443/A?b=1#c"),
    (WEBSITE, "example.org:8080", "https://example.org:8080"),
    (WEBSITE, "https://bücher.example/ü?ä#ö", "https://xn--bcher-kva.example/%C3%BC?%C3%A4#%C3%B6"),
    (WEBSITE, "https://\u0430pple.example", "https://xn--pple-43d.example"),
    (WEBSITE, "https://example.org\u3002evil.example", "https://example.org.evil.example"),
    (WEBSITE, 'https://example.org/"><b>', "https://example.org/%22%3E%3Cb%3E"),
    (WEBSITE, "https://example.org/100%", "https://example.org/100%"),
    (WEBSITE, "https://medium.com/@amina", "https://medium.com/@amina"),
    (
        WEBSITE,
        "https://evil.example/linkedin.com/in/amina",
        "https://evil.example/linkedin.com/in/amina",
    ),
    (WEBSITE, "evil-linkedin.com/in/amina", "https://evil-linkedin.com/in/amina"),
    (WEBSITE, "https://linked\u0456n.com/in/amina", "https://xn--linkedn-wog.com/in/amina"),
    (WEBSITE, "\ufeff\u202aexample.org\u202c", "https://example.org"),
]
CHOSEN = [
    (WEBSITE, "github.com/amina/repository", "https://github.com/amina/repository"),
    (WEBSITE, "linkedin.com/company/kora", "https://linkedin.com/company/kora"),
    (CALENDAR, "https://example.org/meet", "https://example.org/meet"),
    (EMAIL, "a?bcc=x&y@example.org", "mailto:a%3Fbcc%3Dx%26y@example.org"),
    (GITHUB, "@amina", AMINA_HUB),
    (X, "@amina_d", "https://x.com/amina_d"),
    (BLUESKY, "@amina.example", "https://bsky.app/profile/amina.example"),
]
NEVER = [
    "",
    " \u200b ",
    "javascript:alert(1)",
    "JavaScript:alert(1)//https://example.org",
    "javascript://example.org/%0aalert(1)",
    "java\tscript:alert(1)",
    "javascript:1//example.org",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "ftp://example.org",
    "ftp://github.com/amina",
    "javascript://github.com/amina",
    "ftp://linkedin.com/in/amina",
    "tel:+491701234567",
    "intent://example.org#Intent;scheme=https;end",
    "blob:https://example.org/1",
    "view-source:https://example.org",
    "https:example.org",
    "https:/example.org",
    "https://",
    "https://[",
    "https://[::1]",
    "https://[::ffff:127.0.0.1]/x",
    "https://[example.org",
    "https:///example.org",
    "//example.org",
    "https://127.0.0.1",
    "https://127.1",
    "https://2130706433",
    "https://0x7f000001",
    "https://0x7f.1",
    "https://0177.0.0.1",
    "https://127.0.0.0x1",
    "https://127。0。0。1",
    "https://①②⑦.⓪.⓪.①",
    "https://localhost",
    "https://printer.local",
    "https://x.internal",
    "https://example.org@evil.example",
    "https://@example.org",
    "https://example.org:secret@evil.example",
    "https://github.com@evil.example/amina",
    "https://example.org\uff0fx",
    "https://evil.example\\example.org",
    "https://ex%61mple.org",
    "https://example.org:99999",
    "https://example.org:0",
    "https://example..org",
    "https://ex\u202eample.org",
    "https://example.org/\u202efdp.exe",
    "https://example.org/a\u200bb",
    "https://example.org/a\u2066b",
    "https://example.org/a b",
    "https://" + "a" * 64 + ".example",
    "https://" + "a." * 200 + "example",
    "https://t.co/abc",
    "lnkd.in/abc",
    "https://bit.ly/abc",
    "www.bit.ly/abc",
    "https://l.facebook.com/l.php?u=https://evil.example",
    "https://nam01.safelinks.protection.outlook.com/?url=x",
    "https://www.google.com/url?q=https://evil.example",
    "https://www.youtube.com/redirect?q=https://evil.example",
    "https://www.linkedin.com/redir/redirect?url=x",
    "@amina@t.co",
    "https://t.co/@amina",
    "@amina@127.0.0.1",
    "mailto:a@example.org?bcc=x@evil.example",
    "mailto:a?bcc=x@evil.example",
    "mailto:a%0d%0aBcc:x@evil.example",
    "mailto:a@example.org&subject=x",
    "a@example.org,b@example.org",
    "Amina <a@example.org>",
    "=?utf-8?q?a?=@example.org",
]
NOT_THAT_KIND = [
    (LINKEDIN, "linkedin.com.evil.example/in/amina"),
    (LINKEDIN, "evil-linkedin.com/in/amina"),
    (LINKEDIN, "https://evillinkedin.com/in/amina"),
    (LINKEDIN, "https://evil.linkedin.com/in/amina"),
    (LINKEDIN, "https://evil.example/linkedin.com/in/amina"),
    (LINKEDIN, "https://evil.example#linkedin.com/in/amina"),
    (LINKEDIN, "https://linkedin.com:8443/in/amina"),
    (LINKEDIN, "https://linked\u0456n.com/in/amina"),
    (LINKEDIN, "linkedin.com/company/amina"),
    (LINKEDIN, "linkedin.com/in/"),
    (LINKEDIN, "linkedin.com/in/.."),
    (LINKEDIN, "linkedin.com/in/%2e%2e"),
    (LINKEDIN, "linkedin.com/in/a%2Fb"),
    (LINKEDIN, "linkedin.com/in/a%E2%80%AEb"),
    (LINKEDIN, "linkedin.com/in/%FF%FE"),
    (LINKEDIN, "linkedin.com/in/amina/../../login"),
    (GITHUB, "github.com.evil.example/amina"),
    (GITHUB, "evilgithub.com/amina"),
    (GITHUB, "gist.github.com/amina"),
    (GITHUB, "https://github.com:8443/amina"),
    (GITHUB, "github.com/amina/repository"),
    (GITHUB, "github.com/-amina"),
    (GITHUB, "github.com/amina-"),
    (GITHUB, "github.com/a--b"),
    (GITHUB, "github.com/\u0430mina"),
    (GITHUB, "github.com/" + "a" * 40),
    (GITHUB, "github.com/"),
    (GITHUB, "github.com/settings"),
    (X, "x.com.evil.example/amina"),
    (X, "notx.com/amina"),
    (X, "x.com/home"),
    (X, "x.com/amina/status/1"),
    (X, "x.com/" + "a" * 16),
    (BLUESKY, "bsky.app/amina.bsky.social"),
    (BLUESKY, "bsky.app.evil.example/profile/amina.bsky.social"),
    (MASTODON, "mastodon.social/amina"),
    (MASTODON, "https://mastodon.social/@amina/1234"),
    (MASTODON, "https://medium.com/@amina"),
    (MASTODON, "https://mastodon.social:8443/@amina"),
    (EMAIL, "amina"),
    (EMAIL, "amina@localhost"),
    (EMAIL, "amina@[127.0.0.1]"),
    (EMAIL, '"a"@example.org'),
    (EMAIL, "a@b@example.org"),
]


@pytest.mark.parametrize(("kind", "typed", "url"), GUESSED)
def test_what_is_pasted_says_itself_what_it_is(kind, typed, url):
    assert checked_link(typed) == CheckedLink(kind, url)


@pytest.mark.parametrize(("kind", "typed", "url"), [*GUESSED, *CHOSEN])
def test_a_link_is_stored_in_one_plain_form(kind, typed, url):
    assert checked_link(typed, kind) == CheckedLink(kind, url)
    assert checked_link(url, kind) == CheckedLink(kind, url)


@pytest.mark.parametrize("typed", NEVER)
@pytest.mark.parametrize("kind", [None, *LinkKind])
def test_what_is_no_safe_link_is_none_of_any_kind(kind, typed):
    assert isinstance(checked_link(typed, kind), Unfit)


@pytest.mark.parametrize(("kind", "typed"), NOT_THAT_KIND)
def test_a_link_that_is_not_what_it_says_is_refused(kind, typed):
    assert checked_link(typed, kind) == Unfit(Problem.NOT_THAT_KIND, kind)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", Problem.EMPTY),
        ("javascript:alert(1)", Problem.SCHEME),
        ("https://user@example.org", Problem.USER_NAME),
        ("https://127.1", Problem.NUMBERS),
        ("https://[::1]", Problem.NUMBERS),
        ("https://lnkd.in/abc", Problem.SHORTENED),
        ("https://example.org/\u202ex", Problem.UNSEEN),
        ("amina", Problem.NO_LINK),
        ("@amina", Problem.WHICH_NETWORK),
        ("linkedin.com/feed", Problem.NOT_THAT_KIND),
        ("https://example.org/" + "a" * 481, Problem.TOO_LONG),
        ("a" * 4001, Problem.TOO_LONG),
    ],
)
def test_whoever_typed_it_is_told_why_it_is_refused(typed, problem):
    unfit = checked_link(typed)
    assert isinstance(unfit, Unfit)
    assert unfit.problem is problem


GOOD = {
    LINKEDIN: AMINA_IN,
    GITHUB: AMINA_HUB,
    WEBSITE: "https://example.org/x",
    EMAIL: "amina@example.org",
    MASTODON: "https://chaos.social/@amina",
    BLUESKY: AMINA_SKY,
    X: "https://x.com/amina",
    CALENDAR: "https://cal.com/amina",
}
UNSEEN = (*range(33), 0x7F, 0xA0, 0xAD, 0x200B, 0x200E, 0x202E, 0x2028, 0x2066, 0x3000, 0xFEFF)


@pytest.mark.parametrize("kind", LinkKind)
def test_no_control_or_direction_character_gets_into_a_link(kind):
    for code in UNSEEN:
        for at in (1, len(GOOD[kind]) // 2, len(GOOD[kind]) - 1):
            dirty = GOOD[kind][:at] + chr(code) + GOOD[kind][at:]
            assert isinstance(checked_link(dirty, kind), Unfit), hex(code)
    assert isinstance(checked_link("a@example.org\r\nBcc: b@example.org", kind), Unfit)


def test_a_link_has_at_most_500_characters():
    longest = "https://example.org/" + "a" * 480
    assert checked_link(longest, WEBSITE) == CheckedLink(WEBSITE, longest)
    assert checked_link(longest + "a", WEBSITE) == Unfit(Problem.TOO_LONG, WEBSITE)


@pytest.mark.parametrize(
    ("url", "text"),
    [
        (AMINA_IN, "linkedin.com/in/amina"),
        ("https://www.linkedin.com/in/m%C3%BCller", "linkedin.com/in/müller"),
        ("https://example.org/", "example.org"),
        ("mailto:a%3Fb@example.org", "a?b@example.org"),
        ("https://xn--pple-43d.example", "xn--pple-43d.example"),
        ("https://example.org/%E2%80%AEfdp.exe", "example.org/%E2%80%AEfdp.exe"),
        ("https://example.org/%0A%20x", "example.org/%0A%20x"),
        ("https://example.org/%FF", "example.org/%FF"),
    ],
)
def test_a_link_is_shown_without_what_people_do_not_read(url, text):
    assert shown_as(url) == text


HOSTS = {
    LINKEDIN: {"www.linkedin.com"},
    GITHUB: {"github.com"},
    X: {"x.com"},
    BLUESKY: {"bsky.app"},
}
PUBLIC_NAME = re.compile(r"^(?:[a-z0-9_-]+\.)+(?:[a-z]{2,}|xn--[a-z0-9-]+)$")
SEEDS = (
    [typed for _, typed, _ in [*GUESSED, *CHOSEN]] + NEVER + [typed for _, typed in NOT_THAT_KIND]
)
PIECES = [
    *("https://", "http://", "javascript:", "mailto:", "//", "/", "\\", "@", ":", "?", "#", "%2e"),
    *("linkedin.com/in/", "github.com/", "x.com/", "bsky.app/profile/", "t.co", "cal.com/"),
    *("127.0.0.1", "[::1]", "0x7f.1", "example.org", "evil.example", "amina", "..", "xn--"),
    *("\u202e", "\u3002", "\uff0f", "\u2100", "ﬁ", "ß", "é", "%", "%00", "\t", " ", "+"),
]
MIXED = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=8).map("".join),
    st.tuples(st.sampled_from(SEEDS), st.integers(0, 60), st.sampled_from(PIECES)).map(
        lambda mix: mix[0][: mix[1]] + mix[2] + mix[0][mix[1] :]
    ),
)


@settings(max_examples=1500)
@example("https://a.example/@a@b", MASTODON)
@given(MIXED, st.sampled_from([None, *LinkKind]))
def test_whatever_comes_out_is_an_allowed_address_and_stays_itself(typed, kind):
    link = checked_link(typed, kind)
    if isinstance(link, Unfit):
        return
    assert kind in {None, link.kind}
    assert link.url.isascii()
    assert link.url.isprintable()
    assert not re.search(r"[\s\"<>`\\^{|}]", link.url)
    assert checked_link(link.url, link.kind) == link
    parts = urlsplit(link.url)
    if link.kind is EMAIL:
        assert parts.scheme == "mailto"
        assert parts.path.count("@") == 1
        assert not parts.query
        return
    assert parts.scheme == "https"
    assert "@" not in parts.netloc
    assert PUBLIC_NAME.match(parts.hostname), link.url
    assert shown_as(link.url).isprintable()
    if link.kind in HOSTS:
        assert parts.netloc in HOSTS[link.kind]
    if link.kind is MASTODON:
        assert re.fullmatch(r"/@[A-Za-z0-9_.-]+", parts.path)
