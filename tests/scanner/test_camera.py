"""The camera itself: asked for once, on its main lens, and let go while nobody looks."""

import pytest
from playwright.sync_api import expect

from scanner.steps import SPY, question

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

HIDE = """(isHidden) => {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => isHidden });
  document.dispatchEvent(new Event('visibilitychange'));
}"""
STATES = "() => tracks.map((track) => track.readyState)"
ABLE = """
  window.set = [];
  const track = MediaStreamTrack.prototype;
  track.getCapabilities = () =>
    ({ torch: true, zoom: { min: 1, max: 4 }, focusMode: ['manual', 'continuous'] });
  track.applyConstraints = async ({ advanced: [change] }) => { set.push(change); };
"""
TWO_LENSES = """
  window.wishes = [];
  const devices = navigator.mediaDevices;
  const open = devices.getUserMedia.bind(devices);
  const isMain = (id) => id?.exact === 'main' || id?.ideal === 'main';
  let current = 'wide';
  devices.getUserMedia = async (wish) => {
    current = isMain(wish.video.deviceId) ? 'main' : 'wide';
    wishes.push(wish.video.deviceId ?? null);
    return open({ video: true });
  };
  MediaStreamTrack.prototype.getSettings = () => ({ deviceId: current });
  devices.enumerateDevices = async () => [
    { kind: 'videoinput', deviceId: 'self', label: 'camera2 1, facing front' },
    { kind: 'videoinput', deviceId: 'wide', label: 'camera2 2, facing back' },
    { kind: 'videoinput', deviceId: 'main', label: 'camera2 0, facing back' },
  ];
"""


def looks_for_codes(phone):
    expect(phone.page.locator("#scanner")).to_have_attribute("data-state", "looking")


def test_asks_for_the_camera_once(ben_alone, scanner):
    amina = scanner(SPY)
    question(amina).wait_for()
    amina.tap("Not yet")
    expect(amina.page.get_by_text("Looking for a code")).to_be_visible()
    amina.page.wait_for_timeout(300)
    wishes = amina.page.evaluate("wishes")
    assert [wish["video"]["facingMode"] for wish in wishes] == [{"ideal": "environment"}]
    assert [wish["audio"] for wish in wishes] == [False]
    assert amina.page.evaluate(STATES) == ["live"]


def test_a_question_for_the_camera_that_nobody_answers_leaves_other_ways_open(ben_alone, scanner):
    amina = scanner("navigator.mediaDevices.getUserMedia = () => new Promise(() => {});")
    expect(amina.page.get_by_text("If your phone asks, let this page use")).to_be_visible()
    amina.page.get_by_text("Other ways").click()
    expect(amina.page.get_by_label("Type their code")).to_be_visible()


def test_the_camera_is_let_go_while_nobody_looks_and_comes_back_by_itself(ben_alone, scanner):
    amina = scanner(SPY)
    question(amina).wait_for()
    amina.page.evaluate(HIDE, True)
    assert amina.page.evaluate(STATES) == ["ended"]
    amina.page.evaluate(HIDE, False)
    looks_for_codes(amina)
    assert amina.page.evaluate(STATES) == ["ended", "live"]
    expect(question(amina)).to_be_visible()
    amina.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert amina.page.evaluate(STATES) == ["ended", "ended"]


def test_the_camera_can_be_closed_and_opened_again(ben_alone, scanner):
    amina = scanner(SPY)
    question(amina).wait_for()
    amina.tap("Not yet")
    amina.page.evaluate("document.querySelector('video').pause()")
    amina.page.wait_for_timeout(100)
    amina.tap("Close")
    amina.page.wait_for_timeout(400)
    expect(amina.page.get_by_role("heading", name="The camera is closed")).to_be_visible()
    assert amina.page.evaluate(STATES) == ["ended"]
    assert amina.page.evaluate("document.activeElement.id") == "start"
    amina.page.evaluate(HIDE, False)
    assert amina.page.evaluate(STATES) == ["ended"]
    amina.tap("Try the camera again")
    looks_for_codes(amina)


def test_light_and_zoom_are_offered_where_the_camera_can(ben_alone, scanner):
    amina = scanner(ABLE)
    question(amina).wait_for()
    amina.tap("Not yet")
    for name in ("Light", "Light", "Closer", "Closer"):
        amina.tap(name)
    amina.page.wait_for_function("set.length === 5")
    assert amina.page.evaluate("set") == [
        {"focusMode": "continuous"},
        {"torch": True},
        {"torch": False},
        {"zoom": 2},
        {"zoom": 1},
    ]
    button = amina.page.get_by_role("button", name="Light")
    expect(button).to_have_attribute("aria-pressed", "false")


def test_light_and_zoom_are_not_offered_where_it_cannot(ben_alone, scanner):
    amina = scanner("MediaStreamTrack.prototype.getCapabilities = () => ({});")
    question(amina).wait_for()
    amina.tap("Not yet")
    expect(amina.page.get_by_role("button", name="Close")).to_be_visible()
    expect(amina.page.locator("#light, #zoom").filter(visible=True)).to_have_count(0)


def test_it_changes_to_the_main_lens_and_begins_with_it_the_next_time(ben_alone, scanner):
    amina = scanner(TWO_LENSES)
    expect(question(amina)).to_be_visible()
    assert amina.page.evaluate("wishes") == [None, {"exact": "main"}]
    amina.page.reload()
    expect(question(amina)).to_be_visible()
    assert amina.page.evaluate("wishes") == [{"ideal": "main"}]
