"""My links: adding, changing, ordering and removing them."""

from flask import abort, request, url_for
from werkzeug.wrappers import Response

from webapp.accounts.access import current_person, signed_in
from webapp.core import clock
from webapp.core import db as database
from webapp.core.htmx import done, invalid, wants_fragment
from webapp.security.access import requires
from webapp.ties import queries, services
from webapp.ties.forms import LinkForm
from webapp.ties.models import Audience, Link
from webapp.ties.views.blueprint import bp
from webapp.ties.views.cards import card_page, links_part


def current_link(link_id: str) -> Link:
    """Return one of my links; that of somebody else is a 404."""
    found = queries.own_link(database.session(), link_id=link_id, person_id=current_person().id)
    return found or abort(404)


def _standing(link_id: str) -> Link:
    link = current_link(link_id)
    return link if link.removed_at is None else abort(404)


@bp.post("/me/links")
@requires(signed_in)
def add_link() -> Response:
    """Add a link for the people I talk with."""
    session, me = database.session(), current_person()
    form = LinkForm(request.form, mine=queries.own_links(session, me.id))
    if not form.validate():
        return _not_taken(form)
    audience = Audience(form.audience.data)
    services.add_link(session, person=me, link=form.checked, audience=audience, now=clock.now())
    return _shown()


@bp.post("/me/links/<link_id>")
@requires(signed_in)
def change_link(link_id: str) -> Response:
    """Change a link of mine; who gets it sees the new one at once."""
    session, me, link = database.session(), current_person(), _standing(link_id)
    mine = queries.own_links(session, me.id)
    form = LinkForm(request.form, mine=mine, changing=link)
    if not form.validate():
        return _not_taken(form)
    services.change_link(
        session,
        person=me,
        link=link,
        to=form.checked,
        audience=Audience(form.audience.data),
        now=clock.now(),
    )
    return _shown()


@bp.post("/me/links/<link_id>/up")
@requires(signed_in)
def move_link_up(link_id: str) -> Response:
    """Put a link of mine before the one above it."""
    link = _standing(link_id)
    services.move_link_up(database.session(), person=current_person(), link=link)
    return _shown()


@bp.post("/me/links/<link_id>/remove")
@requires(signed_in)
def remove_link(link_id: str) -> Response:
    """Remove a link; it is gone for everyone at once."""
    link = current_link(link_id)
    services.remove_link(database.session(), person=current_person(), link=link, now=clock.now())
    return _shown()


@bp.post("/me/links/<link_id>/restore")
@requires(signed_in)
def restore_link(link_id: str) -> Response:
    """Take the removal of a link back."""
    link = current_link(link_id)
    services.restore_link(database.session(), person=current_person(), link=link, now=clock.now())
    return _shown()


def _shown() -> Response:
    where = url_for("ties.card", _anchor="links")
    return done("ties/_links.html", part=links_part(), otherwise=where)


def _not_taken(form: LinkForm) -> Response:
    if wants_fragment():
        return invalid("ties/_links.html", part=links_part(form))
    return invalid("ties/card.html", page=card_page(link_form=form))
