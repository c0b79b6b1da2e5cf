"""A photo, typing, and the phone's own camera: each works by itself."""

import pytest
from PIL import Image, ImageOps
from playwright.sync_api import expect

from people import badge_of
from scanner.pictures import code, room, seen
from scanner.steps import opened, question, saved
from webapp.badges import codes
from webapp.conversations.models import Claim

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

UNABLE = "Object.defineProperty(navigator, 'mediaDevices', { value: undefined });"


@pytest.fixture
def scanner(scanner):
    """Open the scanner in a browser without a camera."""
    return lambda: scanner(UNABLE)


@pytest.fixture
def photo(tmp_path):
    """Save a picture as a phone saves a photo; gives its path."""

    def save(picture, **options):
        path = tmp_path / "photo.jpg"
        picture.convert("RGB").save(path, quality=80, **options)
        return path

    return save


def large(picture: Image.Image) -> Image.Image:
    """A photo of twelve megapixels, in which the code is small."""
    frame = Image.new("L", (4032, 3024), 90)
    frame.paste(picture, (1700, 1900))
    return frame


@pytest.mark.parametrize(
    "taken",
    [
        seen,
        lambda url: ImageOps.expand(code(url), 300, 255),
        lambda url: large(code(url).resize((260, 260))),
        lambda url: seen(url, side=400, turned=7, gap=4),
    ],
    ids=["a photo of a badge", "a saved picture", "a small code on a large photo", "a worn print"],
)
def test_a_photo_is_read_and_recorded(scanner, photo, printed_url, cast, session, taken):
    picture = photo(taken(printed_url(cast.ben)))
    amina = scanner()
    amina.page.set_input_files("#photo", picture)
    expect(question(amina)).to_have_text("Did you talk with Ben Ng?", timeout=15_000)
    amina.tap("Yes, we talked")
    expect(saved(amina)).to_be_visible()
    assert session.query(Claim).one().about_id == cast.ben.id


def test_the_same_photo_can_be_chosen_again(scanner, photo, printed_url, cast):
    picture = photo(seen(printed_url(cast.ben)))
    amina = scanner()
    for _ in range(2):
        amina.page.set_input_files("#photo", picture)
        expect(question(amina)).to_be_visible()
        amina.tap("Not yet")


def test_a_photo_without_a_code_is_answered(scanner, photo):
    amina = scanner()
    amina.page.set_input_files("#photo", photo(room()))
    expect(amina.page.get_by_text("There is no code in this photo")).to_be_visible(timeout=15_000)


def test_a_file_that_is_no_picture_is_answered(scanner, tmp_path):
    (tmp_path / "talk.txt").write_text("hello")
    amina = scanner()
    amina.page.set_input_files("#photo", tmp_path / "talk.txt")
    expect(amina.page.get_by_text("We cannot open this file.")).to_be_visible()


def test_a_photo_of_a_foreign_code_opens_nothing(scanner, photo):
    amina = scanner()
    amina.page.set_input_files("#photo", photo(seen("HTTPS://EVIL.ORG/B/7F3K9QXZ7F3K9QXZ")))
    expect(amina.page.get_by_role("alert").filter(has_text="evil.org")).to_be_visible()
    assert amina.page.url.endswith("/scan")


@pytest.mark.parametrize("has_javascript", [True, False])
def test_a_code_can_be_typed(phone, camera_sees, cast, session, has_javascript):
    camera_sees([(room(), 1)])
    short = codes.short_code(badge_of(session, cast.ben))
    options = {} if has_javascript else {"java_script_enabled": False}
    amina = opened(phone, cast, **options)
    if has_javascript:
        amina.page.get_by_text("Other ways").click()
    amina.page.get_by_label("Type their code").fill(short[:4].lower() + " " + short[4:])
    amina.tap("Next")
    heading = amina.page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Did you talk with Ben Ng?")
    amina.tap("Yes, we talked")
    expect(heading).to_have_text("You said you talked with Ben Ng")
    assert session.query(Claim).count() == 1


def test_other_ways_tapped_before_the_scanner_is_there_stand_open_when_it_comes(phone, cast):
    amina = phone(cast.attendee, service_workers="block")
    amina.page.add_init_script("navigator.mediaDevices.getUserMedia = () => new Promise(() => {});")
    held = []
    amina.page.route("**/scan/scanner.js", lambda route: held.append(route))  # noqa: PLW0108  # playwright reads its signature
    amina.open(f"/events/{cast.event.id}/scan")
    amina.page.get_by_text("Other ways").click()
    expect(amina.page.get_by_label("Type their code")).to_be_hidden()
    held[0].continue_()
    expect(amina.page.get_by_label("Type their code")).to_be_visible()


def test_a_wrong_code_stays_typed_and_the_camera_does_not_get_in_its_way(ben_alone, scanner):
    amina = scanner()
    amina.page.get_by_label("Type their code").fill("ABCD 1234")
    amina.tap("Next")
    expect(amina.page.get_by_text("We do not know this code.")).to_be_visible()
    expect(amina.page.get_by_label("Type their code")).to_have_value("ABCD 1234")


def test_without_javascript_there_is_no_dead_button(phone, cast):
    amina = opened(phone, cast, java_script_enabled=False)
    expect(amina.page.locator("noscript p")).to_be_visible()
    expect(amina.page.get_by_text("point your phone's own camera")).to_be_visible()
    assert amina.page.get_by_role("button").all_inner_texts() == ["Next"]
    expect(amina.page.get_by_text("Use a photo")).to_be_hidden()
