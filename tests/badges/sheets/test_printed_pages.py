"""The PDF as it comes out of a printer: every code is read, and nothing touches it."""

import re
import unicodedata
import zlib

import pytest
from badges.sheets.paper import (
    DPI,
    PREFIX,
    WORDS,
    code_of,
    codes_on,
    fonts_in,
    make_badge,
    pictures,
    print_into,
    text_of,
)

from webapp.badges.sheets import composition, layouts
from webapp.badges.sheets.layouts import LAYOUTS, Box
from webapp.badges.sheets.press import sheets

EVERY_LAYOUT = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
LONG = "Maximiliane-Theodora von und zu Hohenlohe-Waldenburg-Schillingsfürst zu Langenburg"
HARD = [
    {"name": LONG, "organisation": LONG, "headline": LONG, "group": LONG},
    {"name": "W" * 120, "organisation": "M" * 120, "headline": "w" * 120, "group": "W" * 120},
    {"name": "أمينة ديالو", "organisation": "مختبرات كورا", "group": "متحدث"},
    {"name": "महालक्ष्मी श्रीनिवासन", "organisation": "สมชาย ใจดี", "headline": "ඉං"},
    {"name": "Ế" * 30, "organisation": "Å" * 60},
    {"name": "王" * 120, "headline": "김" * 120},
]
DARK = 128


def in_pixels(box: Box) -> tuple[int, int, int, int]:
    return tuple(round(edge / 25.4 * DPI) for edge in (box.x, box.y, box.right, box.bottom))


@EVERY_LAYOUT
def test_every_code_on_the_page_is_read(tmp_path, layout):
    number = layout.per_page + 1
    file = print_into(tmp_path, [make_badge(one) for one in range(number)], layout, has_backs=False)
    found = [code for picture in pictures(file) for code in codes_on(picture)]
    assert sorted(found) == sorted(PREFIX + code_of(one) for one in range(number))


@EVERY_LAYOUT
def test_long_names_in_any_script_stay_off_the_code(tmp_path, layout):
    badges = [make_badge(number, **said) for number, said in enumerate(HARD)]
    pages = pictures(print_into(tmp_path, badges, layout, has_backs=False))
    places = [place for _ in pages for place in layouts.fronts(layout)]
    front = composition.front(*layout.badge, modules=badges[0].modules)
    for number, place in enumerate(places[: len(badges)]):
        page = pages[number // layout.per_page]
        quiet, symbol = (
            Box(place.x + box.x, place.y + box.y, box.width, box.height)
            for box in (front.quiet, front.symbol)
        )
        frame = page.crop(in_pixels(quiet.inset(0.3)))
        hole = in_pixels(symbol.inset(-0.3))
        left, top = in_pixels(quiet.inset(0.3))[:2]
        frame.paste(255, (hole[0] - left, hole[1] - top, hole[2] - left, hole[3] - top))
        assert min(frame.tobytes()) > DARK, HARD[number]
        assert codes_on(page.crop(in_pixels(quiet))) == [PREFIX + code_of(number)]


@EVERY_LAYOUT
def test_nothing_is_printed_beyond_a_badge_but_cut_marks(tmp_path, layout):
    badges = [make_badge(number, **said) for number, said in enumerate(HARD)]
    file = print_into(tmp_path, badges, layout)
    margin = composition.MARGIN - 1
    for number, page in enumerate(pictures(file)):
        rest = page.copy()
        places = layouts.backs(layout) if number % 2 else layouts.fronts(layout)
        for place in places:
            rest.paste(255, in_pixels(place.inset(margin)))
        for x, y, to_x, to_y in layouts.cut_marks(layout):
            line = Box(min(x, to_x), min(y, to_y), abs(to_x - x), abs(to_y - y))
            rest.paste(255, in_pixels(line.inset(-0.4)))
        assert min(rest.tobytes()) > DARK, f"page {number + 1}"


def test_backs_lie_behind_their_fronts(tmp_path):
    layout = LAYOUTS["a4-8"]
    badges = [make_badge(number) for number in range(8)]
    file = print_into(tmp_path, badges, layout)
    width = layout.page[0]
    for number, place in enumerate(layouts.fronts(layout)):
        area = (place.x, place.y, place.width, place.height)
        behind = (width - place.right, place.y, place.width, place.height)
        assert f"7F3K {number:04}" in text_of(file, 1, area)
        assert f"C1A1 {number:04}" in text_of(file, 2, behind)
        assert "C1A1" not in text_of(file, 1, area)


def test_what_stands_on_a_badge_is_text(tmp_path):
    badge = make_badge(name="Łucja Żółć", headline="Юлія", organisation="Ελένη", group="김민준")
    file = print_into(tmp_path, [badge], LAYOUTS["a6"])
    front, back = text_of(file, 1), text_of(file, 2)
    for word in ("Łucja", "Żółć", "Юлія", "Ελένη", "김민준", WORDS.event, WORDS.host, "7F3K 0000"):
        assert word in front
    for word in (WORDS.title, "then type this claim code:", WORDS.keep, "C1A1 0000"):
        assert word in " ".join(back.split())


@pytest.mark.parametrize("name", ["सुनीता शर्मा", "Nguyễn Thị Hồng", "สมชาย ใจดี", "王小明"])
def test_shaped_text_is_found_as_it_was_typed(tmp_path, name):
    text = text_of(print_into(tmp_path, [make_badge(name=name)], LAYOUTS["a6"]), 1)
    assert name in unicodedata.normalize("NFC", " ".join(text.split()))


@pytest.mark.parametrize("name", ["أمينة ديالو", "משה כהן"])
def test_letters_read_from_the_right_come_in_order(tmp_path, name):
    text = text_of(print_into(tmp_path, [make_badge(name=name)], LAYOUTS["a6"]), 1)
    letters = re.sub(r"[\s\u202a-\u202e]", "", text)
    assert re.sub(r"\s", "", name) in letters


def test_fonts_are_embedded_as_subsets(tmp_path):
    badges = [make_badge(name=name) for name in ("Amina", "王小明", "أمينة")]
    file = print_into(tmp_path, badges, LAYOUTS["a4-8"])
    fonts = fonts_in(file)
    assert len(fonts) == 4
    for font in fonts:
        assert font[1:3] == ["CID", "TrueType"]
        assert font[4:7] == ["yes", "yes", "yes"], "embedded, subset, with its meaning"
    assert file.stat().st_size < 60_000


def test_a_name_without_a_font_leaves_room_for_a_pen(tmp_path):
    layout = LAYOUTS["a7"]
    file = print_into(tmp_path, [make_badge(name="ಕನ್ನಡ")], layout)
    (page, _) = pictures(file)
    name = composition.front(*layout.badge, modules=29).name
    assert min(page.crop(in_pixels(name)).tobytes()) == 255
    assert "Kora Labs" in text_of(file, 1)


def test_reissued_badges_and_reprints_say_so_on_the_back(tmp_path):
    badges = [
        make_badge(0),
        make_badge(1, is_reissued=True),
        make_badge(2, is_reprint=True),
    ]
    file = print_into(tmp_path, badges, LAYOUTS["a7"])
    backs = [text_of(file, page) for page in (2, 4, 6)]
    assert ["Reissued badge" in back for back in backs] == [False, True, False]
    assert ["Reprint" in back for back in backs] == [False, False, True]


def test_labels_are_black(tmp_path):
    plain = b"".join(
        sheets([make_badge()], layout=LAYOUTS["label-62x100"], words=WORDS, has_backs=True)
    )
    streams = re.findall(rb"stream\n(.*?)\nendstream", plain, re.DOTALL)
    drawn = b"".join(map(zlib.decompress, streams[:2])).decode("latin1")
    colours = set(re.findall(r"([\d.]+ [\d.]+ [\d.]+) rg", drawn))
    assert colours == {"0 0 0", "1 1 1"}


def test_the_file_says_how_far_it_is():
    badges = [make_badge(number) for number in range(20)]
    pieces = list(sheets(badges, layout=LAYOUTS["a4-8"], words=WORDS, has_backs=True))
    said = [int(one) for one in re.findall(rb"%badges (\d+)\n", b"".join(pieces))]
    assert said == [8, 16, 20]
    assert len(pieces) > 10


def test_nothing_is_drawn_before_it_is_asked_for():
    drawn = []

    def badges():
        for number in range(100):
            drawn.append(number)
            yield make_badge(number)

    pieces = sheets(badges(), layout=LAYOUTS["a4-8"], words=WORDS, has_backs=True)
    assert next(pieces).startswith(b"%PDF-1.7")
    next(pieces)
    assert len(drawn) == 8
