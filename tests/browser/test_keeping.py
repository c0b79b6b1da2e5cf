"""A5 on two phones: what one keeps of a talk, and what the other sees of it."""

import pytest
from playwright.sync_api import expect

from people import make_cast, talk
from webapp.followups.models import Depth, Promise, TieSide
from webapp.ties.models import Note, Tie


@pytest.fixture
def talked(session):
    cast = make_cast(session)
    said = talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    session.commit()
    return cast, f"/events/{said.event_id}/talks/{said.id}"


def chip(page, words):
    return page.locator("label.chip", has_text=words).first


def note_of(page):
    return page.get_by_label("What did Ben Ng need?")


@pytest.mark.browser
@pytest.mark.parametrize("has_javascript", [True, False])
def test_a_note_a_promise_and_a_depth_in_one_form_to_the_thank_you(
    phone, session, talked, has_javascript
):
    cast, place = talked
    amina = phone(cast.attendee, java_script_enabled=has_javascript)
    ben = phone(cast.other, java_script_enabled=has_javascript)
    amina.open(place)
    expect(chip(amina.page, "tomorrow")).to_be_hidden()
    note_of(amina.page).fill("A venue")
    chip(amina.page, "send a link").click()
    chip(amina.page, "tomorrow").click()
    chip(amina.page, "ideas").click()
    amina.tap("Keep")
    expect(amina.page.get_by_text("Kept. Ben Ng sees your promise.")).to_be_visible()
    expect(amina.page.get_by_text("You promised Ben Ng")).to_be_visible()
    expect(note_of(amina.page)).to_have_value("A venue")

    ben.open(place)
    expect(ben.page.get_by_text("Amina Diallo promised you")).to_be_visible()
    assert "A venue" not in ben.page.content()
    amina.tap("Done")
    expect(amina.page.get_by_text("You say it is done.")).to_be_visible()
    ben.page.reload()
    ben.tap("Yes, thank you")
    expect(ben.page.get_by_text("Done. You said thank you.")).to_be_visible()
    ben.page.locator("#promises").get_by_role("button", name="Undo").click()
    expect(ben.page.get_by_role("button", name="Yes, thank you")).to_be_visible()
    session.rollback()
    (side,) = session.query(TieSide)
    assert (side.person_id, side.depth) == (cast.attendee.id, Depth.IDEAS)


@pytest.mark.browser
@pytest.mark.parametrize("has_javascript", [True, False])
def test_what_cannot_be_taken_is_marked_and_nothing_typed_is_lost(
    phone, session, talked, has_javascript
):
    cast, place = talked
    amina = phone(cast.attendee, java_script_enabled=has_javascript)
    amina.open(place)
    note_of(amina.page).fill("A venue")
    amina.page.get_by_label("What exactly, or anything else").fill("Water her plants")
    chip(amina.page, "on a day").click()
    amina.tap("Keep")
    expect(amina.page.get_by_text("Please say which day.")).to_be_visible()
    expect(note_of(amina.page)).to_have_value("A venue")
    words = amina.page.get_by_label("What exactly, or anything else")
    expect(words).to_have_value("Water her plants")
    assert session.query(Promise).count() + session.query(Note).count() == 0
    session.rollback()
    chip(amina.page, "no day").click()
    amina.tap("Keep")
    expect(amina.page.get_by_text("Kept. Ben Ng sees your promise.")).to_be_visible()


@pytest.mark.browser
def test_without_a_network_what_was_typed_stays_typed(phone, session, talked):
    cast, place = talked
    amina = phone(cast.attendee)
    amina.open(place)
    note_of(amina.page).fill("A venue")
    chip(amina.page, "meet again").click()
    amina.context.set_offline(True)
    amina.tap("Keep")
    expect(amina.page.get_by_text("No connection, so nothing was sent.")).to_be_visible()
    expect(note_of(amina.page)).to_have_value("A venue")
    expect(amina.page.get_by_role("radio", name="meet again")).to_be_checked()
    assert [one for one in amina.problems if "Failed to fetch" not in one] == []
    amina.problems.clear()
    amina.context.set_offline(False)
    amina.tap("Keep")
    expect(amina.page.get_by_text("Kept. Ben Ng sees your promise.")).to_be_visible()
    session.rollback()
    assert session.query(Promise).count() == 1


@pytest.mark.browser
def test_chips_are_chosen_with_the_keyboard_and_what_was_kept_has_the_focus(phone, talked):
    cast, place = talked
    amina = phone(cast.attendee)
    amina.open(place)
    note_of(amina.page).focus()
    amina.page.keyboard.press("Tab")
    expect(amina.page.get_by_role("radio", name="nothing")).to_be_focused()
    amina.page.keyboard.press("ArrowLeft")
    expect(amina.page.get_by_role("radio", name="meet again")).to_be_checked()
    amina.tap("Keep")
    told = amina.page.locator("#keep .notice")
    expect(told).to_have_text("Kept. Ben Ng sees your promise.")
    expect(told).to_be_focused()


@pytest.mark.browser
@pytest.mark.parametrize("has_javascript", [True, False])
def test_a_promise_is_made_and_changed_on_the_persons_page(phone, session, talked, has_javascript):
    cast, _place = talked
    tie = session.query(Tie).one()
    amina = phone(cast.attendee, java_script_enabled=has_javascript)
    amina.open(f"/people/{tie.id}")
    amina.page.get_by_text("Promise something").click()
    chip(amina.page, "introduce somebody").click()
    amina.tap("Promise it")
    expect(amina.page.get_by_text("You promised Ben Ng")).to_be_visible()
    amina.page.get_by_role("link", name="Change").click()
    amina.page.get_by_label("What exactly, or anything else").fill("to Chen")
    chip(amina.page, "no day").click()
    amina.tap("Keep")
    expect(amina.page.get_by_text("Introduce somebody: to Chen")).to_be_visible()
    expect(amina.page.get_by_text("Changed. Ben Ng sees it.")).to_be_visible()
    amina.tap("Let it go")
    expect(amina.page.get_by_text("You let it go.")).to_be_visible()


@pytest.mark.browser
def test_what_a_proxy_says_takes_the_place_of_nothing(phone, session, talked):
    cast, place = talked
    amina, statuses = phone(cast.attendee), [502, 504]
    amina.open(place)
    note_of(amina.page).fill("A venue")
    amina.page.route(
        lambda url: "/talks/" in url,
        lambda route: route.fulfill(status=statuses.pop(), body="Bad Gateway"),
    )
    while statuses:
        with amina.page.expect_response(lambda answer: answer.status > 500):
            amina.tap("Keep")
        expect(amina.page.locator("#status")).to_contain_text("Please tap again")
        expect(note_of(amina.page)).to_have_value("A venue")
        expect(amina.page.get_by_text("Bad Gateway")).to_have_count(0)
    amina.problems.clear()
