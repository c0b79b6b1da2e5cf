"""The people I met, one of them, and untying."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Response, abort, flash, render_template, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webapp.accounts.access import current_person, signed_in
from webapp.accounts.models import Person
from webapp.conversations import services as talk_services
from webapp.conversations.queries import proven_between
from webapp.core import clock, signals
from webapp.core import db as database
from webapp.core.htmx import gone_to
from webapp.core.phone import kept_by_phone
from webapp.events.models import Event
from webapp.security.access import requires
from webapp.ties import gate, queries, services
from webapp.ties.access import current_tie
from webapp.ties.pages import PersonPage, UntiedPage, listed_people, offer_row, opened_row, parts_in
from webapp.ties.rules import may_retie, vcard
from webapp.ties.views.blueprint import bp


@bp.get("/people")
@requires(signed_in)
def people() -> BaseResponse:
    """List the people I met."""
    session, me = database.session(), current_person().id
    rows = queries.people_i_met(session, me)
    page = listed_people(session, rows=rows, person_id=me)
    return kept_by_phone(render_template("ties/people.html", page=page))


@bp.get("/people/<tie_id>")
@requires(signed_in)
def person(tie_id: str) -> BaseResponse | str:
    """Show one person I met, or that I have just untied them."""
    session, me, now = database.session(), current_person(), clock.now()
    found = gate.open_tie(session, tie_id=tie_id, person_id=me.id)
    if found is None:
        return _untied(session, tie_id, me, now)
    tie, other = found
    offers = queries.own_offers(session, person_id=me.id, tie_id=tie_id)
    # First, for the parts need the events it reads.
    talks = proven_between(session, me.id, other.id)
    parts = signals.tie_shown.send(tie, session=session, me=me, other=other, now=now)
    page = PersonPage(
        opened_row(session, tie=tie, other=other, person_id=me.id),
        [offer_row(offer) for offer in offers],
        talks,
        queries.own_notes_about(session, author=me.id, about=other.id),
        parts_in(parts),
    )
    return kept_by_phone(render_template("ties/person.html", page=page))


def _untied(session: Session, tie_id: str, me: Person, now: datetime) -> str:
    """Show that I untied somebody as long as I may think better of it; else a 404."""
    mine = queries.tie_i_untied(session, tie_id=tie_id, person_id=me.id)
    if mine is None or not may_retie(mine[0], by_id=me.id, now=now):
        abort(404)
    return render_template("ties/untied.html", page=UntiedPage(tie_id, mine[1].name))


@bp.get("/people/<tie_id>/card.vcf")
@requires(signed_in)
def contact_card(tie_id: str) -> Response:
    """Give a person's card for the phone's contacts, over an open tie only."""
    tie, other = current_tie(tie_id)
    event = database.session().get_one(Event, tie.last_event_id)
    links = gate.links_over(database.session(), tie=tie, person_id=current_person().id)
    there = tie.last_talk_at.astimezone(ZoneInfo(event.time_zone))
    card = vcard(
        name=other.name,
        organisation=other.organisation,
        headline=other.headline,
        urls=[link.url for link in links],
        met=_(
            "Met at %(event)s on %(day)s", event=event.name, day=format_date(there, rebase=False)
        ),
    )
    return Response(card, content_type="text/vcard; charset=utf-8")


@bp.post("/people/<tie_id>/untie")
@requires(signed_in)
def untie(tie_id: str) -> BaseResponse:
    """Untie; both sides' links close at once."""
    tie, _other = current_tie(tie_id)
    services.untie(database.session(), tie=tie, by=current_person(), now=clock.now())
    return gone_to(url_for("ties.person", tie_id=tie_id))


@bp.post("/people/<tie_id>/retie")
@requires(signed_in)
def retie(tie_id: str) -> BaseResponse:
    """Take my untying back on the spot."""
    found = queries.tie_i_untied(
        database.session(), tie_id=tie_id, person_id=current_person().id
    ) or abort(404)
    services.retie(database.session(), tie=found[0], by=current_person(), now=clock.now())
    return gone_to(url_for("ties.person", tie_id=tie_id))


@bp.post("/people/<tie_id>/block")
@requires(signed_in)
def block(tie_id: str) -> BaseResponse:
    """Block a person; they are not told."""
    _tie, other = current_tie(tie_id)
    talk_services.block(
        database.session(),
        blocker_id=current_person().id,
        blocked_id=other.id,
        now=clock.now(),
    )
    flash(_("Blocked. They are not told."), "done")
    return gone_to(url_for("ties.people"))
