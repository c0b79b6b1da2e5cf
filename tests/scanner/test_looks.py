"""The scanner's states on small and large screens: accessible, within the frame, for thumbs."""

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
from scanner.pictures import room, seen
from scanner.steps import question, saved

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

SMALL = {"width": 320, "height": 640}
TALL = {"width": 390, "height": 1600}
ASIDE = {"width": 844, "height": 390}
FOREIGN = "HTTPS://BOWLINE.EXAMPLE.EVIL.ORG/B/7F3K9QXZ7F3K9QXZ"


@pytest.fixture(scope="session")
def axe() -> str:
    return (services.node_modules() / "axe-core" / "axe.min.js").read_text()


def denied(phone):
    expect(phone.page.get_by_role("heading", name="The camera is not allowed")).to_be_visible()


def walk(scanner, camera_sees, url, **options):
    """Open the scanner and go through its states; gives the phone in each."""
    camera_sees([(seen(FOREIGN), 1)])
    phone = scanner(**options)
    expect(phone.page.get_by_text("This code is not ours.")).to_be_visible()
    phone.page.get_by_text("Other ways").click()
    yield "a foreign code", phone
    phone.tap("Close")
    camera_sees([(seen(url), 1)])
    phone.tap("Try the camera again")
    expect(question(phone)).to_be_visible()
    yield "the question", phone
    phone.tap("Yes, we talked")
    expect(saved(phone)).to_be_visible()
    yield "saved", phone
    rejects = "() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(%s) }"
    phone.tap("Scan the next badge")
    phone.tap("Close")
    phone.page.evaluate(rejects % "new DOMException('', 'NotAllowedError')")
    phone.tap("Try the camera again")
    denied(phone)
    yield "denied", phone


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_state_has_an_axe_violation(scanner, camera_sees, printed_url, cast, axe, scheme):
    found = []
    url = printed_url(cast.ben)
    for state, phone in walk(scanner, camera_sees, url, viewport=TALL, color_scheme=scheme):
        phone.page.evaluate(axe)
        result = phone.page.evaluate("(options) => axe.run(document, options)", AXE_RULES)
        found += [
            (state, violation["id"], [node["html"][:120] for node in violation["nodes"]])
            for violation in result["violations"]
        ]
    assert found == []


def test_no_state_scrolls_sideways_or_has_targets_too_small(
    scanner, camera_sees, printed_url, cast
):
    found = []
    for state, phone in walk(scanner, camera_sees, printed_url(cast.ben), viewport=SMALL):
        small = phone.page.evaluate(TARGETS_TOO_SMALL, SMALLEST_TARGET)
        found += [(state, target) for target in small]
        phone.page.evaluate(DOUBLE_TEXT)
        if (sideways := phone.page.evaluate(SIDEWAYS)) > 0:
            found.append((state, sideways))
        phone.page.evaluate("() => document.documentElement.style.removeProperty('font-size')")
    assert found == []


@pytest.mark.parametrize("viewport", [None, ASIDE], ids=["upright", "held sideways"])
def test_the_answer_is_under_the_thumb_without_scrolling(
    scanner, camera_sees, printed_url, cast, viewport
):
    camera_sees([(room(), 0.5), (seen(printed_url(cast.ben)), 2)])
    amina = scanner(**({"viewport": viewport} if viewport else {}))
    expect(question(amina)).to_be_visible()
    tabs = amina.page.get_by_role("navigation", name="Main").bounding_box()
    for name in ("Yes, we talked", "Not yet"):
        box = amina.page.get_by_role("button", name=name).bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= tabs["y"]


def test_a_reader_of_large_text_sees_the_question_first(scanner, camera_sees, printed_url, cast):
    camera_sees([(seen(printed_url(cast.ben)), 1)])
    large = f"addEventListener('DOMContentLoaded', {DOUBLE_TEXT})"
    amina = scanner(large, viewport=SMALL)
    expect(question(amina)).to_be_visible()
    amina.page.wait_for_timeout(200)
    assert 0 <= question(amina).bounding_box()["y"] < SMALL["height"] / 4
