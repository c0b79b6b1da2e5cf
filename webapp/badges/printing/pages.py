"""What is printed for a row, and what the pages about printing show."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from webapp.badges import codes
from webapp.badges.printing import queries
from webapp.badges.printing.forms import PrintForm
from webapp.badges.printing.models import BadgePrint
from webapp.badges.printing.queries import BadgeRow, PrintRow
from webapp.badges.sheets import composition, drawing, press, svg
from webapp.badges.sheets.drawing import Badge, Words
from webapp.badges.sheets.layouts import LAYOUTS, Layout
from webapp.badges.sheets.symbols import Symbols
from webapp.badges.sheets.text import unprintable
from webapp.core.urls import absolute, config
from webapp.events.models import Attendee, Event
from webapp.events.rules import Printed, as_printed, group_printed
from webapp.security.tokens import grouped

MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Preview:
    """One badge as it will be printed, drawn to scale."""

    layout: str
    front: Markup
    back: Markup | None
    """None if backs are not printed."""


@dataclass(frozen=True, slots=True)
class BadgesPage:
    """The page on which badges are printed."""

    event: Event
    form: PrintForm
    preview: Preview
    badges: int
    never_printed: int
    attendee: Attendee | None
    blank: list[str]
    """Some texts that cannot be printed in their script."""
    blank_number: int
    prints: list[PrintRow]


@dataclass(frozen=True, slots=True)
class PrintPage:
    """One print, ready to be fetched."""

    event: Event
    print: BadgePrint
    badges: int
    pages: int


def words_of(event: Event) -> Words:
    """Return what stands on every badge of an event, in its language."""
    with force_locale(event.language):
        return Words(
            event=event.name,
            host=config().host,
            title=_("Make it yours"),
            steps=_("Scan the front with your phone's camera, then type this claim code:"),
            keep=_("Keep this side to yourself."),
            reissued=_("Reissued badge"),
            reprint=_("Reprint"),
        )


def to_print(event: Event, rows: Iterable[BadgeRow], *, has_groups: bool) -> Iterator[Badge]:
    """Give what the event shows on each badge, its codes derived as it is drawn.

    The event is read before the first badge is asked for: a file is drawn while it is sent, when
    the transaction it came from has ended.
    """
    symbols = Symbols(absolute("/B/").upper(), codes.CODE_LENGTH)
    has_headlines, has_organisations = event.has_headlines, event.has_organisations
    shows_groups = has_groups and event.has_groups
    return (
        Badge(
            name=row.name,
            headline=row.headline if has_headlines else "",
            organisation=row.organisation if has_organisations else "",
            group=(row.group_name or "") if shows_groups else "",
            symbol=symbols.number_of(codes.printed_code(row)),
            modules=symbols.size,
            short_code=grouped(codes.short_code(row)),
            claim_code=grouped(codes.claim_code(row)),
            is_reissued=row.is_reissued,
            is_reprint=row.is_reprint,
        )
        for row in rows
    )


def pdf_of(event: Event, print_: BadgePrint, rows: list[BadgeRow]) -> Iterator[bytes]:
    """Give the PDF of a print piece by piece."""
    return press.sheets(
        to_print(event, rows, has_groups=print_.has_groups),
        layout=LAYOUTS[print_.layout],
        words=words_of(event),
        has_backs=print_.has_backs,
    )


def pages_of(print_: BadgePrint, badges: int) -> int:
    """Return how many pages the PDF of a print has."""
    return press.pages(LAYOUTS[print_.layout], badges, has_backs=print_.has_backs)


def badges_page(
    session: Session, *, event: Event, form: PrintForm, attendee: Attendee | None
) -> BadgesPage:
    """Return the page on which badges are printed."""
    blank = unprintable(queries.texts_of(session, event))
    return BadgesPage(
        event,
        form,
        preview(session, event=event, form=form, attendee=attendee),
        queries.count_badges(session, event.id),
        queries.count_badges(session, event.id, only_new=True),
        attendee,
        blank[:MOST_NAMED],
        len(blank),
        queries.earlier_prints(session, event.id),
    )


def _layout(form: PrintForm) -> Layout:
    return LAYOUTS.get(form.layout.data or "") or LAYOUTS[str(form.layout.default)]


def preview(
    session: Session, *, event: Event, form: PrintForm, attendee: Attendee | None
) -> Preview:
    """Draw an attendee's badge, by default the longest name's, with codes that are nobody's."""
    shown, layout = attendee or queries.longest_name(session, event.id), _layout(form)
    badge = _sample(event, shown, has_groups=bool(form.has_groups.data))
    words = words_of(event)
    back = _back(layout, badge, words) if form.has_backs.data else None
    return Preview(layout.name, _front(layout, badge, words), back)


def _front(layout: Layout, badge: Badge, words: Words) -> Markup:
    boxes = composition.front(*layout.badge, modules=badge.modules)
    canvas, colours = svg.Canvas(), press.colours_of(layout)
    drawing.draw_event(canvas, boxes, words, colours, has_group=bool(badge.group))
    drawing.draw_front(canvas, boxes, badge, colours)
    label = _("Front of the badge of %(name)s", name=badge.name)
    return canvas.picture(*layout.badge, label=label)


def _back(layout: Layout, badge: Badge, words: Words) -> Markup:
    boxes = composition.back(*layout.badge)
    canvas, colours = svg.Canvas(), press.colours_of(layout)
    drawing.draw_steps(canvas, boxes, words, colours)
    drawing.draw_back(canvas, boxes, badge, words, colours)
    label = _("Back of the badge of %(name)s", name=badge.name)
    return canvas.picture(*layout.badge, label=label)


def _sample(event: Event, attendee: Attendee | None, *, has_groups: bool) -> Badge:
    """Return what stands on somebody's badge, or on that of a guest nobody has yet."""
    nobody = Printed(_("Your first guest"), "", "")
    shown = as_printed(event, attendee) if attendee else nobody
    symbols = Symbols(absolute("/B/").upper(), codes.CODE_LENGTH)
    return Badge(
        name=shown.name,
        headline=shown.headline,
        organisation=shown.organisation,
        group=group_printed(event, attendee) if attendee and has_groups else "",
        symbol=symbols.number_of("0" * codes.CODE_LENGTH),
        modules=symbols.size,
        short_code=grouped("0" * codes.SHORT_LENGTH),
        claim_code=grouped("0" * codes.CLAIM_LENGTH),
        is_reissued=False,
        is_reprint=False,
    )
