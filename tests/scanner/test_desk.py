"""At the desk, badge after badge is held before the camera and its wearer is checked in."""

import re

import pytest
from browser.test_every_screen import (
    AXE_RULES,
    DOUBLE_TEXT,
    SIDEWAYS,
    SMALLEST_TARGET,
    TARGETS_TOO_SMALL,
)
from playwright.sync_api import expect

import services
from people import badge_of, make_attendee, make_event
from scanner.pictures import room, seen
from webapp.badges import codes
from webapp.badges.services import issue_badge
from webapp.core import clock
from webapp.events.models import Attendee
from webapp.security.models import Action, AuditEntry

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

FROM_24_PX = re.compile(r"^(2[4-9]|[3-9]\d|\d{3,})")
SOON = 15_000
SMALL = {"width": 320, "height": 640}
TALL = {"width": 390, "height": 1600}
SENT = """() => new Promise((done) => {
  indexedDB.open("bowline").onsuccess = ({target}) => {
    const all = target.result.transaction("items").objectStore("items").getAll();
    all.onsuccess = () => {
      target.result.close();
      done(all.result.length && all.result.every(({state}) => state !== "waiting"));
    };
  };
})"""


@pytest.fixture(scope="session")
def axe() -> str:
    return (services.node_modules() / "axe-core" / "axe.min.js").read_text()


@pytest.fixture
def guests(cast, session):
    """Two guests who have not come yet."""
    return [make_attendee(session, event=cast.event, name=name) for name in ("Zoë", "Łukasz Low")]


@pytest.fixture
def desk_scanner(phone, cast):
    """Open the scanner of the desk; its list of guests is there."""

    def open_it(**options):
        one = phone(cast.desk, **({"service_workers": "block"} | options))
        one.open(f"/events/{cast.event.id}/desk")
        expect(one.page.get_by_text("guests on this phone, as of")).to_be_visible(timeout=SOON)
        one.page.get_by_role("link", name="Scan badges").click()
        return one

    return open_it


def arrival(phone):
    return phone.page.locator("#found .arrival h2")


def state(phone):
    return phone.page.locator("#found .arrival [data-state]")


def sent(phone):
    for _ in range(400):
        if phone.page.evaluate(SENT):
            return
        phone.page.wait_for_timeout(50)
    raise AssertionError("not sent")


def came(session, attendee):
    session.rollback()
    found = session.get_one(Attendee, (attendee.event_id, attendee.id), populate_existing=True)
    came_at = found.checked_in_at
    session.rollback()
    return came_at


def test_a_badge_is_checked_in_without_a_tap_with_the_name_shown_large(
    camera_sees, printed_url, guests, desk_scanner, session
):
    camera_sees([(seen(printed_url(guests[0])), 1)])
    dan = desk_scanner()
    expect(arrival(dan)).to_have_text("Zoë")
    expect(state(dan)).to_contain_text("here since")
    expect(arrival(dan)).to_have_css("font-size", FROM_24_PX)
    sent(dan)
    assert came(session, guests[0]) is not None
    expect(arrival(dan)).to_have_text("Zoë")


def test_scan_after_scan_needs_no_tap(camera_sees, printed_url, guests, desk_scanner, session):
    camera_sees(
        [
            (seen(printed_url(guests[0])), 1.2),
            (room(), 0.3),
            (seen(printed_url(guests[1])), 1.2),
            (room(), 0.3),
        ]
    )
    dan = desk_scanner()
    for name in ("Zoë", "Łukasz Low"):
        expect(dan.page.get_by_role("heading", name=name)).to_be_visible(timeout=SOON)
    sent(dan)
    assert all(came(session, guest) for guest in guests)
    number = session.query(AuditEntry).filter_by(action=Action.CHECKED_IN).count()
    session.rollback()
    assert number == 2


def test_who_is_here_already_is_told_with_the_time(
    camera_sees, printed_url, cast, desk_scanner, session
):
    camera_sees([(seen(printed_url(cast.ben)), 1)])
    before = came(session, cast.ben)
    dan = desk_scanner()
    expect(state(dan)).to_contain_text("was here already, since")
    sent(dan)
    expect(state(dan)).to_contain_text("was here already, since")
    expect(dan.page.get_by_role("button", name="Take back")).to_be_visible()
    assert came(session, cast.ben) == before


def test_a_mistake_is_undone_on_the_spot(camera_sees, printed_url, guests, desk_scanner, session):
    camera_sees([(seen(printed_url(guests[0])), 1)])
    dan = desk_scanner()
    sent_after = arrival(dan)
    expect(sent_after).to_have_text("Zoë")
    sent(dan)
    dan.page.get_by_role("button", name="Undo").click()
    expect(state(dan)).to_contain_text("not here yet")
    sent(dan)
    assert came(session, guests[0]) is None
    dan.page.get_by_role("button", name="Check in").click()
    expect(state(dan)).to_contain_text("here since")
    sent(dan)
    assert came(session, guests[0]) is not None


def test_what_is_no_valid_badge_of_this_event_is_told_apart(
    camera_sees, printed_url, cast, guests, desk_scanner, session, origin
):
    old = printed_url(guests[0])
    issue_badge(session, attendee=guests[0], now=clock.now())
    elsewhere = make_attendee(session, event=make_event(session), name="Olaf Other")
    badge = badge_of(session, guests[1])
    run_out = codes.live_code(badge, codes.step_at(clock.now()) - 40)
    scenes = {
        old: "This badge of Zoë was replaced by a new one.",
        printed_url(elsewhere): "This badge is of another event.",
        f"{origin}/B/7F3K9QXZ7F3K9QXZ".upper(): "We do not know this badge.",
        f"{origin}/L/{cast.event.code}/{run_out}".upper(): "This code has run out.",
        f"{origin}/E/{cast.event.code}".upper(): "This is the code for the door, not a badge.",
        "HTTPS://BOWLINE.EXAMPLE.EVIL.ORG/B/7F3K9QXZ7F3K9QXZ": "bowline.example.evil.org",
    }
    camera_sees([(seen(text), 1.5) for text in scenes])
    dan = desk_scanner()
    for words in scenes.values():
        expect(dan.page.get_by_text(words)).to_be_visible(timeout=SOON)
    assert came(session, guests[0]) is None


def test_a_code_on_a_phone_is_checked_in(camera_sees, cast, guests, desk_scanner, session, origin):
    badge = badge_of(session, guests[0])
    code = codes.live_code(badge, codes.step_at(clock.now()))
    camera_sees([(seen(f"{origin}/L/{cast.event.code}/{code}".upper()), 1)])
    dan = desk_scanner()
    expect(arrival(dan)).to_have_text("Zoë")
    assert came(session, guests[0]) is not None


def test_a_guest_added_since_is_found_by_asking_the_server(
    camera_sees, printed_url, cast, desk_scanner, session
):
    camera_sees([(room(), 1)])
    dan = desk_scanner()
    expect(dan.page.get_by_text("Looking for a badge")).to_be_visible()
    new = make_attendee(session, event=cast.event, name="Nia New")
    camera_sees([(seen(printed_url(new)), 1)])
    session.commit()
    dan.page.route(re.compile("/desk/list[?]"), lambda route: route.fulfill(status=503))
    dan.page.reload()
    expect(arrival(dan)).to_have_text("Nia New", timeout=SOON)
    assert came(session, new) is not None
    dan.problems.clear()


def test_without_a_network_a_printed_badge_finds_its_wearer_and_counts_later(
    camera_sees, printed_url, cast, guests, desk_scanner, session
):
    camera_sees([(seen(printed_url(cast.ben)), 1)])
    dan = desk_scanner()
    expect(arrival(dan)).to_have_text("Ben Ng")
    sent(dan)
    dan.context.set_offline(True)
    dan.tap("Close")
    camera_sees([(seen(printed_url(guests[0])), 1)])
    dan.tap("Try the camera again")
    expect(arrival(dan)).to_have_text("Zoë")
    expect(state(dan)).to_contain_text("kept on this phone")
    assert came(session, guests[0]) is None
    dan.context.set_offline(False)
    sent(dan)
    expect(state(dan)).not_to_contain_text("kept on this phone")
    assert came(session, guests[0]) is not None


def test_without_a_network_a_badge_that_is_not_on_the_list_is_said_to_need_one(
    camera_sees, printed_url, cast, desk_scanner, origin
):
    camera_sees([(seen(printed_url(cast.ben)), 1)])
    dan = desk_scanner()
    expect(arrival(dan)).to_have_text("Ben Ng")
    dan.context.set_offline(True)
    dan.tap("Close")
    camera_sees([(seen(f"{origin}/B/7F3K9QXZ7F3K9QXZ".upper()), 1)])
    dan.tap("Try the camera again")
    expect(dan.page.get_by_text("there is no connection to ask")).to_be_visible()


def walk(desk_scanner, camera_sees, printed_url, guests, cast, origin, **options):
    """Go through the states of the desk's scanner; gives the phone in each."""
    camera_sees([(seen(f"{origin}/B/7F3K9QXZ7F3K9QXZ".upper()), 1)])
    dan = desk_scanner(**options)
    expect(dan.page.get_by_text("We do not know this badge.")).to_be_visible()
    dan.page.get_by_text("Other ways").click()
    yield "unknown", dan
    for what, who in (("here", guests[0]), ("already here", cast.ben)):
        dan.tap("Close")
        camera_sees([(seen(printed_url(who)), 1)])
        dan.tap("Try the camera again")
        expect(dan.page.get_by_role("heading", name=who.name)).to_be_visible()
        yield what, dan


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_state_has_an_axe_violation(
    desk_scanner, camera_sees, printed_url, guests, cast, origin, axe, scheme
):
    found = []
    shown = {"viewport": TALL, "color_scheme": scheme}
    for name, dan in walk(desk_scanner, camera_sees, printed_url, guests, cast, origin, **shown):
        dan.page.evaluate(axe)
        result = dan.page.evaluate("(options) => axe.run(document, options)", AXE_RULES)
        found += [
            (name, violation["id"], [node["html"][:120] for node in violation["nodes"]])
            for violation in result["violations"]
        ]
    assert found == []


def test_no_state_scrolls_sideways_or_has_targets_too_small(
    desk_scanner, camera_sees, printed_url, guests, cast, origin
):
    found = []
    for name, dan in walk(
        desk_scanner, camera_sees, printed_url, guests, cast, origin, viewport=SMALL
    ):
        small = dan.page.evaluate(TARGETS_TOO_SMALL, SMALLEST_TARGET)
        found += [(name, target) for target in small]
        dan.page.evaluate(DOUBLE_TEXT)
        if (sideways := dan.page.evaluate(SIDEWAYS)) > 0:
            found.append((name, sideways))
        dan.page.evaluate("() => document.documentElement.style.removeProperty('font-size')")
    assert found == []
