"""Printing many badges: sheets of fronts and backs, one after the other, as a PDF."""

from collections.abc import Iterable, Iterator
from itertools import islice

from webapp.badges.sheets import composition, drawing, layouts, pdf
from webapp.badges.sheets.composition import Front
from webapp.badges.sheets.drawing import Badge, Colours, Words
from webapp.badges.sheets.layouts import Layout

PROGRESS = "badges "
"""What stands before the number of badges that are in the file so far, in a comment."""


def sheets(
    badges: Iterable[Badge], *, layout: Layout, words: Words, has_backs: bool
) -> Iterator[bytes]:
    """Give the file piece by piece: each sheet as soon as it is drawn, with its back if wanted."""
    file, waiting, done = pdf.File(title=words.event), iter(badges), 0
    press = Press(file.fonts, layout, words)
    yield file.head()
    while batch := list(islice(waiting, layout.per_page)):
        yield file.page(press.fronts(batch), *layout.page)
        if has_backs:
            yield file.page(press.backs(batch), *layout.page)
        done += len(batch)
        yield file.note(f"{PROGRESS}{done}")
    yield from file.end()


def pages(layout: Layout, number: int, *, has_backs: bool) -> int:
    """Return how many pages a number of badges takes."""
    return layouts.sheets(layout, number) * (2 if has_backs else 1)


def colours_of(layout: Layout) -> Colours:
    """Return the colours for a kind of paper."""
    return drawing.ON_LABELS if layout.is_label else drawing.ON_PAPER


class Press:
    """Draws sheets; what is the same on every badge is drawn once and then repeated."""

    def __init__(self, fonts: pdf.Fonts, layout: Layout, words: Words) -> None:
        self._fonts, self._layout, self._words = fonts, layout, words
        self._colours = colours_of(layout)
        self._back = composition.back(*layout.badge)
        self._steps = pdf.Canvas(fonts)
        drawing.draw_steps(self._steps, self._back, words, self._colours)
        self._events: dict[tuple[int, bool], pdf.Canvas] = {}

    def fronts(self, batch: list[Badge]) -> pdf.Canvas:
        """Draw the fronts of a sheet."""
        canvas = self._sheet()
        for badge, place in zip(batch, layouts.fronts(self._layout), strict=False):
            boxes = composition.front(*self._layout.badge, modules=badge.modules)
            canvas.move_to(place.x, place.y)
            canvas.repeat(self._event(boxes, badge))
            drawing.draw_front(canvas, boxes, badge, self._colours)
            canvas.move_back()
        return canvas

    def backs(self, batch: list[Badge]) -> pdf.Canvas:
        """Draw the backs of a sheet, each behind its front."""
        canvas = self._sheet()
        for badge, place in zip(batch, layouts.backs(self._layout), strict=False):
            canvas.move_to(place.x, place.y)
            canvas.repeat(self._steps)
            drawing.draw_back(canvas, self._back, badge, self._words, self._colours)
            canvas.move_back()
        return canvas

    def _sheet(self) -> pdf.Canvas:
        canvas = pdf.Canvas(self._fonts)
        for mark in layouts.cut_marks(self._layout):
            canvas.stroke(*mark)
        return canvas

    def _event(self, boxes: Front, badge: Badge) -> pdf.Canvas:
        key = badge.modules, bool(badge.group)
        if key not in self._events:
            drawn = self._events[key] = pdf.Canvas(self._fonts)
            drawing.draw_event(drawn, boxes, self._words, self._colours, has_group=key[1])
        return self._events[key]
