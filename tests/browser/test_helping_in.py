"""A person and a host at the same time, each with their own screen."""

import pytest
from playwright.sync_api import expect

from people import make_cast
from webapp.core import clock
from webapp.topics.rules import OwnTopics, topics_in
from webapp.topics.services import keep_topics

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
"""What two people see of each other does not depend on the database."""

DESKTOP = {"width": 1280, "height": 800}


@pytest.fixture
def cast(session):
    cast = make_cast(session)
    for attendee in (cast.amina, cast.ben):
        said = OwnTopics(offers=tuple(topics_in("choirs")))
        keep_topics(session, attendee=attendee, said=said, now=clock.now())
    session.commit()
    return cast


def ask(phone, line=""):
    phone.page.get_by_label("A host may introduce me").check()
    phone.page.get_by_label("What would you like to talk about, or with whom?").fill(line)
    phone.tap("Keep")
    expect(phone.page.get_by_text("Hosts see that you would like")).to_be_visible()


@pytest.mark.parametrize("has_javascript", [True, False])
def test_somebody_asks_a_host_helps_and_both_see_it(phone, cast, has_javascript):
    amina = phone(cast.attendee, java_script_enabled=has_javascript)
    ben = phone(cast.other, java_script_enabled=has_javascript)
    host = phone(cast.organiser, java_script_enabled=has_javascript, viewport=DESKTOP)
    ben.open(f"/events/{cast.event.id}/introduce-me")
    ask(ben)
    amina.open(f"/events/{cast.event.id}/meet")
    amina.page.get_by_role("link", name="Whom to look for").click()
    amina.page.get_by_role("link", name="Let a host introduce you").click()
    ask(amina, "Somebody who sings")

    host.open(f"/events/{cast.event.id}/hosting")
    expect(host.page.get_by_text("2 people would like to be introduced.")).to_be_visible()
    card = host.page.locator("li.card", has_text="Somebody who sings")
    card.get_by_role("button", name="I will help").click()
    expect(card.get_by_text("You are on it since")).to_be_visible()
    expect(card.get_by_text("both know choirs")).to_be_visible()

    amina.open(f"/events/{cast.event.id}/meet")
    told = amina.page.get_by_role("link", name="Olga Organiser, the organiser, will introduce you")
    expect(told).to_be_visible()
    card.get_by_role("button", name="I introduced them").click()
    expect(host.page.get_by_text("You introduced them at")).to_be_visible()
    host.page.get_by_role("button", name="Undo").click()
    expect(card.get_by_text("You are on it since")).to_be_visible()

    told.click()
    amina.tap("Thanks, all good")
    expect(amina.page.get_by_text("No host sees you on their list any more.")).to_be_visible()
    host.page.reload()
    expect(host.page.get_by_text("1 person would like to be introduced.")).to_be_visible()
    expect(card).to_have_count(0)


def test_the_screen_beside_my_code_learns_by_itself_who_will_help(phone, cast):
    amina, host = phone(cast.attendee), phone(cast.desk)
    amina.open(f"/events/{cast.event.id}/introduce-me")
    ask(amina)
    amina.open(f"/events/{cast.event.id}/meet")
    expect(amina.page.get_by_text("You asked to be introduced")).to_be_visible()
    host.open(f"/events/{cast.event.id}/hosting")
    host.tap("I will help")
    told = amina.page.get_by_text("Dan Desk from the desk will introduce you")
    expect(told).to_be_visible(timeout=10_000)


def test_a_tap_on_a_card_that_was_taken_back_says_so(phone, cast):
    amina, host = phone(cast.attendee), phone(cast.desk)
    amina.open(f"/events/{cast.event.id}/introduce-me")
    ask(amina)
    host.open(f"/events/{cast.event.id}/hosting")
    amina.tap("Thanks, all good")
    expect(amina.page.get_by_text("No host sees you on their list any more.")).to_be_visible()
    host.tap("I will help")
    expect(host.page.get_by_role("status")).to_contain_text("They are not on the list any more.")


def test_a_list_nobody_looks_at_asks_for_nothing_new(phone, cast):
    host, asked = phone(cast.desk), []
    host.page.clock.install()
    host.open(f"/events/{cast.event.id}/hosting")
    host.page.wait_for_function("() => window.htmx")
    host.page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    is_hidden = "(is) => Object.defineProperty(document, 'hidden', { value: is, writable: true })"
    for is_unseen in (True, False):
        host.page.evaluate(is_hidden, is_unseen)
        asked.clear()
        host.page.clock.fast_forward(21_000)
        host.page.wait_for_timeout(300)
        assert ("hosting-now" in asked) is not is_unseen
