"""What I choose about a tie, or do, for myself alone."""

from http import HTTPStatus

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.accounts.access import current_person, signed_in
from webapp.core import clock
from webapp.core import db as database
from webapp.core.errors import DomainError
from webapp.core.htmx import done
from webapp.followups.forms.promises import DepthForm
from webapp.followups.pages import strength_part
from webapp.followups.services import sides as services
from webapp.followups.views.blueprint import bp
from webapp.security.access import requires
from webapp.ties.access import current_tie


@bp.post("/people/<tie_id>/depth")
@requires(signed_in)
def choose_depth(tie_id: str) -> Response:
    """Say how deep it went; the other side sees only the lower of both answers."""
    tie, other = current_tie(tie_id)
    session, me, form = database.session(), current_person(), DepthForm(request.form)
    if not form.validate():
        raise DomainError(_("Please choose one of the answers."))
    services.choose_depth(session, tie=tie, by=me, depth=form.chosen())
    row = strength_part(session, tie=tie, me=me, other=other, now=clock.now())
    return done(
        "followups/_strength.html", row=row, otherwise=url_for("ties.person", tie_id=tie_id)
    )


@bp.post("/people/<tie_id>/opened")
@requires(signed_in)
def note_opened(tie_id: str) -> Response:
    """Note that I opened a link of the other side."""
    tie, _other = current_tie(tie_id)
    services.note_opened(database.session(), tie=tie, by=current_person(), now=clock.now())
    return Response(status=HTTPStatus.NO_CONTENT)


@bp.post("/me/depth")
@requires(signed_in)
def say_depth() -> Response:
    """Switch whether I am asked how deep talks went, and see it."""
    says = request.form.get("says_depth") == "y"
    services.say_depth(database.session(), person=current_person(), says=says)
    flash(_("Kept."), "done")
    return redirect(url_for("ties.card"), 303)
