"""Text of any script: what can be printed, in which order, and that it stays in its box."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.badges.sheets.fonts import IN_ONE_WEIGHT, IN_TWO_WEIGHTS, UNITS, chain, load
from webapp.badges.sheets.text import fit, is_right_to_left, printable, shape, unprintable

SCRIPTS = [
    "Amina Diallo",
    "Łukasz Żółć",
    "Ελένη Παπαδοπούλου",
    "Юлія Ковальчук",
    "Nguyễn Thị Hồng",
    "أمينة ديالو",
    "משה כהן",
    "सुनीता शर्मा",
    "สมชาย ใจดี",
    "王小明",
    "山田 太郎",
    "さくら",
    "김민준",
    "陳大文",
    "Արամ Խաչատրյան",
    "ნინო ბერიძე",
    "মৌসুমী",
    "கமலா",
    "తెలుగు",
    "ትርሐስ",
]
CANNOT = ["ಕನ್ನಡ", "ខ្មែរ", "བོད་"]


@pytest.mark.parametrize("text", SCRIPTS)
@pytest.mark.parametrize("is_bold", [True, False])
def test_no_script_is_printed_as_boxes(text, is_bold):
    assert printable(text) == text
    line = shape(text, is_bold=is_bold)
    glyphs = [glyph[0] for run in line.runs for glyph in run.glyphs]
    assert glyphs
    assert 0 not in glyphs


@pytest.mark.parametrize("text", CANNOT)
def test_a_script_without_a_font_is_told(text):
    assert printable(text) is None
    assert printable(f"Amina {text}") is None
    assert unprintable(["Amina", text, "Ben"]) == [text]


def test_pictures_are_left_out_and_the_name_stays():
    assert printable("Ana 🎉 García") == "Ana García"
    assert unprintable(["Ana 🎉"]) == []
    assert printable("🎉") == ""


def test_all_fonts_count_in_thousandths():
    for is_bold in (True, False):
        assert {load(name).face.upem for name in chain(is_bold=is_bold)} == {UNITS}
    assert len(chain(is_bold=True)) == len(IN_TWO_WEIGHTS) + len(IN_ONE_WEIGHT)


def test_arabic_letters_join():
    alone = {shape(letter, is_bold=True).runs[0].glyphs[-1][0] for letter in "محمد"}
    joined = {glyph[0] for run in shape("محمد", is_bold=True).runs for glyph in run.glyphs}
    assert joined - alone


def seen(text: str) -> str:
    """Return the characters as they stand from left to right."""
    return "".join(run.text for run in shape(text, is_bold=True).runs)


def test_what_is_read_from_the_right_stands_from_the_right():
    assert is_right_to_left("משה כהן")
    assert not is_right_to_left("Moshe כהן")
    assert seen("אבג") == "גבא"
    assert seen("אבג 42") == "42 גבא"
    assert seen("Ab אבג cd") == "Ab גבא cd"


def test_brackets_are_turned_with_the_text_around_them():
    assert seen("(אבג)") == ")גבא("
    first, *_, last = (run for run in shape("(אבג)", is_bold=True).runs)
    for run, bracket in ((first, "("), (last, ")")):
        assert run.glyphs[0][0] == run.font.shaper.get_nominal_glyph(ord(bracket))


NAMES = st.one_of(
    st.sampled_from(SCRIPTS),
    st.text(alphabet="abcdefghijklmnopqrstuvwxyz -", max_size=120),
    st.lists(st.sampled_from(SCRIPTS), max_size=9).map(" ".join),
    st.text(max_size=60),
    st.just("W" * 120),
    st.just("王" * 120),
)


@given(NAMES, st.floats(20, 110), st.floats(5, 40), st.integers(1, 4))
def test_text_stays_in_its_box(text, width, height, most_lines):
    kept = printable(text)
    if not kept:
        return
    fitted = fit(kept, width, height, largest=15, most_lines=most_lines, is_bold=True)
    assert 1 <= len(fitted.lines) <= most_lines
    assert fitted.height <= height + 1e-6
    assert all(line.width * fitted.size <= width + 1e-6 for line in fitted.lines)
    assert 0 < fitted.size <= 15


def text_of(fitted):
    return [" ".join(run.text for run in line.runs) for line in fitted.lines]


def test_a_short_name_is_large_and_a_long_one_wraps():
    short = fit("Ben Ng", 85, 20, largest=12, most_lines=3, is_bold=True)
    long = fit("Maximiliane von und zu Hohenlohe", 85, 20, largest=12, most_lines=3, is_bold=True)
    assert (text_of(short), short.size) == (["Ben Ng"], 12)
    assert text_of(long) == ["Maximiliane von", "und zu Hohenlohe"]
    assert 7 < long.size < 12


def test_what_would_be_too_small_to_read_is_cut():
    cut = fit("W" * 120, 40, 10, largest=12, most_lines=2, is_bold=True)
    assert cut.size >= 3
    assert text_of(cut)[-1].endswith("…")
