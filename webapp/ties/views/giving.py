"""Giving one of my links to one person, and taking it back."""

from flask import abort, url_for
from werkzeug.wrappers import Response

from webapp.accounts.access import current_person, signed_in
from webapp.core import clock
from webapp.core import db as database
from webapp.core.htmx import done
from webapp.security.access import requires
from webapp.ties import queries, services
from webapp.ties.pages import offer_row
from webapp.ties.queries import Offer
from webapp.ties.views.blueprint import bp


def current_offer(tie_id: str, link_id: str) -> Offer:
    """Return a link of mine I may give over an open tie of mine; anything else is a 404."""
    return queries.own_offer(
        database.session(), person_id=current_person().id, tie_id=tie_id, link_id=link_id
    ) or abort(404)


@bp.post("/people/<tie_id>/links/<link_id>/give")
@requires(signed_in)
def give_link(tie_id: str, link_id: str) -> Response:
    """Give them one of my links; they have it at once."""
    return _answer(tie_id, link_id, is_given=True)


@bp.post("/people/<tie_id>/links/<link_id>/keep-back")
@requires(signed_in)
def keep_link_back(tie_id: str, link_id: str) -> Response:
    """Do not give them one of my links, or take it back; it is gone for them at once."""
    return _answer(tie_id, link_id, is_given=False)


def _answer(tie_id: str, link_id: str, *, is_given: bool) -> Response:
    offer = current_offer(tie_id, link_id)
    services.answer_offer(database.session(), offer=offer, is_given=is_given, now=clock.now())
    row = offer_row(current_offer(tie_id, link_id))
    return done("ties/_offer.html", row=row, otherwise=url_for("ties.person", tie_id=tie_id))
