"""What the screens of a team read from a request."""

from flask import request
from werkzeug.datastructures import MultiDict

from webapp.accounts.access import current_person
from webapp.core import clock
from webapp.core import db as database
from webapp.core.fields import clean
from webapp.events.access import current_event
from webapp.events.models import Attendee
from webapp.recruiting import pages
from webapp.recruiting.access import current_member
from webapp.recruiting.pages import Screen, Shown
from webapp.recruiting.queries import candidates as queries
from webapp.recruiting.queries.candidates import CandidateRow
from webapp.recruiting.queries.lists import Due, Order, Wanted

MOST_DIGITS = 10


def wanted(said: MultiDict[str, str] | None = None) -> Wanted:
    """Return whom the address, or a form, asks for; what is unknown asks for nothing."""
    said = request.args if said is None else said
    due, order = clean(said.get("due")), clean(said.get("sort"))
    return Wanted(
        words=clean(said.get("words")),
        colleague_id=clean(said.get("colleague")),
        stage_id=clean(said.get("stage")),
        topic=clean(said.get("topic")),
        due=Due(due) if due in set(Due) else None,
        order=Order(order) if order in set(Order) else Order.NAME,
        after=clean(said.get("after")),
    )


def shown() -> Shown:
    """Return on which screen the menu stood."""
    screen = clean(request.args.get("from"))
    return Shown(Screen(screen), wanted()) if screen in set(Screen) else Shown()


def current_review() -> pages.Review:
    """Return the member who looks, with what all of them need."""
    return pages.review(
        database.session(),
        event=current_event(),
        member=current_member(),
        me=current_person(),
        now=clock.now(),
    )


def row_of(place: Attendee) -> CandidateRow:
    """Return a candidate as they stand now."""
    return queries.candidate_row(database.session(), current_member(), place)


def seen(name: str = "seen") -> int:
    """Return how many changes the sender had seen; what is no number matches none."""
    typed = request.form.get(name, "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < MOST_DIGITS else -1
