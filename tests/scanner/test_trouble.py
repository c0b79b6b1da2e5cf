"""When there is no picture: what is wrong is named, and other ways are open."""

import json
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

import phones
from scanner.pictures import FRAME, seen
from scanner.steps import SPY, opened, question

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

BLACK = Image.new("L", FRAME, 2)
FOREIGN = json.loads((Path(__file__).parent / "foreign.json").read_text())
REJECTS = """
  navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', '%s'); };
"""
NO_FRAMES = """
  navigator.mediaDevices.getUserMedia = async () =>
    document.createElement('canvas').captureStream(0);
"""
READS_CORPUS = """
  window.corpus = %s; window.next = 0;
  window.BarcodeDetector = class {
    static async getSupportedFormats() { return ['qr_code']; }
    async detect() { return [{ rawValue: corpus[next++ %% corpus.length] }]; }
  };
"""


def as_here(text, origin):
    """Make an address that looks like https://bowline.example look like this site."""
    schemes = {"HTTPS:": "HTTP:", "HTTP:": "HTTPS:"}
    host = origin.removeprefix("http://").upper()
    swapped = re.sub("HTTPS?:", lambda found: schemes[found[0]], text)
    return swapped.replace("BOWLINE.EXAMPLE", host)


def heading(phone, name):
    return phone.page.get_by_role("heading", name=name)


def expect_other_ways(phone):
    page = phone.page
    expect(page.get_by_text("Use a photo")).to_be_visible()
    expect(page.get_by_label("Type their code")).to_be_visible()
    expect(page.get_by_text("point your phone's own camera")).to_be_visible()


def test_nothing_is_asked_before_the_tap_and_a_no_leads_to_other_ways(
    without_permission, origin, app, session, cast, printed_url, tmp_path
):
    seen(printed_url(cast.ben)).save(tmp_path / "badge.png")
    with phones.phones(without_permission, origin, app, session) as phone:
        amina = opened(phone, cast, SPY)
        expect(amina.page.get_by_text("No picture leaves your phone.")).to_be_visible()
        expect(amina.page.get_by_label("Type their code")).to_be_hidden()
        assert amina.page.evaluate("wishes") == []
        amina.tap("Start the camera")
        expect(heading(amina, "The camera is not allowed")).to_be_visible()
        expect_other_ways(amina)
        assert len(amina.page.evaluate("wishes")) == 1
        amina.page.set_input_files("#photo", tmp_path / "badge.png")
        expect(question(amina)).to_have_text("Did you talk with Ben Ng?")


def test_a_phone_without_a_camera_says_so(without_camera, origin, app, session, cast):
    with phones.phones(without_camera, origin, app, session) as phone:
        amina = opened(phone, cast)
        amina.page.get_by_role("button", name="Start the camera").or_(
            heading(amina, "There is no camera here")
        ).wait_for()
        if amina.page.get_by_role("button", name="Start the camera").is_visible():
            amina.tap("Start the camera")
        expect(heading(amina, "There is no camera here")).to_be_visible()
        expect_other_ways(amina)


def test_a_camera_that_something_else_uses_is_named_and_can_be_tried_again(ben_alone, scanner):
    busy_once = f"""
      const devices = navigator.mediaDevices;
      const open = devices.getUserMedia.bind(devices);
      {REJECTS % "NotReadableError"}
      addEventListener('click', () => {{ devices.getUserMedia = open; }}, {{ capture: true }});
    """
    amina = scanner(busy_once)
    expect(heading(amina, "Something else uses the camera")).to_be_visible()
    expect_other_ways(amina)
    amina.tap("Try the camera again")
    expect(question(amina)).to_be_visible()
    expect(heading(amina, "Something else uses the camera")).to_have_count(0)


def test_a_browser_without_cameras_for_pages_says_so_and_offers_no_dead_button(ben_alone, scanner):
    amina = scanner("Object.defineProperty(navigator, 'mediaDevices', { value: undefined });")
    expect(heading(amina, "The camera cannot be used here")).to_be_visible()
    expect_other_ways(amina)
    expect(amina.page.locator("#start")).to_be_hidden()


def test_a_camera_that_is_taken_away_is_named(ben_alone, scanner):
    amina = scanner(SPY)
    question(amina).wait_for()
    amina.tap("Not yet")
    amina.page.evaluate("tracks[0].dispatchEvent(new Event('ended'))")
    expect(heading(amina, "Something else uses the camera")).to_be_visible()


def test_a_camera_that_shows_black_says_so(camera_sees, scanner, printed_url, cast):
    camera_sees([(BLACK, 4), (seen(printed_url(cast.ben)), 2)])
    amina = scanner()
    expect(heading(amina, "The camera shows only black")).to_be_visible()
    expect(question(amina)).to_be_visible()
    expect(heading(amina, "The camera shows only black")).to_have_count(0)


def test_a_camera_without_any_picture_says_so(ben_alone, scanner):
    amina = scanner(NO_FRAMES)
    expect(heading(amina, "The camera shows only black")).to_be_visible()


def test_a_foreign_code_is_named_and_opens_nothing(camera_sees, scanner, printed_url, cast):
    foreign = seen("HTTPS://BOWLINE.EXAMPLE.EVIL.ORG/B/7F3K9QXZ7F3K9QXZ", turned=8)
    camera_sees([(foreign, 2), (seen(printed_url(cast.ben)), 2)])
    amina = scanner()
    went, asked = [], []
    amina.page.on("framenavigated", lambda frame: went.append(frame.url))
    amina.page.on("request", lambda request: asked.append(request.url))
    warning = amina.page.get_by_role("alert").filter(has_text="This code is not ours.")
    expect(warning).to_be_visible()
    host = warning.get_by_text("bowline.example.evil.org", exact=True)
    expect(host).to_have_css("color", "rgb(156, 47, 28)")
    expect(amina.page.locator("#found")).to_be_empty()
    expect(question(amina)).to_have_text("Did you talk with Ben Ng?")
    assert went == []
    assert [url for url in asked if "EVIL" in url.upper()] == []


def test_no_look_alike_is_opened(ben_alone, scanner, origin, cast):
    look_alikes = [as_here(text, origin) for text in FOREIGN]
    amina = scanner(READS_CORPUS % json.dumps(look_alikes))
    went, asked = [], []
    amina.page.on("framenavigated", lambda frame: went.append(frame.url))
    amina.page.on("popup", lambda page: went.append(page.url))
    amina.page.on("request", lambda request: asked.append(request.url))
    expect(amina.page.get_by_text("This code is not ours.")).to_be_visible()
    for _ in range(300):
        if amina.page.evaluate("next") > len(look_alikes):
            break
        amina.page.wait_for_timeout(100)
    assert amina.page.evaluate("next") > len(look_alikes)
    assert went == []
    assert [url for url in asked if "/static/" not in url] == []
    expect(amina.page.locator("#found")).to_be_empty()
