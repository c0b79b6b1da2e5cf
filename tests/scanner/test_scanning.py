"""From a badge before the camera to a talk that is recorded, and on to the next."""

import pytest
from playwright.sync_api import expect

from people import badge_of
from scanner.pictures import room, seen
from scanner.steps import question, saved
from webapp.badges import codes
from webapp.conversations.models import Claim, Conversation
from webapp.core import clock

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
def ben_then_rita(camera_sees, printed_url, cast):
    camera_sees(
        [(seen(printed_url(cast.ben)), 1.2), (room(), 0.3), (seen(printed_url(cast.rita)), 1.2)]
    )


def test_a_badge_becomes_a_question_and_the_yes_is_recorded_once(ben_alone, scanner, session, cast):
    amina = scanner(service_workers="allow")
    opened = []
    amina.page.on("framenavigated", lambda frame: opened.append(frame.url))
    expect(question(amina)).to_have_text("Did you talk with Ben Ng?")
    assert amina.page.evaluate("document.activeElement.id") == "found"
    assert session.query(Claim).count() == 0
    amina.tap("Yes, we talked")
    expect(saved(amina)).to_have_text("You said you talked with Ben Ng")
    said = session.query(Claim).one()
    assert (said.by_id, said.about_id) == (cast.amina.id, cast.ben.id)
    assert session.query(Conversation).count() == 1
    assert opened == []


def test_every_scan_is_confirmed_on_the_screen(ben_then_rita, scanner):
    amina = scanner()
    for _ in range(2):
        name = question(amina).locator("bdi").inner_text()
        amina.tap("Yes, we talked")
        expect(saved(amina)).to_have_text(f"You said you talked with {name}")
        assert amina.page.evaluate("document.activeElement.id") == "found"
        amina.page.wait_for_timeout(1200)
        expect(amina.page.locator("#found").get_by_role("button", name="Undo")).to_be_visible()
        amina.tap("Scan the next badge")
    expect(amina.page.locator("#found")).to_be_empty()


def test_no_extra_tap_between_scans(ben_then_rita, scanner, session):
    amina = scanner()
    question(amina).wait_for()
    amina.tap("Yes, we talked")
    expect(saved(amina)).to_be_visible()
    amina.page.get_by_label("Go on scanning by itself").check()
    expect(question(amina)).to_be_visible()
    session.commit()
    amina.page.reload()
    expect(amina.page.get_by_label("Go on scanning by itself")).to_be_checked()
    first = question(amina).locator("bdi").inner_text()
    amina.tap("Yes, we talked")
    expect(saved(amina)).to_contain_text(first)
    expect(amina.page.get_by_role("button", name="Scan the next badge")).to_be_hidden()
    expect(question(amina).locator("bdi")).not_to_have_text(first)


def test_not_yet_goes_on_and_leaves_the_badge_in_view_alone(ben_alone, scanner, session):
    amina = scanner()
    question(amina).wait_for()
    amina.tap("Not yet")
    expect(amina.page.get_by_text("Looking for a code")).to_be_visible()
    assert amina.page.evaluate("document.activeElement.id") == "finder"
    amina.page.wait_for_timeout(1500)
    expect(amina.page.locator("#found")).to_be_empty()
    assert session.query(Claim).count() == 0


def test_a_live_code_connects_both(camera_sees, scanner, session, cast, origin):
    badge = badge_of(session, cast.ben)
    code = codes.live_code(badge, codes.step_at(clock.now()))
    camera_sees([(seen(f"{origin}/L/{cast.event.code}/{code}".upper()), 1)])
    amina = scanner()
    expect(question(amina)).to_have_text("Did you talk with Ben Ng?")
    amina.tap("Yes, we talked")
    expect(saved(amina)).to_have_text("You and Ben Ng talked")


def test_the_poster_at_the_door_is_offered_and_not_opened(camera_sees, scanner, cast, origin):
    camera_sees([(seen(f"{origin}/E/{cast.event.code}".upper()), 1)])
    amina = scanner()
    link = amina.page.get_by_role("link", name="Open the event's page")
    expect(link).to_have_attribute("href", f"/E/{cast.event.code}")
    assert amina.page.evaluate("document.activeElement.id") == "found"
    assert amina.page.url.endswith("/scan")
    amina.tap("Go on scanning")
    expect(link).to_have_count(0)


def test_one_bad_code_does_not_freeze_the_next_scan(
    camera_sees, scanner, cast, origin, printed_url
):
    scenes = [
        "HTTPS://BOWLINE.EXAMPLE.EVIL.ORG/B/7F3K9QXZ7F3K9QXZ",
        f"{origin}/B/7F3K9QXZ7F3K9QXZ".upper(),
        f"{origin}/L/{cast.event.code}/7F3K9QXZ7F".upper(),
        printed_url(cast.amina),
        printed_url(cast.ben),
    ]
    camera_sees([(seen(text), 1.2) for text in scenes])
    amina = scanner()
    said = [
        "bowline.example.evil.org",
        "We do not know this badge",
        "This code has run out.",
        "This is your own badge.",
    ]
    for words in said:
        expect(amina.page.locator("#told").get_by_text(words)).to_be_visible()
    expect(question(amina)).to_have_text("Did you talk with Ben Ng?")


def test_a_decoder_that_breaks_is_started_anew(ben_alone, scanner):
    breaks_once = """
      const Real = Worker;
      window.started = 0;
      window.Worker = class extends Real {
        constructor(...how) {
          super(...how);
          if (!started++) {
            this.postMessage = () => setTimeout(() => this.dispatchEvent(new Event('error')), 50);
          }
        }
      };
    """
    amina = scanner(breaks_once)
    expect(question(amina)).to_be_visible()
    assert amina.page.evaluate("started") == 2


def test_who_finds_nothing_for_a_while_is_helped(camera_sees, scanner):
    camera_sees([(room(), 1)])
    eight_times_as_fast = """
      const now = performance.now.bind(performance);
      performance.now = () => 8 * now();
    """
    amina = scanner(eight_times_as_fast)
    expect(amina.page.get_by_text("Nothing yet.")).to_be_visible()


def test_a_scanner_that_did_not_load_says_so(ben_alone, phone, cast):
    amina = phone(cast.attendee, service_workers="block")
    amina.page.route("**/*-worker.js", lambda route: route.abort())
    amina.open(f"/events/{cast.event.id}/scan")
    expect(amina.page.get_by_role("heading", name="The scanner did not load")).to_be_visible()
    expect(amina.page.get_by_label("Type their code")).to_be_visible()
    assert all("net::ERR_FAILED" in text for text in amina.problems)
    amina.problems.clear()


def test_under_a_root_of_its_own_it_asks_there(ben_alone, phone, cast, printed_url):
    amina = phone(cast.attendee, service_workers="block")

    def under_a_root(route):
        answer = route.fetch()
        page = answer.text()
        assert 'data-root=""' in page
        route.fulfill(response=answer, body=page.replace('data-root=""', 'data-root="/left"'))

    amina.page.route("**/scan", under_a_root)
    path = "/left/B/" + printed_url(cast.ben).rpartition("/")[2]
    with amina.page.expect_request(f"**{path}"):
        amina.open(f"/events/{cast.event.id}/scan")
