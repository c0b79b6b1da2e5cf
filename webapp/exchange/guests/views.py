"""Importing a guest list in three steps; nothing is written before the last button."""

from http import HTTPStatus

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from webapp.accounts.access import current_person
from webapp.core import clock
from webapp.core import db as database
from webapp.core.errors import DomainError
from webapp.core.htmx import done, gone_to, invalid
from webapp.events.access import current_event, running
from webapp.events.queries import count_attendees
from webapp.exchange.guests import queries, services
from webapp.exchange.guests.forms import FileForm, chosen_fields
from webapp.exchange.guests.models import GuestList
from webapp.exchange.guests.opening import OpenList, open_list, open_table
from webapp.exchange.guests.packing import pack
from webapp.exchange.guests.pages import FilePage, ProgressRow, check_page, match_page, outcome
from webapp.exchange.guests.rules.tables import MOST_BYTES
from webapp.exchange.guests.writing import bad_rows as written_bad_rows
from webapp.security.access import requires
from webapp.security.limits import limiter

bp = Blueprint("guests", __name__)

LARGEST_UPLOAD = MOST_BYTES + 64 * 1024
"""A file and the form around it."""

MOST_SWALLOWED = 128 * 1024 * 1024
SIP = 1024 * 1024


class TooLarge(DomainError):
    """The upload is larger than a guest list can be."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE

    def __init__(self, message: object, *, event_id: str) -> None:
        super().__init__(message)
        self.way_back = url_for("guests.file", event_id=event_id), _l("Choose another file")


@bp.url_value_preprocessor
def _take_larger_body(endpoint: str | None, values: dict[str, str] | None) -> None:
    """Let this one form be large, before anything reads it.

    A body that is too large is read and dropped: a browser that is cut off while it sends shows
    its own error instead of our answer.
    """
    if endpoint != "guests.upload" or not values:
        return
    request.max_content_length = LARGEST_UPLOAD
    announced = request.content_length or 0
    if announced <= LARGEST_UPLOAD:
        return
    body, left = request.input_stream, min(announced, MOST_SWALLOWED)
    while left > 0 and (sip := body.read(min(SIP, left))):
        left -= len(sip)
    raise TooLarge(
        _l("This file is larger than 10 MB. Please keep only the sheet with the guests."),
        event_id=values["event_id"],
    )


@bp.get("/events/<event_id>/import")
@requires(running)
def file(event_id: str) -> str:  # noqa: ARG001  # the rule reads it
    """Ask for a file."""
    return render_template("exchange/import.html", page=_file_page(FileForm()))


@bp.post("/events/<event_id>/import")
@requires(running)
@limiter.limit("60 per hour", key_func=lambda: f"list of {current_person().id}")
def upload(event_id: str) -> Response:
    """Read a file, and keep its rows until they are imported or a day has passed."""
    form = FileForm(request.files)
    database.let_others_write()
    if not form.validate():
        return invalid("exchange/import.html", page=_file_page(form))
    kept = services.keep_list(
        database.session(),
        event=current_event(),
        by=current_person(),
        file_name=form.file.data.filename,
        content=pack(form.table),
        now=clock.now(),
    )
    return redirect(url_for("guests.match", event_id=event_id, list_id=kept.id), 303)


@bp.get("/events/<event_id>/import/<list_id>/match")
@requires(running)
def match(event_id: str, list_id: str) -> Response | str:
    """Show which column goes where, and why."""
    waiting = _waiting(list_id)
    if waiting.is_started:
        return redirect(url_for("guests.progress", event_id=event_id, list_id=list_id), 303)
    page = match_page(current_event(), waiting, open_list(waiting))
    return render_template("exchange/match.html", page=page)


@bp.post("/events/<event_id>/import/<list_id>/match")
@requires(running)
def choose(event_id: str, list_id: str) -> Response:
    """Keep what was chosen for each column."""
    _before, opened = _opened(list_id)
    chosen = chosen_fields(request.form, opened.guessed)
    settled = open_table(opened.table, chosen)
    waiting = _waiting(list_id)
    if not settled.is_settled:
        page = match_page(current_event(), waiting, settled, is_sent=True)
        return invalid("exchange/match.html", page=page)
    services.keep_choices(database.session(), waiting=waiting, chosen=chosen)
    return redirect(url_for("guests.check", event_id=event_id, list_id=list_id), 303)


@bp.get("/events/<event_id>/import/<list_id>/check")
@requires(running)
def check(event_id: str, list_id: str) -> Response | str:
    """Show what importing would do, and which rows cannot be imported."""
    waiting = _waiting(list_id)
    opened = open_list(waiting)
    if waiting.is_started or not opened.is_settled:
        return redirect(url_for("guests.match", event_id=event_id, list_id=list_id), 303)
    fates = opened.fates(database.session(), event_id)
    page = check_page(current_event(), waiting, opened, fates)
    return render_template("exchange/check.html", page=page)


@bp.get("/events/<event_id>/import/<list_id>/bad-rows.csv")
@requires(running)
def bad_rows(event_id: str, list_id: str) -> Response:
    """Give the rows that cannot be imported as a file to correct."""
    opened = open_list(_waiting(list_id))
    if not opened.is_settled:
        return redirect(url_for("guests.match", event_id=event_id, list_id=list_id), 303)
    text = written_bad_rows(opened.match, opened.checked.rejected)
    response = Response(text, mimetype="text/csv")
    response.headers["Content-Disposition"] = "attachment; filename=bad-rows.csv"
    return response


@bp.get("/events/<event_id>/import/<list_id>/progress")
@requires(running)
def progress(event_id: str, list_id: str) -> str:  # noqa: ARG001  # the rule reads it
    """Show how far an import has come, and go on."""
    waiting = _waiting(list_id)
    row = _progress_row(waiting, open_list(waiting), waiting.next_row)
    return render_template("exchange/progress.html", page=row, event=current_event())


@bp.post("/events/<event_id>/import/<list_id>/progress")
@requires(running)
def go_on(event_id: str, list_id: str) -> Response:
    """Import the next rows; the page asks for more until all are in."""
    before, opened = _opened(list_id)
    chunk = opened.chunk(before.next_row)
    left = services.import_chunk(
        database.session(),
        event=current_event(),
        list_id=list_id,
        chunk=chunk,
        source=opened.source,
        by=current_person(),
        now=clock.now(),
    )
    if left is None or chunk.is_last:
        flash(outcome(left.tally) if left else _("This list has been imported."), "done")
        return gone_to(url_for("guests.file", event_id=event_id))
    return done(
        "exchange/_progress.html",
        row=_progress_row(left, opened, left.next_row),
        otherwise=url_for("guests.progress", event_id=event_id, list_id=list_id),
    )


def _waiting(list_id: str) -> GuestList:
    return queries.waiting_list(
        database.session(), event_id=current_event().id, list_id=list_id, now=clock.now()
    ) or abort(404)


def _opened(list_id: str) -> tuple[GuestList, OpenList]:
    """Return a list as it is now, opened while others may write: that takes its time."""
    waiting = _waiting(list_id)
    database.let_others_write()
    return waiting, open_list(waiting)


def _file_page(form: FileForm) -> FilePage:
    session, event = database.session(), current_event()
    waiting = queries.lists_that_wait(session, event_id=event.id, now=clock.now())
    return FilePage(event, form, count_attendees(session, event.id), waiting)


def _progress_row(waiting: GuestList, opened: OpenList, done_rows: int) -> ProgressRow:
    return ProgressRow(waiting.event_id, waiting.id, done_rows, len(opened.match.lines))
