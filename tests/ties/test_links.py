"""Links are safe to open and what they say they are; each Person changes only their own."""

import pytest

from people import make_link
from webapp.ties.models import Link, LinkKind
from webapp.ties.rules import CheckedLink, checked_link, shown_as

LINKEDIN, GITHUB = LinkKind.LINKEDIN, LinkKind.GITHUB
WEBSITE, EMAIL = LinkKind.WEBSITE, LinkKind.EMAIL
AMINA_IN, AMINA_HUB = "https://www.linkedin.com/in/amina", "https://github.com/amina"

TAKEN = [
    (LINKEDIN, "linkedin.com/in/amina", AMINA_IN),
    (LINKEDIN, " https://de.linkedin.com/in/amina/?trk=x#y ", AMINA_IN),
    (LINKEDIN, "http://WWW.LinkedIn.com/in/amina", AMINA_IN),
    (GITHUB, "github.com/amina", AMINA_HUB),
    (GITHUB, "https://www.GitHub.com/amina/?tab=repositories", AMINA_HUB),
    (GITHUB, "github.com/a-1", "https://github.com/a-1"),
    (GITHUB, "github.com/" + "a" * 39, "https://github.com/" + "a" * 39),
    (WEBSITE, "example.org", "https://example.org"),
    (WEBSITE, "HTTPS://EXAMPLE.org:8443/A?b=1#c", "https://example.org:8443/A?b=1#c"),
    (WEBSITE, "example.org:8080", "https://example.org:8080"),
    (WEBSITE, "https://bücher.example/ü", "https://xn--bcher-kva.example/ü"),
    (WEBSITE, "https://\u0430pple.example", "https://xn--pple-43d.example"),
    (WEBSITE, "https://example.org\u3002evil.example", "https://example.org.evil.example"),
    (EMAIL, "Amina@EXAMPLE.org", "mailto:Amina@example.org"),
    (EMAIL, "mailto:amina@example.org", "mailto:amina@example.org"),
    (EMAIL, "a?bcc=x&y@example.org", "mailto:a%3Fbcc%3Dx%26y@example.org"),
    (EMAIL, "a%0d%0ab@example.org", "mailto:a%250d%250ab@example.org"),
    (EMAIL, "a@bücher.example", "mailto:a@xn--bcher-kva.example"),
]
REFUSED_BY_ALL = [
    "",
    "javascript:alert(1)",
    "JavaScript:alert(1)//https://example.org",
    "javascript://example.org/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "https://",
    "https://[",
    "https://[example.org",
    "https:///example.org",
    "//example.org",
    "https://example.org@evil.example",
    "https://example.org:secret@evil.example",
    "https://example.org\uff0fx",
    "mailto:a@example.org?bcc=x@evil.example",
    "mailto:a@example.org&subject=x",
    "a@example.org,b@example.org",
    "Amina <a@example.org>",
]
REFUSED = [
    (LINKEDIN, "linkedin.com.evil.example/in/amina"),
    (LINKEDIN, "evil-linkedin.com/in/amina"),
    (LINKEDIN, "https://evillinkedin.com/in/amina"),
    (LINKEDIN, "https://evil.example/linkedin.com/in/amina"),
    (LINKEDIN, "https://evil.example#linkedin.com/in/amina"),
    (LINKEDIN, "https://www.linkedin.com@evil.example/in/amina"),
    (LINKEDIN, "https://user@linkedin.com/in/amina"),
    (LINKEDIN, "https://linkedin.com:8443/in/amina"),
    (LINKEDIN, "https://l\u0131nkedin.com/in/amina"),
    (LINKEDIN, "https://linked\u0456n.com/in/amina"),
    (LINKEDIN, "ftp://linkedin.com/in/amina"),
    (LINKEDIN, "javascript://linkedin.com/in/amina"),
    (LINKEDIN, "linkedin.com/company/amina"),
    (LINKEDIN, "linkedin.com/in/"),
    (LINKEDIN, "linkedin.com/in/amina/../../login"),
    (GITHUB, "github.com.evil.example/amina"),
    (GITHUB, "evilgithub.com/amina"),
    (GITHUB, "gist.github.com/amina"),
    (GITHUB, "https://user@github.com/amina"),
    (GITHUB, "https://github.com@evil.example/amina"),
    (GITHUB, "https://[github.com/amina"),
    (GITHUB, "github.com\uff0famina"),
    (GITHUB, "github.com/amina/repository"),
    (GITHUB, "github.com/-amina"),
    (GITHUB, "github.com/amina-"),
    (GITHUB, "github.com/a--b"),
    (GITHUB, "github.com/\u0430mina"),
    (GITHUB, "github.com/" + "a" * 40),
    (GITHUB, "github.com/"),
    (WEBSITE, "http://example.org"),
    (WEBSITE, "ftp://example.org"),
    (WEBSITE, "https://localhost"),
    (WEBSITE, "https://user@example.org"),
    (WEBSITE, "https://user:pw@example.org"),
    (WEBSITE, "https://evil.example\\example.org"),
    (WEBSITE, "https://example.org:99999"),
    (WEBSITE, "https://example..org"),
    (WEBSITE, "https://ex\u202eample.org"),
    (WEBSITE, "https://" + "a" * 64 + ".example"),
    (EMAIL, "amina"),
    (EMAIL, "amina@localhost"),
    (EMAIL, "amina@[127.0.0.1]"),
    (EMAIL, '"a"@example.org'),
    (EMAIL, "a@b@example.org"),
]


@pytest.mark.parametrize(("kind", "typed", "url"), TAKEN)
def test_a_link_is_stored_in_one_plain_form(kind, typed, url):
    assert checked_link(kind, typed) == CheckedLink(kind, url)
    assert checked_link(kind, url) == CheckedLink(kind, url) or "%" in url


@pytest.mark.parametrize("typed", REFUSED_BY_ALL)
@pytest.mark.parametrize("kind", LinkKind)
def test_what_is_no_safe_link_is_none_of_any_kind(kind, typed):
    assert checked_link(kind, typed) is None


@pytest.mark.parametrize(("kind", "typed"), REFUSED)
def test_a_link_that_is_not_what_it_says_is_refused(kind, typed):
    assert checked_link(kind, typed) is None


GOOD = {LINKEDIN: AMINA_IN, GITHUB: AMINA_HUB, WEBSITE: "https://example.org/x"}
GOOD[EMAIL] = "amina@example.org"


@pytest.mark.parametrize("kind", LinkKind)
def test_no_control_character_gets_into_a_link(kind):
    for code in (*range(33), 127):
        for at in (1, len(GOOD[kind]) // 2, len(GOOD[kind]) - 1):
            dirty = GOOD[kind][:at] + chr(code) + GOOD[kind][at:]
            assert checked_link(kind, dirty) is None
    assert checked_link(kind, "a@example.org\r\nBcc: b@example.org") is None


def test_a_link_has_at_most_500_characters():
    longest = "https://example.org/" + "a" * 480
    assert checked_link(WEBSITE, longest) == CheckedLink(WEBSITE, longest)
    assert checked_link(WEBSITE, longest + "a") is None


@pytest.mark.parametrize(
    ("url", "text"),
    [
        (AMINA_IN, "linkedin.com/in/amina"),
        ("https://example.org/", "example.org"),
        ("mailto:a%3Fb@example.org", "a?b@example.org"),
    ],
)
def test_a_link_is_shown_without_what_people_do_not_read(url, text):
    assert shown_as(url) == text


def urls_of(session, person):
    session.expire_all()
    return {link.url for link in session.query(Link).filter_by(person_id=person.id)}


@pytest.fixture
def amina(cast, browser_of):
    browser = browser_of(cast.attendee)
    browser.get("/me")
    return browser


AT_FIRST = "https://amina.example.org"


@pytest.mark.parametrize("hx", [False, True])
def test_adding_a_link_shows_it_at_once(cast, session, amina, hx):
    answer = amina.submit("/me/links", hx=hx, kind="github", url="github.com/amina")
    assert answer.status_code == (200 if hx else 303)
    assert urls_of(session, cast.attendee) == {AT_FIRST, AMINA_HUB}
    if not hx:
        amina.get("/me")
    assert "github.com/amina" in amina.text


def test_a_link_added_twice_is_there_once(cast, session, amina):
    for typed in ("github.com/amina", "https://www.github.com/amina/"):
        amina.submit("/me/links", kind="github", url=typed)
        amina.get("/me")
    assert session.query(Link).filter_by(url=AMINA_HUB).count() == 1


@pytest.mark.parametrize("hx", [False, True])
@pytest.mark.parametrize(
    "link",
    [
        ("website", "javascript:alert(1)"),
        ("website", 'https://user@example.org/"><b>'),
        ("linkedin", "linkedin.com.evil.example/in/amina"),
        ("github", "https://[github.com/amina"),
        ("email", "a@example.org?subject=x"),
        ("website", ""),
        ("website", "https://example.org/" + "a" * 481),
    ],
)
def test_a_link_that_cannot_be_taken_stays_typed(cast, session, amina, link, hx):
    kind, typed = link
    assert amina.submit("/me/links", hx=hx, kind=kind, url=typed).status_code == 422
    (field,) = [one for one in amina.page.all("input") if one.get("name") == "url"]
    assert field.get("value") == typed
    chosen = [one for one in amina.page.all("option") if one.get("selected") is not None]
    assert [one.get("value") for one in chosen] == [kind]
    assert urls_of(session, cast.attendee) == {AT_FIRST}


@pytest.mark.parametrize("kind", ["", "phone", "LINKEDIN"])
def test_a_kind_of_link_that_does_not_exist_is_refused(cast, session, amina, kind):
    answer = amina.submit("/me/links", kind=kind, url="https://example.org")
    assert answer.status_code == 422
    assert urls_of(session, cast.attendee) == {AT_FIRST}


def test_removing_a_link_takes_it_away_from_the_page(cast, session, amina):
    (link,) = session.query(Link).filter_by(person_id=cast.attendee.id)
    assert amina.submit(f"/me/links/{link.id}/remove").status_code == 303
    amina.get("/me")
    assert "amina.example.org" not in amina.text
    assert urls_of(session, cast.attendee) == set()


def test_the_id_of_another_persons_link_does_nothing(cast, session, amina):
    (link,) = session.query(Link).filter_by(person_id=cast.other.id)
    answers = [amina.send(f"/me/links/{one}/remove") for one in (link.id, "0" * len(link.id))]
    assert [(a.status_code, a.location, a.get_data()) for a in answers[:1]] == [
        (a.status_code, a.location, a.get_data()) for a in answers[1:]
    ]
    assert urls_of(session, cast.other) == {"https://ben.example.org"}
    assert urls_of(session, cast.attendee) == {AT_FIRST}


def test_ten_links_are_enough(cast, session, amina):
    for number in range(8):
        make_link(session, person=cast.attendee, url=f"https://{number}.example.org")
    amina.get("/me")
    assert amina.submit("/me/links", kind="website", url="tenth.example.org").status_code == 303
    amina.get("/me")
    assert amina.submit("/me/links", kind="website", url="more.example.org").status_code == 422
    have = urls_of(session, cast.attendee)
    assert len(have) == 10
    assert "https://tenth.example.org" in have
    amina.get("/me")
    assert amina.submit("/me/links", kind="website", url="tenth.example.org").status_code == 303


def test_signed_out_nobody_adds_or_removes(cast, session, browser):
    (link,) = session.query(Link).filter_by(person_id=cast.other.id)
    token = browser.token()
    for url in ("/me/links", f"/me/links/{link.id}/remove"):
        new = {"kind": "website", "url": "https://example.org", "csrf_token": token}
        answer = browser.post(url, data=new)
        assert answer.status_code == 303
        assert answer.location.startswith("/sign-in")
    assert urls_of(session, cast.other) == {"https://ben.example.org"}
