"""Two people with two phones, as they do it at an event."""

import io
import re

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from people import badge_of, make_cast
from webapp.badges import codes
from webapp.mail.tasks import deliver_due


def scanned(page):
    """What a camera reads from a screen."""
    picture = Image.open(io.BytesIO(page.screenshot()))
    found = zxingcpp.read_barcodes(picture)
    assert len(found) == 1
    return found[0].text


@pytest.mark.browser
@pytest.mark.parametrize("has_javascript", [True, False])
def test_printed_badge_scan_yes_links_untie_gone(phone, session, has_javascript):
    cast = make_cast(session)
    desk = phone(cast.desk, viewport={"width": 1280, "height": 800})
    desk.open(f"/events/{cast.event.id}/desk/{cast.ben.id}/badge")
    printed_url = scanned(desk.page)
    assert printed_url == printed_url.upper()

    amina = phone(cast.attendee, java_script_enabled=has_javascript)
    ben = phone(cast.other, java_script_enabled=has_javascript)
    amina.open(printed_url.replace("HTTP://LOCALHOST", "http://localhost"))
    expect(amina.page.get_by_role("heading", level=1)).to_have_text("Did you talk with Ben Ng?")
    amina.tap("Yes, we talked")
    expect(amina.page.get_by_role("heading", level=1)).to_have_text(
        "You said you talked with Ben Ng"
    )
    assert "ben.example.org" not in amina.page.content()

    ben.open("/follow-up")
    expect(ben.page.get_by_role("heading", level=3)).to_have_text("Amina Diallo")
    assert "amina.example.org" not in ben.page.content()
    ben.tap("Yes")
    expect(ben.page.get_by_role("link", name="amina.example.org")).to_be_visible()
    amina.page.reload()
    expect(amina.page.get_by_role("link", name="ben.example.org")).to_be_visible()

    amina.open("/people")
    amina.page.get_by_role("link", name="Ben Ng").click()
    amina.page.get_by_text("Untie or block").click()
    amina.tap("Untie")
    expect(amina.page.get_by_role("heading", level=1)).to_have_text("Untied")
    ben.open("/people")
    expect(ben.page.get_by_text("Nobody yet.")).to_be_visible()
    amina.tap("Undo")
    expect(amina.page.get_by_role("link", name="ben.example.org")).to_be_visible()
    ben.page.reload()
    expect(ben.page.get_by_role("link", name="Amina Diallo")).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize("has_javascript", [True, False])
def test_live_code_connects_with_one_scan_and_one_tap_and_its_owner_sees_it(
    phone, session, has_javascript
):
    cast = make_cast(session)
    amina = phone(cast.attendee, java_script_enabled=has_javascript)
    ben = phone(cast.other, java_script_enabled=has_javascript)
    amina.open("/meet")
    live_url = scanned(amina.page)
    ben.open(re.sub("(?i)http://localhost", "http://localhost", live_url))
    ben.tap("Yes, we talked")
    expect(ben.page.get_by_role("link", name="amina.example.org")).to_be_visible()
    if not has_javascript:
        amina.page.reload()
    connected = amina.page.get_by_role("link", name="Ben Ng connected with you")
    expect(connected).to_be_visible(timeout=10_000)
    amina.tap("Undo")
    expect(amina.page.get_by_text("Undone.")).to_be_visible()
    ben.page.reload()
    assert "amina.example.org" not in ben.page.content()


@pytest.mark.browser
def test_nobody_is_scanned_without_a_word(phone, session):
    cast = make_cast(session)
    amina, ben = phone(cast.attendee), phone(cast.other)
    amina.open("/meet")
    ben.open(f"/B/{codes.printed_code(badge_of(session, cast.amina))}")
    ben.tap("Yes, we talked")
    amina.page.get_by_role("link", name="1 person says you talked").click()
    expect(amina.page.get_by_role("heading", name="Ben Ng")).to_be_visible()


@pytest.mark.browser
def test_live_code_changes_by_itself(phone, session):
    cast = make_cast(session)
    amina = phone(cast.attendee)
    amina.open("/meet")
    first = amina.page.locator(".typed strong").inner_text()
    expect(amina.page.locator(".typed strong")).not_to_have_text(first, timeout=25_000)
    assert scanned(amina.page).endswith(
        amina.page.locator(".typed strong").inner_text().replace(" ", "")
    )


@pytest.mark.browser
def test_newcomer_joins_at_the_door_by_mailed_code(phone, session, site):
    cast = make_cast(session)
    nora = phone()
    nora.open(f"/e/{cast.event.code.lower()}")
    nora.page.get_by_role("link", name="Sign in to join").click()
    nora.page.get_by_label("Your e-mail address").fill("Nora@Example.org")
    nora.tap("Send me a code")
    expect(nora.page.get_by_label("The 8 digits from the mail")).to_be_visible()
    with site.app_context():
        deliver_due()
    with nora.context.expect_page() as opened:
        nora.page.get_by_role("link", name="read the mail").click()
    letter = opened.value.locator("article").first.inner_text()
    digits = re.search(r"\d{4} \d{4}", letter)
    assert digits
    nora.page.get_by_label("The 8 digits from the mail").fill(digits[0])
    nora.tap("Sign in")
    nora.page.get_by_label("Your name, as on a badge").fill("Nora Newcomer")
    nora.tap("Join")
    expect(nora.page.get_by_role("link", name="Scan their badge")).to_be_visible()


@pytest.mark.browser
def test_typing_a_wrong_code_keeps_it_typed(phone, session):
    cast = make_cast(session)
    amina = phone(cast.attendee)
    amina.open(f"/events/{cast.event.id}/meet")
    amina.page.get_by_role("link", name="Scan their badge").click()
    expect(amina.page.get_by_role("button", name="Start the camera")).to_be_visible()
    amina.page.get_by_text("Other ways").click()
    amina.page.get_by_label("Code").fill("ABCD 1234")
    amina.tap("Next")
    expect(amina.page.get_by_text("We do not know this code.")).to_be_visible()
    expect(amina.page.get_by_label("Code")).to_have_value("ABCD 1234")
