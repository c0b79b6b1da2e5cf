"""My card, what others see of it, and whom I blocked."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.accounts import services as account_services
from webapp.accounts.access import current_person, signed_in
from webapp.accounts.queries import addresses_of, identities_of
from webapp.conversations import services as talk_services
from webapp.core import clock
from webapp.core import db as database
from webapp.core.htmx import invalid
from webapp.core.urls import config
from webapp.security.access import requires
from webapp.ties import queries
from webapp.ties.forms import CardForm, LinkForm
from webapp.ties.models import Link
from webapp.ties.pages import (
    CardPage,
    LinksPart,
    OpenedRow,
    SeenPage,
    opened_row,
    opened_to_somebody_new,
    own_link_rows,
)
from webapp.ties.queries import PersonRow
from webapp.ties.rules import MOST_LINKS, may_restore, shown_as
from webapp.ties.views.blueprint import bp

SOMEBODY, RECRUITER = "somebody", "recruiter"


@bp.get("/me")
@requires(signed_in)
def card() -> str:
    """Show my card and privacy."""
    return render_template("ties/card.html", page=card_page())


@bp.post("/me")
@requires(signed_in)
def change_card() -> Response:
    """Change my card; everybody with an open tie sees it at once."""
    form = CardForm(request.form)
    if not form.validate():
        return invalid("ties/card.html", page=card_page(form=form))
    said = form.command()
    account_services.change_card(
        database.session(),
        person=current_person(),
        name=said.name,
        organisation=said.organisation,
        headline=said.headline,
    )
    flash(_("Kept."), "done")
    return redirect(url_for("ties.card"), 303)


@bp.get("/me/seen")
@requires(signed_in)
def seen() -> str:
    """Show exactly what somebody else sees of me."""
    return render_template("ties/seen.html", page=_seen_page(request.args.get("by", "")))


@bp.post("/me/blocked/<person_id>/unblock")
@requires(signed_in)
def unblock(person_id: str) -> Response:
    """Lift a block of mine."""
    talk_services.unblock(database.session(), blocker_id=current_person().id, blocked_id=person_id)
    return redirect(url_for("ties.card"), 303)


def card_page(*, form: CardForm | None = None, link_form: LinkForm | None = None) -> CardPage:
    """Return my card; forms that could not be taken come with what was typed."""
    session, me = database.session(), current_person()
    identities = identities_of(session, me.id)
    connected = {identity.provider for identity in identities}
    return CardPage(
        form=form or CardForm(obj=me),
        my_links=links_part(link_form),
        addresses=addresses_of(session, me.id),
        identities=identities,
        providers=[one for one in config().providers if one.label not in connected],
        blocked=queries.people_i_blocked(session, me.id),
        says_depth=me.says_depth,
    )


def links_part(failed: LinkForm | None = None) -> LinksPart:
    """Return my links, and the form that could not be taken, if there is one."""
    have = queries.own_links(database.session(), current_person().id)
    stand = [one for one in have if one.removed_at is None]
    is_full = len(stand) >= MOST_LINKS
    return LinksPart(
        links=own_link_rows(stand, failed=failed),
        removed=[] if is_full else _removed(have),
        form=failed if failed and not failed.changing else LinkForm(),
        is_full=is_full,
    )


def _removed(links: list[Link]) -> list[tuple[str, str]]:
    now = clock.now()
    return [(one.id, shown_as(one.url)) for one in links if may_restore(one, now=now)]


def _seen_page(by: str) -> SeenPage:
    met = queries.people_i_met(database.session(), current_person().id)
    usual = [(SOMEBODY, _("Somebody I talk with")), (RECRUITER, _("A recruiter"))]
    choices = usual + [(row.tie.id, row.person.name) for row in met]
    chosen = by if by in dict(choices) else SOMEBODY
    row = next((row for row in met if row.tie.id == chosen), None)
    return SeenPage(choices=choices, chosen=chosen, row=_seen_row(chosen, row))


def _seen_row(chosen: str, row: PersonRow | None) -> OpenedRow:
    session, me = database.session(), current_person()
    if row is not None:
        return opened_row(session, tie=row.tie, other=me, person_id=row.person.id)
    return opened_to_somebody_new(session, owner=me, is_recruiter=chosen == RECRUITER)
