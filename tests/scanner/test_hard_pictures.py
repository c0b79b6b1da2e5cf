"""Badges as they are held before a camera at an event, and who reads them."""

import pytest
from playwright.sync_api import expect

from scanner.pictures import dimmed, room, seen
from scanner.steps import loaded, question

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

STRONG = "vendor/zxing"
OWN_DETECTOR = """
  window.looked = 0;
  window.BarcodeDetector = class {
    static async getSupportedFormats() { return ['qr_code', 'ean_13']; }
    async detect(source) {
      looked += 1;
      if (!(source instanceof HTMLVideoElement)) throw new TypeError('what is this?');
      return %s;
    }
  };
"""


@pytest.fixture
def reads(camera_sees, scanner, printed_url, cast):
    """Hold Ben's badge before the camera in some way and wait until it is read."""

    def read(frame, seconds=5):
        camera_sees([(frame(printed_url(cast.ben)), 1)])
        amina = scanner()
        expect(question(amina)).to_have_text("Did you talk with Ben Ng?", timeout=seconds * 1000)

    return read


def test_a_tilted_badge_is_read(reads):
    reads(lambda url: seen(url, side=430, turned=28, leaning=0.6, nodding=0.25))


def test_a_badge_upside_down_and_aside_is_read(reads):
    reads(lambda url: seen(url, side=300, turned=170, at=(1080, 240)))


def test_a_badge_in_a_dim_room_is_read(reads):
    reads(lambda url: dimmed(seen(url, side=380), brightest=48, noise=8))


def test_codes_of_one_to_two_centimetres_are_read(reads):
    reads(lambda url: seen(url, side=150, turned=4, at=(700, 330)))


def test_a_badge_that_comes_late_is_read_by_the_first_decoder(
    camera_sees, scanner, printed_url, cast
):
    camera_sees([(room(), 2.5), (seen(printed_url(cast.ben)), 2)])
    amina = scanner()
    with loaded(amina) as was_loaded:
        expect(amina.page.get_by_text("Looking for a code")).to_be_visible()
        expect(question(amina)).to_be_visible()
        assert not was_loaded(STRONG)


def test_the_strong_decoder_comes_when_the_first_sees_nothing_and_not_before(
    camera_sees, scanner, printed_url, cast
):
    worn = seen(printed_url(cast.ben), side=400, turned=7, gap=4)
    camera_sees([(worn, 1)])
    amina = scanner()
    with loaded(amina) as was_loaded:
        amina.page.wait_for_timeout(3000)
        assert not was_loaded(STRONG)
        expect(question(amina)).to_be_visible(timeout=15_000)
        assert was_loaded("zxing_reader.wasm")


def test_the_browsers_own_detector_is_used_where_there_is_one(
    camera_sees, phone, printed_url, cast
):
    camera_sees([(room(), 1)])
    url = printed_url(cast.ben)
    amina = phone(cast.attendee, service_workers="block")
    amina.page.add_init_script(OWN_DETECTOR % f"looked < 3 ? [] : [{{ rawValue: '{url}' }}]")
    with loaded(amina) as was_loaded:
        amina.open(f"/events/{cast.event.id}/scan")
        expect(question(amina)).to_have_text("Did you talk with Ben Ng?")
        assert not was_loaded("vendor/qr")
        assert not was_loaded(STRONG)


def test_where_the_browsers_own_detector_fails_ours_takes_over(ben_alone, scanner):
    amina = scanner(OWN_DETECTOR % "Promise.reject(new Error('service unavailable'))")
    expect(question(amina)).to_have_text("Did you talk with Ben Ng?")
    assert amina.page.evaluate("looked") == 1


def test_a_detector_of_other_codes_is_no_detector_for_us(ben_alone, scanner):
    amina = scanner((OWN_DETECTOR % "[]").replace("'qr_code', ", ""))
    expect(question(amina)).to_have_text("Did you talk with Ben Ng?")
    assert amina.page.evaluate("looked") == 0
