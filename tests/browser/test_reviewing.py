"""Two recruiters in two browsers work the same list at once, and no change is lost."""

import re

import pytest
from playwright.sync_api import expect

from people import make_attendee, make_cast, make_person, talk
from webapp.accounts.models import EmailAddress
from webapp.core import clock
from webapp.recruiting.models import HistoryEntry, Rating, Standing
from webapp.recruiting.services.consent import agree
from webapp.recruiting.services.teams import grant_team, invite, join

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
def reviewed(session, site):
    """Rita and Tom are a team; Amina talked with Rita and agreed."""
    cast, now = make_cast(session), clock.now()
    tom = make_person(session, name="Tom Tester", address="tom@example.org")
    make_attendee(session, event=cast.event, person=tom)
    mine = {"person_id": cast.recruiter.id, "proven_at": now, "code_proven_at": now}
    session.add(EmailAddress(address="rita@example.org", **mine))
    session.flush()
    asked = {"event": cast.event, "by": cast.organiser, "now": now}
    team = grant_team(session, name="Kora Labs", address="tom@example.org", **asked)
    invite(session, team=team, address="rita@example.org", is_admin=False, **asked)
    for person in (tom, cast.recruiter):
        join(session, event=cast.event, team=team, person=person, now=now)
    talk(session, event=cast.event, by=cast.amina, about=cast.rita)
    agree(session, team=team, person=cast.attendee, now=now)
    session.commit()
    return cast, tom


def test_the_second_is_told_and_nothing_typed_is_lost(phone, session, reviewed):
    cast, tom = reviewed
    rita, tom = phone(cast.recruiter), phone(tom)
    for one in (rita, tom):
        one.open(f"/events/{cast.event.id}/candidates")
    menu = "Stage of Amina Diallo"
    tom.page.get_by_label(menu).select_option("Contacted")
    tom.page.get_by_role("button", name="Move").click()
    expect(tom.page.get_by_text("Moved to Contacted.")).to_be_visible()
    rita.page.get_by_label(menu).select_option("Offer")
    rita.page.get_by_role("button", name="Move").click()
    expect(rita.page.get_by_text("Tom Tester moved this just now")).to_be_visible()
    expect(rita.page.get_by_text("Now: Contacted.")).to_be_visible()
    expect(rita.page.get_by_label(menu).locator("option:checked")).to_have_text("Offer")
    tom.page.get_by_role("button", name="Undo").click()
    expect(tom.page.get_by_text("Moved to To review.")).to_be_visible()
    page = f"/events/{cast.event.id}/candidates/{cast.attendee.id}"
    rita.open(page)
    tom.open(page)
    rita.page.get_by_label("Next step").fill("Call her")
    rita.page.get_by_role("button", name="Keep").click()
    expect(rita.page.get_by_text("Next: Call her")).to_be_visible()
    tom.page.get_by_label("Next step").fill("Write a long letter")
    tom.page.get_by_role("button", name="Keep").click()
    expect(tom.page.get_by_text("Rita Recruiter changed this just now")).to_be_visible()
    expect(tom.page.get_by_text("Next: Call her")).to_be_visible()
    expect(tom.page.get_by_label("Next step")).to_have_value("Write a long letter")
    tom.page.get_by_role("button", name="Keep").click()
    expect(tom.page.get_by_text("Next: Write a long letter")).to_be_visible()
    session.expire_all()
    assert session.query(Standing).one().changes == 4
    assert session.query(HistoryEntry).filter(HistoryEntry.by_id.is_not(None)).count() == 4


def test_all_of_it_is_done_with_the_keyboard_alone(phone, session, reviewed):
    cast, _tom = reviewed
    rita = phone(cast.recruiter, viewport={"width": 1280, "height": 800})
    rita.open(f"/events/{cast.event.id}/candidates")
    rita.page.get_by_label("Find").focus()
    rita.page.keyboard.type("amina")
    rita.page.keyboard.press("Enter")
    rita.page.wait_for_url("**words=amina**")
    rita.page.get_by_label("Stage of Amina Diallo").focus()
    rita.page.keyboard.type("Short")
    rita.page.keyboard.press("Tab")
    rita.page.keyboard.press("Enter")
    expect(rita.page.get_by_text("Moved to Shortlisted.")).to_be_visible()


LAPTOP = {"width": 1280, "height": 800}


def reach(one, role, name):
    """Press Tab until something has the focus, as somebody without a mouse does."""
    wanted = one.page.get_by_role(role, name=name)
    for _ in range(80):
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
        one.page.keyboard.press("Tab")
    raise AssertionError(f"no Tab leads to {name}")


def press(one, role, name):
    reach(one, role, name)
    one.page.keyboard.press("Enter")


def judge(one, steps, reasons):
    """Choose a step of each criterion with the arrows, and type why."""
    for step, reason in zip(steps, reasons, strict=True):
        while one.page.evaluate("document.activeElement.type") != "radio":
            one.page.keyboard.press("Tab")
        for _ in range(step):
            one.page.keyboard.press("ArrowRight")
        one.page.keyboard.press("Tab")
        one.page.keyboard.type(reason)
    press(one, "button", "Keep my review")


def test_two_review_alone_and_then_read_each_other_with_the_keyboard_alone(
    phone, session, reviewed
):
    cast, tom = reviewed
    rita, tom = phone(cast.recruiter, viewport=LAPTOP), phone(tom, viewport=LAPTOP)
    page = f"/events/{cast.event.id}/candidates/{cast.attendee.id}"
    tom.open(f"/events/{cast.event.id}/candidates")
    press(tom, "link", "Openings")
    tom.page.wait_for_url("**/openings")
    reach(tom, "textbox", "What is it called?")
    tom.page.keyboard.type("Platform lead")
    tom.page.keyboard.press("Tab")
    tom.page.keyboard.type("Explains databases")
    tom.page.keyboard.press("Enter")
    tom.page.keyboard.type("Listens")
    press(tom, "button", "Make it")
    expect(tom.page.get_by_text("Made. Your team can review for it now.")).to_be_visible()
    said = {"Tom": ((4, 3), ("Drew a tree", "Asked back")), "Rita": ((2, 3), ("Not why", "Yes"))}
    for one, name in ((tom, "Tom"), (rita, "Rita")):
        one.open(page)
        reviews = one.page.locator("#reviews")
        expect(reviews).to_contain_text("You first")
        expect(reviews).not_to_contain_text("Drew a tree")
        press(one, "link", "Review for Platform lead")
        one.page.wait_for_url("**/reviews/*")
        judge(one, *said[name])
        one.page.wait_for_url("**#reviews")
    reviews = rita.page.locator("#reviews")
    for text in ("Tom Tester", "Drew a tree", "From 2 to 4: you differ.", "You agree."):
        expect(reviews).to_contain_text(text)
    tom.open(page)
    expect(tom.page.locator("#reviews")).to_contain_text(re.compile(r"Rita Recruiter\s*2, Fair"))
    reach(tom, "textbox", "A note for your team")
    tom.page.keyboard.type("Call her soon")
    press(tom, "button", "Add the note")
    tom.page.wait_for_url("**#notes")
    rita.open(page)
    expect(rita.page.locator("#notes")).to_contain_text("Call her soon")
    session.expire_all()
    assert session.query(Rating).count() == 4
