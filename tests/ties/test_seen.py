"""What I am shown of myself is exactly what the other one sees."""

import pytest

from markup import part_of
from people import make_link, talk
from webapp.conversations import services as talks
from webapp.core import clock
from webapp.events.models import RoleName
from webapp.events.services import grant_role
from webapp.ties import services
from webapp.ties.models import Audience, Link, LinkKind, Tie
from webapp.ties.rules import CheckedLink

URLS = {
    Audience.EVERYONE: ("https://cal.com/amina", LinkKind.CALENDAR),
    Audience.ASK: ("mailto:amina@example.org", LinkKind.EMAIL),
    Audience.NEVER_RECRUITERS: ("https://chaos.social/@amina", LinkKind.MASTODON),
}


@pytest.fixture
def amina(cast, session, browser_of):
    """Amina with a link for each audience, her first one on top, and a tie with Ben."""
    for audience, (url, kind) in URLS.items():
        link = CheckedLink(kind, url)
        services.add_link(
            session, person=cast.attendee, link=link, audience=audience, now=clock.now()
        )
    make_link(session, person=cast.attendee, url="https://last.example.org/%22%3E%3Cb%3E")
    talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    return browser_of(cast.attendee)


@pytest.fixture
def tie(session, amina):
    return session.query(Tie).one()


def links_part(browser, url):
    """The bytes of the list of links, as they were sent."""
    text = browser.get(url).get_data(as_text=True)
    start = text.find('<ul class="rows open-links">')
    return text[start : text.index("</ul>", start)].encode() if start >= 0 else b""


def hrefs(part):
    root, _problems = part_of(part.decode())
    return [a.get("href") for a in root.iter("a")]


FIRST, LAST = "https://amina.example.org", "https://last.example.org/%22%3E%3Cb%3E"
CALENDAR, EMAIL, MASTODON = (url for url, _kind in URLS.values())


@pytest.mark.parametrize("is_recruiter", [False, True])
@pytest.mark.parametrize("is_given", [False, True])
def test_through_the_eyes_of_one_i_met_it_is_the_same_byte_by_byte(
    cast, session, browser_of, amina, tie, is_recruiter, is_given
):
    if is_recruiter:
        name = RoleName.RECRUITER
        grant_role(session, event=cast.event, person=cast.other, name=name, now=clock.now())
    if is_given:
        link = session.query(Link).filter_by(url=EMAIL).one()
        amina.send(f"/people/{tie.id}/links/{link.id}/give")
    real = links_part(browser_of(cast.other), f"/people/{tie.id}")
    assert links_part(amina, f"/me/seen?by={tie.id}") == real
    expected = {FIRST, CALENDAR, LAST}
    expected |= {EMAIL} if is_given else set()
    expected |= set() if is_recruiter else {MASTODON}
    assert set(hrefs(real)) == expected


@pytest.mark.parametrize("by", ["somebody", "recruiter"])
def test_somebody_new_then_sees_what_i_was_shown(cast, session, browser_of, amina, by):
    shown = links_part(amina, f"/me/seen?by={by}")
    about = cast.rita if by == "recruiter" else cast.ben
    if by == "recruiter":
        talk(session, event=cast.event, by=cast.amina, about=about)
    (tie,) = [one for one in session.query(Tie) if about.person_id in _pair(one)]
    person = cast.recruiter if by == "recruiter" else cast.other
    assert shown == links_part(browser_of(person), f"/people/{tie.id}")
    assert set(hrefs(shown)) == {FIRST, CALENDAR, LAST} | ({MASTODON} - _hidden_from(by))


def _pair(tie):
    return {tie.low_person_id, tie.high_person_id}


def _hidden_from(by):
    return {MASTODON} if by == "recruiter" else set()


def test_one_chooses_through_whose_eyes_without_script(cast, amina, tie):
    amina.get("/me/seen")
    names = [one.text for one in amina.page.all("option")]
    assert names == ["Somebody I talk with", "A recruiter", "Ben Ng"]
    amina.submit("/me/seen", by=tie.id)
    (chosen,) = [one for one in amina.page.all("option") if "selected" in one.attrib]
    assert chosen.get("value") == tie.id
    assert "Amina Diallo" in amina.text


@pytest.mark.parametrize("closing", ["untied", "blocked", "of two others", "unknown"])
def test_there_are_no_eyes_but_those_of_people_i_am_tied_to(
    cast, session, browser_of, amina, tie, closing
):
    by = "0" * 16 if closing == "unknown" else tie.id
    if closing == "untied":
        services.untie(session, tie=tie, by=cast.other, now=clock.now())
    if closing == "blocked":
        talks.block(session, blocker_id=cast.other.id, blocked_id=cast.attendee.id, now=clock.now())
    browser = browser_of(cast.stranger) if closing == "of two others" else amina
    usual = browser.get("/me/seen").get_data()
    assert browser.get(f"/me/seen?by={by}").get_data() == usual
    assert (b"Ben Ng" in usual) == (closing == "unknown")


def test_what_is_shown_counts_as_no_opened_link(amina, tie):
    for by in ("somebody", "recruiter", tie.id):
        assert "data-opened" not in amina.get(f"/me/seen?by={by}").get_data(as_text=True)


def test_without_links_it_says_so(cast, session, browser_of):
    browser = browser_of(cast.stranger)
    session.query(Link).filter_by(person_id=cast.stranger.id).delete()
    browser.get("/me/seen")
    assert "No links." in browser.text


def test_signed_out_one_is_asked_to_sign_in(session, browser):
    answer = browser.get("/me/seen")
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in")
