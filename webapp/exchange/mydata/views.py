"""Taking one's data along, and deleting the account."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from webapp.accounts.access import (
    at_door,
    current_person,
    freshly_signed_in,
    person_at_door,
    signed_in,
)
from webapp.accounts.keys.access import proven_afresh
from webapp.core import clock
from webapp.core import db as database
from webapp.events.models import Event
from webapp.exchange.mydata import export as exporting
from webapp.exchange.mydata import queries, services
from webapp.exchange.mydata.queries import UNDO_FOR
from webapp.exchange.mydata.writing import zip_of
from webapp.security.access import requires
from webapp.security.limits import limiter

bp = Blueprint("mydata", __name__)


@dataclass(frozen=True, slots=True)
class LeavePage:
    """What somebody has to settle before they delete their account."""

    to_settle: list[Event]


@dataclass(frozen=True, slots=True)
class LeavingPage:
    """Until when somebody can take it back."""

    until: datetime
    may_take_back: bool


@bp.get("/me/data")
@requires(signed_in)
def data() -> str:
    """Show what can be taken along, and the way out."""
    return render_template("exchange/mydata.html")


@bp.post("/me/data")
@requires(proven_afresh)
@limiter.limit("10 per hour", key_func=lambda: f"exports of {current_person().id}")
def export() -> Response:
    """Give everything about me in one file."""
    session, now = database.session(), clock.now()
    me = queries.me_of(session, current_person())
    sections = exporting.everything(session, me=me, now=now)
    database.let_others_write()
    packed = zip_of(sections, now=now, has_bom="bom" in request.form)
    answer = Response(packed, content_type="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename="my-bowline-data.zip")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/me/leave")
@requires(freshly_signed_in)
def leave() -> str:
    """Ask whether the account shall really go."""
    return render_template("exchange/mydata_leave.html", page=_leave_page())


def _leave_page() -> LeavePage:
    return LeavePage(queries.events_to_settle(database.session(), current_person().id))


@bp.post("/me/leave")
@requires(freshly_signed_in)
def confirm_leave() -> BaseResponse:
    """Hide the account everywhere at once; a day later it is gone."""
    services.leave(database.session(), person=current_person(), now=clock.now())
    answer = redirect(url_for("mydata.leaving"), 303)
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


@bp.get("/me/leaving")
@requires(at_door)
def leaving() -> BaseResponse | str:
    """Show that the account is being deleted, and the way back."""
    person = person_at_door()
    if person is None or person.leaving_at is None:
        return redirect(url_for("ties.card"), 303)
    until = person.leaving_at + UNDO_FOR
    page = LeavingPage(until, may_take_back=clock.now() < until)
    return render_template("exchange/mydata_leaving.html", page=page)


@bp.post("/me/leaving")
@requires(at_door)
def take_back() -> BaseResponse:
    """Bring the account back as it was."""
    person = person_at_door()
    if person is not None and person.leaving_at is not None:
        services.take_back(database.session(), person=person, now=clock.now())
        flash(_("Welcome back. Everything is as it was."), "done")
    return redirect(url_for("ties.card"), 303)
