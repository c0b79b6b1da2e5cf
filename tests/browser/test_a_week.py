"""From the scan in the evening to the kept promise a week later, between two people."""

from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import expect

from people import EVENING, badge_of, make_cast, make_link
from webapp.badges import codes
from webapp.ties.models import LinkKind

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
def clock():
    """The clock of the server: it goes on, and tests move it."""
    with time_machine.travel(EVENING, tick=True) as traveller:
        yield traveller


@pytest.fixture
def cast(clock, session):
    cast = make_cast(session)
    profile = "https://www.linkedin.com/in/ben"
    make_link(session, person=cast.other, url=profile, kind=LinkKind.LINKEDIN)
    session.commit()
    return cast


def heading(one):
    return expect(one.page.get_by_role("heading", level=1))


def meet(amina, ben, cast, session):
    """Amina scans Ben's badge, and Ben says yes."""
    amina.open(f"/B/{codes.printed_code(badge_of(session, cast.ben))}")
    amina.tap("Yes, we talked")
    heading(amina).to_have_text("You said you talked with Ben Ng")
    ben.open("/follow-up")
    ben.tap("Yes")
    expect(ben.page.get_by_role("link", name="amina.example.org")).to_be_visible()


def promise(amina):
    """Amina notes what Ben needed, and promises a link within a week."""
    amina.page.reload()
    amina.page.get_by_label("What did Ben Ng need?").fill("vector search")
    amina.page.get_by_label("send a link").check()
    amina.page.get_by_label("What exactly, or anything else").fill("the pgvector paper")
    amina.tap("Keep")
    expect(amina.page.get_by_text("Kept. Ben Ng sees your promise.")).to_be_visible()


def change(amina, words):
    """Amina takes words of her own along."""
    amina.page.get_by_text("Change the words").click()
    amina.page.get_by_label("Your words").fill(words)
    amina.tap("Use these words")


def write(amina):
    """Amina takes words along that begin with what she noted and promised."""
    amina.page.get_by_role("link", name="Write a few words").first.click()
    heading(amina).to_have_text("Write to Ben Ng")
    taken = amina.page.locator("#taken")
    expect(taken).to_have_text(
        "Hi Ben, it was good to talk with you at PyMeetup Nov. You were looking for: vector search."
        " As promised, here is the link (the pgvector paper):"
    )
    change(amina, "Hi Ben, here is the paper.")
    expect(taken).to_have_text("Hi Ben, here is the paper.")
    leads = amina.page.get_by_role("link", name="Open LinkedIn")
    expect(leads).to_have_attribute("href", "https://www.linkedin.com/in/ben")


@pytest.mark.parametrize("has_javascript", [True, False])
def test_from_the_scan_in_the_evening_to_the_kept_promise_a_week_later(
    phone, session, clock, cast, has_javascript
):
    amina = phone(cast.attendee, java_script_enabled=has_javascript)
    ben = phone(cast.other, java_script_enabled=has_javascript)
    meet(amina, ben, cast, session)
    promise(amina)
    amina.open("/follow-up")
    heading(amina).to_have_text("Follow up")
    expect(amina.page.get_by_text("After the event")).to_be_visible()
    expect(amina.page.get_by_text("You promised")).to_be_hidden()

    clock.shift(timedelta(hours=13, minutes=30))
    amina.open("/follow-up")
    heading(amina).to_have_text("Good morning. 1 promise.")
    expect(amina.page.get_by_text("You promised")).to_be_visible()
    write(amina)
    amina.tap("Done")
    expect(amina.page.get_by_text("Followed up.")).to_be_visible()
    ben.open("/follow-up")
    expect(ben.page.get_by_text("Send a link: the pgvector paper")).to_be_visible()

    clock.shift(timedelta(days=7))
    amina.open("/follow-up")
    heading(amina).to_have_text("Good morning. 1 promise.")
    expect(amina.page.get_by_text("was due")).to_be_visible()
    expect(amina.page.get_by_text("Whom you met")).to_be_hidden()
    amina.tap("Done")
    expect(amina.page.get_by_text("You say it is done.")).to_be_visible()
    ben.open("/follow-up")
    ben.tap("Yes, thank you")
    expect(ben.page.get_by_text("Done. You said thank you.")).to_be_visible()
    amina.open("/people")
    amina.page.get_by_role("link", name="Ben Ng").click()
    expect(amina.page.get_by_text("Ben Ng says it is done.")).to_be_visible()


def test_words_are_copied_by_a_tap(phone, session, clock, cast):
    amina, ben = phone(cast.attendee), phone(cast.other)
    amina.context.grant_permissions(["clipboard-read", "clipboard-write"])
    meet(amina, ben, cast, session)
    amina.open("/people")
    amina.page.get_by_role("link", name="Ben Ng").click()
    amina.page.get_by_role("link", name="Write a few words").click()
    amina.tap("Copy")
    expect(amina.page.get_by_role("button", name="Copied")).to_be_visible()
    suggested = amina.page.evaluate("() => navigator.clipboard.readText()")
    assert suggested == "Hi Ben, it was good to talk with you at PyMeetup Nov."
    change(amina, "Hi Ben,\nsing with us & stay.")
    expect(amina.page.locator("#taken")).to_have_text("Hi Ben, sing with us & stay.")
    amina.tap("Copy")
    expect(amina.page.get_by_role("button", name="Copied")).to_be_visible()
    copied = amina.page.evaluate("() => navigator.clipboard.readText()")
    assert copied == "Hi Ben,\nsing with us & stay."


def test_the_screen_is_there_without_a_network(phone, session, clock, cast):
    amina, ben = phone(cast.attendee), phone(cast.other)
    meet(amina, ben, cast, session)
    promise(amina)
    clock.shift(timedelta(hours=13, minutes=30))
    amina.open("/follow-up")
    for _ in range(200):
        if amina.page.evaluate("async () => Boolean(await caches.match('/follow-up'))"):
            break
        amina.page.wait_for_timeout(100)
    amina.open("/follow-up")
    amina.context.set_offline(True)
    amina.page.reload()
    heading(amina).to_have_text("Good morning. 1 promise.")
    expect(amina.page.get_by_text("No connection.")).to_be_visible()
