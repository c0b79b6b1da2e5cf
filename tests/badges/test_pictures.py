"""QR pictures are read by a decoder of its own, and stay small."""

import re

import pytest
import zxingcpp
from PIL import Image

from people import badge_of
from webapp.badges import codes
from webapp.core import clock
from webapp.core.pictures import QUIET_MODULES, qr_svg

PIXELS = 4
RUN = re.compile(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z")
URL = "HTTPS://MEET.EXAMPLE.ORG/B/0123456789ABCDEF"


def size_of(svg: str) -> int:
    return int(re.search(r'viewBox="0 0 (\d+) \1"', svg)[1])


def modules_of(svg: str) -> set[tuple[int, int]]:
    """Return the dark modules; every part of the path must be a run one module high."""
    path = re.search(r' d="([^"]*)"', svg)[1]
    runs = RUN.findall(path)
    assert "".join(f"M{x} {y}h{w}v1h-{back}z" for x, y, w, back in runs) == path
    assert all(width == back for _, _, width, back in runs)
    return {(int(x) + step, int(y)) for x, y, width, _ in runs for step in range(int(width))}


def drawn(svg: str) -> Image.Image:
    size = size_of(svg)
    picture = Image.new("L", (size, size), 255)
    for place in modules_of(svg):
        picture.putpixel(place, 0)
    return picture.resize((size * PIXELS, size * PIXELS), Image.Resampling.NEAREST)


def read(svg: str) -> str:
    (found,) = zxingcpp.read_barcodes(drawn(svg))
    assert found.format == zxingcpp.BarcodeFormat.QRCode
    return found.text


@pytest.mark.parametrize(
    "text",
    [URL, "HTTPS://A.ORG/E/7F3K9Q", "https://meet.example.org/e/7f3k9q", "É" * 20, "1" * 300],
)
def test_what_is_drawn_is_what_is_read(text):
    assert read(str(qr_svg(text, label="x"))) == text


def test_the_codes_of_a_hundred_badges_are_read(app):
    for number in range(100):
        url = URL[:-16] + f"{number * 7919:016X}"
        assert read(str(qr_svg(url, label="x"))) == url


def test_pages_draw_what_a_camera_opens(cast, session, browser_of):
    badge = badge_of(session, cast.amina)
    desk, amina = browser_of(cast.desk), browser_of(cast.attendee)
    printed = desk.get(f"/events/{cast.event.id}/desk/{cast.amina.id}/badge")
    assert read(svg_of(printed)) == f"HTTP://LOCALHOST/B/{codes.printed_code(badge)}"
    live = amina.get(f"/events/{cast.event.id}/meet")
    code = codes.live_code(badge, codes.step_at(clock.now()))
    assert read(svg_of(live)) == f"HTTP://LOCALHOST/L/{cast.event.code}/{code}"
    poster = desk.get(f"/events/{cast.event.id}/desk")
    assert read(svg_of(poster)) == f"HTTP://LOCALHOST/E/{cast.event.code}"


def svg_of(response) -> str:
    (found,) = re.findall(r'<svg class="qr".*?</svg>', response.get_data(as_text=True))
    return found


def test_upper_case_saves_a_version():
    assert size_of(qr_svg(URL, label="x")) - 2 * QUIET_MODULES == 29
    assert size_of(qr_svg(URL.lower(), label="x")) - 2 * QUIET_MODULES == 33


@pytest.mark.parametrize("host", ["A.ORG", "MEET.EXAMPLE.ORG", "BOWLINE.MEETUP.EXAMPLE.ORG:8443"])
def test_a_badge_needs_version_4_at_most(host):
    for path in ("/B/0123456789ABCDEF", "/L/7F3K9Q/0123456789", "/E/7F3K9Q"):
        size = size_of(qr_svg(f"HTTPS://{host}{path}", label="x")) - 2 * QUIET_MODULES
        assert size <= 17 + 4 * 4


def test_four_modules_around_it_are_quiet():
    svg = str(qr_svg(URL, label="x"))
    size, dark = size_of(svg), modules_of(svg)
    columns, rows = {x for x, _ in dark}, {y for _, y in dark}
    assert QUIET_MODULES == 4
    assert (min(columns), min(rows)) == (4, 4)
    assert (max(columns), max(rows)) == (size - 5, size - 5)
    assert f'<rect width="{size}" height="{size}" fill="#fff"/>' in svg


def test_a_name_in_the_label_stays_text():
    svg = str(qr_svg(URL, label='"><script>alert(1)</script>'))
    assert "<script" not in svg
    assert 'aria-label="&#34;&gt;&lt;script' in svg
