"""Promises over an open tie: making, changing, keeping, dropping, and saying thank you."""

from dataclasses import dataclass

from flask import abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.accounts.access import current_person, signed_in
from webapp.core import clock
from webapp.core import db as database
from webapp.core.htmx import done, gone_to, invalid
from webapp.followups import pages
from webapp.followups.access import PromiseSides, current_promise, own_promise, promise_to_me
from webapp.followups.forms.promises import PromiseForm, changing
from webapp.followups.services import promises as services
from webapp.followups.views.blueprint import bp, is_from_follow_up
from webapp.security.access import requires
from webapp.ties.access import current_tie


@dataclass(frozen=True, slots=True)
class PromisePage:
    """One open promise of mine, to be changed."""

    tie_id: str
    promise_id: str
    name: str
    form: PromiseForm


@dataclass(frozen=True, slots=True)
class PromisingPage:
    """The form for a promise alone, where it could not be taken as it was sent."""

    row: pages.PromisingPart


@bp.post("/people/<tie_id>/promises")
@requires(signed_in)
def make(tie_id: str) -> Response:
    """Promise something to a person I met; they see it."""
    tie, other = current_tie(tie_id)
    session, me, now = database.session(), current_person(), clock.now()
    form = PromiseForm(request.form, today=pages.today_of(session, tie, now))
    if not form.validate():
        row = pages.promising_part(session, tie=tie, other=other, me=me, now=now, form=form)
        page = PromisingPage(row)
        return invalid("followups/promising.html", "followups/_promising.html", page=page, row=row)
    services.make_promise(session, tie=tie, by=me, said=form.said(), now=now)
    row = pages.promising_part(session, tie=tie, other=other, me=me, now=now)
    return done(
        "followups/_promising.html", row=row, otherwise=url_for("ties.person", tie_id=tie_id)
    )


@bp.get("/people/<tie_id>/promises/<promise_id>")
@requires(signed_in)
def promise(tie_id: str, promise_id: str) -> str:
    """Show an open promise of mine, to be changed."""
    sides = own_promise(tie_id, promise_id)
    return render_template("followups/promise.html", page=_promise_page(sides))


def _promise_page(sides: PromiseSides, form: PromiseForm | None = None) -> PromisePage:
    if not sides.promise.is_open:
        abort(404)
    today = pages.today_of(database.session(), sides.tie, clock.now())
    form = form or changing(sides.promise, today=today)
    return PromisePage(sides.tie.id, sides.promise.id, sides.other.name, form)


@bp.post("/people/<tie_id>/promises/<promise_id>")
@requires(signed_in)
def change(tie_id: str, promise_id: str) -> Response:
    """Change an open promise of mine; the other side sees the new words at once."""
    sides = own_promise(tie_id, promise_id)
    session = database.session()
    today = pages.today_of(session, sides.tie, clock.now())
    form = changing(sides.promise, today=today, formdata=request.form)
    if not form.validate():
        return invalid(
            "followups/promise.html", "followups/_change.html", page=_promise_page(sides, form)
        )
    services.change_promise(session, promise=sides.promise, by=current_person(), said=form.said())
    flash(_("Changed. %(name)s sees it.", name=sides.other.name), "done")
    return gone_to(url_for("ties.person", tie_id=tie_id))


@bp.post("/people/<tie_id>/promises/<promise_id>/keep")
@requires(signed_in)
def keep_promise(tie_id: str, promise_id: str) -> Response:
    """Say that a promise of mine is kept."""
    sides = own_promise(tie_id, promise_id)
    services.keep_promise(
        database.session(), promise=sides.promise, by=current_person(), now=clock.now()
    )
    return _answer(sides)


@bp.post("/people/<tie_id>/promises/<promise_id>/drop")
@requires(signed_in)
def drop_promise(tie_id: str, promise_id: str) -> Response:
    """Let a promise of mine go."""
    sides = own_promise(tie_id, promise_id)
    services.drop_promise(
        database.session(), promise=sides.promise, by=current_person(), now=clock.now()
    )
    return _answer(sides)


@bp.post("/people/<tie_id>/promises/<promise_id>/confirm")
@requires(signed_in)
def confirm_promise(tie_id: str, promise_id: str) -> Response:
    """Say that a promise made to me was kept, with thanks."""
    sides = promise_to_me(tie_id, promise_id)
    services.confirm_promise(
        database.session(), promise=sides.promise, by=current_person(), now=clock.now()
    )
    return _answer(sides)


@bp.post("/people/<tie_id>/promises/<promise_id>/take-back")
@requires(signed_in)
def take_back(tie_id: str, promise_id: str) -> Response:
    """Take back my own last word about a promise."""
    sides = current_promise(tie_id, promise_id)
    services.take_back(database.session(), promise=sides.promise, by=current_person())
    return _answer(sides)


def _answer(sides: PromiseSides) -> Response:
    """Show the promises of the tie anew, or the one row of the Follow up screen."""
    if is_from_follow_up():
        return _owed(sides)
    row = pages.promises_part(
        database.session(), sides.tie, sides.other, me=current_person(), now=clock.now()
    )
    where = url_for("ties.person", tie_id=sides.tie.id)
    return done("followups/_promises.html", promises=row, otherwise=where)


def _owed(sides: PromiseSides) -> Response:
    row = pages.promise_row(
        sides.promise,
        me=current_person(),
        name=sides.other.name,
        today=pages.today_of(database.session(), sides.tie, clock.now()),
    )
    return done("followups/_owed.html", row=row, otherwise=url_for("followups.follow_up"))
