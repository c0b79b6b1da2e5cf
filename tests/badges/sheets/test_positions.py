"""Where badges lie on a page and what stands where on a badge: nothing overlaps, all is inside."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.badges.printing.forms import PAPERS
from webapp.badges.sheets import composition, layouts
from webapp.badges.sheets.layouts import LAYOUTS, Box, Layout
from webapp.core.pictures import QUIET_MODULES

EVERY_LAYOUT = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
EDGE = 1e-6


@st.composite
def any_layout(draw):
    """A layout as somebody might add one."""
    columns, rows = draw(st.integers(1, 5)), draw(st.integers(1, 8))
    badge = draw(st.tuples(st.floats(85, 200), st.floats(41, 200)))
    spare = draw(st.tuples(st.floats(0, 40), st.floats(0, 40)))
    page = (columns * badge[0] + spare[0], rows * badge[1] + spare[1])
    return Layout(name="any", page=page, badge=badge, columns=columns, rows=rows)


def overlap(one: Box, other: Box) -> bool:
    across = min(one.right, other.right) - max(one.x, other.x)
    down = min(one.bottom, other.bottom) - max(one.y, other.y)
    return across > EDGE and down > EDGE


def is_inside(box: Box, width: float, height: float) -> bool:
    return (
        box.x > -EDGE
        and box.y > -EDGE
        and box.right < width + EDGE
        and box.bottom < height + EDGE
        and box.width > 0
        and box.height > 0
    )


def expect_apart(layout):
    for places in (layouts.fronts(layout), layouts.backs(layout)):
        assert len(places) == layout.per_page
        assert all(is_inside(place, *layout.page) for place in places)
        assert not [pair for pair in combinations(places, 2) if overlap(*pair)]


def expect_backs_behind_fronts(layout):
    """Turned over the long edge, what was at the left of a page is at its right."""
    width = layout.page[0]
    for front, back in zip(layouts.fronts(layout), layouts.backs(layout), strict=True):
        assert back.x == pytest.approx(width - front.right)
        assert (back.y, back.width, back.height) == (front.y, front.width, front.height)


@EVERY_LAYOUT
def test_badges_do_not_overlap_and_lie_on_the_page(layout):
    expect_apart(layout)


@EVERY_LAYOUT
def test_each_back_lies_behind_its_front(layout):
    expect_backs_behind_fronts(layout)


@given(any_layout())
def test_so_it_is_for_any_layout(layout):
    expect_apart(layout)
    expect_backs_behind_fronts(layout)


@EVERY_LAYOUT
def test_cut_marks_stay_in_the_margins_and_point_at_every_edge(layout):
    marks = list(layouts.cut_marks(layout))
    places = layouts.fronts(layout)
    for x, y, to_x, to_y in marks:
        line = Box(
            min(x, to_x) - 0.01, min(y, to_y) - 0.01, abs(to_x - x) + 0.02, abs(to_y - y) + 0.02
        )
        assert is_inside(line, *layout.page)
        assert not any(overlap(line, place) for place in places)
    if layout.is_cut:
        edges = {round(edge, 6) for one in places for edge in (one.x, one.right)}
        assert {round(x, 6) for x, _, to_x, _ in marks if x == to_x} == edges
        edges = {round(edge, 6) for one in places for edge in (one.y, one.bottom)}
        assert {round(y, 6) for _, y, _, to_y in marks if y == to_y} == edges
    else:
        assert marks == []


@EVERY_LAYOUT
@pytest.mark.parametrize("modules", [25, 29, 33])
def test_nothing_on_a_front_overlaps_and_the_symbol_is_large_and_quiet(layout, modules):
    boxes = composition.front(*layout.badge, modules=modules)
    texts = [boxes.event, boxes.group, boxes.name, boxes.about, boxes.code]
    assert all(is_inside(box, *layout.badge) for box in [*texts, boxes.symbol, boxes.quiet])
    assert not [pair for pair in combinations([*texts, boxes.quiet], 2) if overlap(*pair)]
    assert boxes.symbol.width == boxes.symbol.height >= 30
    blank = boxes.symbol.width / modules * QUIET_MODULES
    assert boxes.symbol.x - boxes.quiet.x == pytest.approx(blank)
    assert boxes.quiet.bottom - boxes.symbol.bottom == pytest.approx(blank)


@EVERY_LAYOUT
def test_nothing_on_a_back_overlaps(layout):
    boxes = composition.back(*layout.badge)
    texts = [boxes.title, boxes.steps, boxes.code, boxes.keep, boxes.note]
    assert all(is_inside(box, *layout.badge) for box in texts)
    assert not [pair for pair in combinations(texts, 2) if overlap(*pair)]


@EVERY_LAYOUT
def test_a_badge_of_the_right_format_leaves_room_for_a_name(layout):
    name = composition.front(*layout.badge, modules=29).name
    assert name.width >= 40
    assert name.height >= 10


@pytest.mark.parametrize(("number", "sheets"), [(0, 0), (1, 1), (8, 1), (9, 2), (16, 2)])
def test_the_last_sheet_may_be_half_full(number, sheets):
    assert layouts.sheets(LAYOUTS["a4-8"], number) == sheets


def test_the_formats_people_have_are_there():
    assert {layout.badge for layout in LAYOUTS.values() if layout.is_label} == {
        (100, 62),
        (90, 54),
        (89, 41),
        (102, 57),
    }
    cards = [layout for layout in LAYOUTS.values() if not layout.is_cut and not layout.is_label]
    sizes = [size for card in cards for size in card.badge]
    assert sizes == pytest.approx([105, 148, 74, 105, 4 * 25.4, 3 * 25.4])
    assert {layout.page for layout in LAYOUTS.values() if layout.is_cut} == {
        layouts.A4,
        layouts.LETTER,
    }
    assert LAYOUTS.keys() == PAPERS.keys()
