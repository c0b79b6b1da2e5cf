"""When the server does not answer: the phone asks by itself, and keeps the yes."""

import pytest
from playwright.sync_api import expect

from scanner.steps import opened, question
from webapp.conversations.models import Claim

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

PRINTED = "**/B/*"
TALKS = "**/talks"


def sent(phone, session):
    """Let the phone send what it kept; return what was counted."""
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    phone.open("/waiting")
    expect(phone.page.get_by_text("sent and counted")).to_be_visible()
    return session.query(Claim).all()


def expect_no_trouble_but_the_network(phone):
    """Whatever the console says is about requests that failed."""
    told = ("net::ERR_FAILED", "status of 502", "htmx:error")
    assert [text for text in phone.problems if not any(word in text for word in told)] == []
    phone.problems.clear()


def kept(phone):
    return phone.page.get_by_role("heading", name="Kept on this phone")


NOBODY = {
    "no network": lambda route: route.abort(),
    "a gateway that is down": lambda route: route.fulfill(
        status=502, body="<html><h1>Bad gateway</h1></html>"
    ),
    "the page of a hotel's network": lambda route: route.fulfill(
        status=200, content_type="text/html", body="<html><h1>Welcome, guest</h1></html>"
    ),
}

without_answer = pytest.mark.parametrize("answer", NOBODY.values(), ids=NOBODY)


@without_answer
def test_a_badge_nobody_answers_for_is_asked_about_and_kept(
    ben_alone, phone, cast, session, answer
):
    amina = phone(cast.attendee, service_workers="block")
    amina.page.route(PRINTED, answer)
    amina.open(f"/events/{cast.event.id}/scan")
    expect(amina.page.get_by_role("heading", name="Did you talk?")).to_be_visible()
    assert amina.page.evaluate("document.activeElement.id") == "found"
    amina.tap("Yes, we talked")
    expect(kept(amina)).to_be_visible()
    expect_no_trouble_but_the_network(amina)
    amina.page.unroute(PRINTED)
    assert [claim.about_id for claim in sent(amina, session)] == [cast.ben.id]


def test_a_server_that_is_too_slow_is_not_waited_for(ben_alone, phone, cast):
    amina = phone(cast.attendee, service_workers="block")

    def impatient(route):
        answer = route.fetch()
        assert '{"timeout": "6s"}' in answer.text()
        route.fulfill(response=answer, body=answer.text().replace('"6s"', '"400ms"'))

    amina.page.route("**/scan", impatient)
    amina.page.route(PRINTED, lambda _: None)
    amina.open(f"/events/{cast.event.id}/scan")
    expect(amina.page.get_by_role("heading", name="Did you talk?")).to_be_visible()
    expect_no_trouble_but_the_network(amina)


@without_answer
def test_a_yes_that_is_lost_on_the_way_is_kept_and_counted_once(
    ben_alone, phone, cast, session, answer
):
    amina = opened(phone, cast)
    amina.page.route(TALKS, answer)
    expect(question(amina)).to_be_visible()
    amina.tap("Yes, we talked")
    expect(kept(amina)).to_be_visible()
    expect(
        amina.page.get_by_text("Bad gateway").or_(amina.page.get_by_text("guest"))
    ).to_be_hidden()
    expect_no_trouble_but_the_network(amina)
    amina.page.unroute(TALKS)
    assert [claim.about_id for claim in sent(amina, session)] == [cast.ben.id]


def test_a_yes_whose_answer_is_lost_is_counted_once(ben_alone, phone, cast, session):
    amina = opened(phone, cast)

    def lose(route):
        route.fetch()
        route.abort()

    amina.page.route(TALKS, lose)
    expect(question(amina)).to_be_visible()
    amina.tap("Yes, we talked")
    expect(kept(amina)).to_be_visible()
    expect_no_trouble_but_the_network(amina)
    amina.page.unroute(TALKS)
    assert len(sent(amina, session)) == 1


def test_after_a_kept_scan_it_goes_on(ben_alone, phone, cast):
    amina = phone(cast.attendee, service_workers="block")
    amina.page.route(PRINTED, lambda route: route.abort())
    amina.open(f"/events/{cast.event.id}/scan")
    expect(amina.page.get_by_role("heading", name="Did you talk?")).to_be_visible()
    amina.tap("Not yet")
    expect(amina.page.get_by_text("Looking for a code")).to_be_visible()
    expect_no_trouble_but_the_network(amina)
