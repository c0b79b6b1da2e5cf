"""Links on real phones: opening one, giving one, and putting one's own in order."""

import time
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from people import make_cast, make_link, talk
from webapp.followups.models import TieSide
from webapp.ties import services
from webapp.ties.models import Audience, Link, LinkKind, Tie
from webapp.ties.rules import CheckedLink

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
"""What a screen does does not depend on the database."""

PATIENCE = timedelta(seconds=5)


@pytest.fixture
def cast(session):
    cast = make_cast(session)
    for url, audience in (("amina@example.org", "ask"), ("cal.com/amina", "everyone")):
        kind, stored = (
            (LinkKind.EMAIL, f"mailto:{url}")
            if "@" in url
            else (LinkKind.CALENDAR, f"https://{url}")
        )
        services.add_link(
            session,
            person=cast.attendee,
            link=CheckedLink(kind, stored),
            audience=Audience(audience),
            now=cast.event.created_at,
        )
    talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    session.commit()
    return cast


@pytest.fixture
def person(session, cast):
    return f"/people/{session.query(Tie).one().id}"


def noted(session, who):
    """Who has opened a link of the other side; looking must not keep others from writing."""
    sides = session.query(TieSide).filter(TieSide.link_opened_at.is_not(None))
    found = [side.person_id for side in sides]
    session.rollback()
    return found


def wait_until_noted(session, person):
    until = time.monotonic() + PATIENCE.total_seconds()
    while not noted(session, person) and time.monotonic() < until:
        time.sleep(0.05)
    assert noted(session, person) == [person.id]


def answering(one, asked):
    """Let the other's website answer, and note what it was asked with."""

    def answer(route):
        asked.append(route.request.all_headers())
        route.fulfill(body="Here", content_type="text/plain")

    one.context.route("https://amina.example.org/**", answer)


def test_opening_a_link_leads_straight_there_and_is_noted(phone, cast, session, person):
    ben, asked = phone(cast.other), []
    answering(ben, asked)
    ben.open(person)
    assert noted(session, cast.other) == []
    with ben.context.expect_page() as opened:
        ben.page.get_by_role("link", name="amina.example.org").click()
    expect(opened.value.get_by_text("Here")).to_be_visible()
    assert opened.value.url == "https://amina.example.org/"
    assert "referer" not in asked[0]
    wait_until_noted(session, cast.other)


def test_a_link_opened_on_the_page_of_the_talk_is_noted_too(phone, cast, session, person):
    ben, asked = phone(cast.other), []
    answering(ben, asked)
    ben.open(person)
    ben.page.get_by_role("link", name="PyMeetup Nov").click()
    ben.page.get_by_role("heading", name="Open to you now").wait_for()
    with ben.context.expect_page():
        ben.page.get_by_role("link", name="amina.example.org").click(button="middle")
    wait_until_noted(session, cast.other)


def test_looking_at_ones_own_links_or_elsewhere_on_the_page_notes_nothing(
    phone, cast, session, person
):
    ben, sent = phone(cast.other), []
    ben.page.on("request", lambda request: sent.append(request.url))
    make_link(session, person=cast.other, url="https://own.example.org")
    ben.context.route("https://own.example.org/**", lambda route: route.fulfill(body="Mine"))
    ben.open("/me/seen")
    with ben.context.expect_page():
        ben.page.get_by_role("link", name="own.example.org").click()
    ben.open(person)
    ben.page.get_by_role("heading", name="Amina Diallo").click()
    ben.page.get_by_role("link", name="amina.example.org").click(button="right")
    ben.page.get_by_role("link", name="PyMeetup Nov").click()
    ben.page.get_by_role("heading", name="Open to you now").wait_for()
    assert sent
    assert [url for url in sent if url.endswith("/opened")] == []


def test_of_the_ways_to_go_on_only_those_to_another_site_are_noted(phone, cast, session, person):
    url = "https://www.linkedin.com/in/amina"
    make_link(session, person=cast.attendee, url=url, kind=LinkKind.LINKEDIN)
    ben, sent = phone(cast.other), []
    ben.page.on("request", lambda request: sent.append(request.url))
    ben.context.route("https://www.linkedin.com/**", lambda route: route.fulfill(body="Amina"))
    ben.open("/follow-up")
    ben.page.get_by_text("After the event").click()
    ben.page.get_by_text("More ways").click()
    ben.page.get_by_role("link", name="Put a day in the calendar").click()
    ben.open("/follow-up")
    ben.page.get_by_text("After the event").click()
    ben.page.get_by_role("link", name="Write on LinkedIn").click()
    ben.page.wait_for_load_state()
    expect(ben.page.get_by_text("Hi Amina, it was good to talk").first).to_be_visible()
    assert [url for url in sent if url.endswith("/opened")] == []
    with ben.context.expect_page():
        ben.page.get_by_role("link", name="Open LinkedIn").click()
    wait_until_noted(session, cast.other)


def test_without_scripts_a_link_works_and_nothing_is_noted(phone, cast, session, person):
    ben, asked = phone(cast.other, java_script_enabled=False), []
    answering(ben, asked)
    ben.open(person)
    with ben.context.expect_page() as opened:
        ben.page.get_by_role("link", name="amina.example.org").click()
    expect(opened.value.get_by_text("Here")).to_be_visible()
    assert noted(session, cast.other) == []


def test_giving_and_taking_back_happens_on_the_spot(phone, cast, session, person):
    amina, ben = phone(cast.attendee), phone(cast.other)
    amina.open(person)
    amina.page.locator("html[data-htmx]").wait_for()
    amina.page.wait_for_load_state("networkidle")
    here = amina.page.url
    amina.page.get_by_role("button", name="Give").click()
    expect(amina.page.get_by_text("Ben Ng has your e-mail")).to_be_visible()
    ben.open(person)
    expect(ben.page.get_by_role("link", name="amina@example.org")).to_be_visible()
    amina.page.get_by_role("button", name="Take back").click()
    expect(amina.page.get_by_text("Ben Ng does not have your e-mail")).to_be_visible()
    ben.open(person)
    expect(ben.page.get_by_role("link", name="amina@example.org")).to_have_count(0)
    assert amina.page.url == here


def test_a_link_is_added_moved_changed_removed_and_put_back_on_one_screen(phone, cast, session):
    amina = phone(cast.attendee)
    amina.open("/me")
    page, links = amina.page, amina.page.locator("#links bdi")
    page.wait_for_load_state("networkidle")
    expect(links).to_have_text(["amina.example.org", "amina@example.org", "cal.com/amina"])
    page.get_by_text("Add a link").click()
    page.locator("#url").fill("bit.ly/x")
    page.get_by_role("button", name="Add the link").click()
    expect(page.get_by_text("A short link hides where it leads")).to_be_visible()
    expect(page.locator("#url")).to_have_value("bit.ly/x")
    page.locator("#url").fill("@amina@chaos.social")
    page.get_by_role("button", name="Add the link").click()
    expect(links).to_have_count(4)
    row = page.locator(".own-link", has_text="chaos.social")
    row.locator("summary").click()
    row.get_by_role("button", name="Move up").click()
    expect(links.nth(2)).to_have_text("chaos.social/@amina")
    row.locator("summary").click()
    row.get_by_label("Who gets it?").select_option("Never recruiters")
    row.get_by_role("button", name="Keep").click()
    expect(row.locator("summary")).to_contain_text("Never recruiters")
    row.locator("summary").click()
    row.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Removed chaos.social/@amina")).to_be_visible()
    page.locator("#links").get_by_role("button", name="Undo").click()
    expect(links.nth(2)).to_have_text("chaos.social/@amina")
    session.rollback()
    assert session.query(Link).filter_by(person_id=cast.attendee.id, removed_at=None).count() == 4
