"""A saved talk: what it opened, and the answer to a claim."""

from flask import render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from webapp.accounts.access import current_person
from webapp.accounts.models import Person
from webapp.conversations import services as talk_services
from webapp.conversations.access import current_talk
from webapp.conversations.queries import TalkSides
from webapp.conversations.rules import may_undo
from webapp.core import clock, signals
from webapp.core import db as database
from webapp.core.htmx import done, gone_to
from webapp.events.access import attending
from webapp.security.access import requires
from webapp.ties import gate, queries
from webapp.ties.models import Tie
from webapp.ties.pages import OfferRow, OpenedRow, TalkPage, offer_row, opened_row, parts_in
from webapp.ties.views.blueprint import bp


@bp.get("/events/<event_id>/talks/<talk_id>")
@requires(attending)
def talk(event_id: str, talk_id: str) -> str:  # noqa: ARG001  # the rule reads it
    """Show what came of a scan: saved, waiting for them, or waiting for me."""
    return render_template("ties/talk.html", page=_talk_page(current_talk(talk_id)))


def _talk_page(sides: TalkSides) -> TalkPage:
    session, me, now = database.session(), current_person(), clock.now()
    talk = sides.talk
    found = _open_tie_with(sides.other.person_id) if talk.is_proven else None
    parts = signals.talk_shown.send(sides, session=session, me=me, opened=found, now=now)
    return TalkPage(
        event=sides.event,
        talk=talk,
        name=sides.other.name,
        opened=_opened(*found) if found else None,
        offers=_offers(found[0]) if found else [],
        is_waiting_for_me=not talk.is_proven and talk.claimed_about_id == sides.mine.id,
        is_waiting_for_them=not talk.is_proven and talk.claimed_by_id == sides.mine.id,
        may_undo=may_undo(talk, by_id=sides.mine.id, now=now),
        parts=parts_in(parts),
    )


def _open_tie_with(other_id: str | None) -> tuple[Tie, Person] | None:
    return gate.open_tie_with(database.session(), person_id=current_person().id, other_id=other_id)


def _opened(tie: Tie, other: Person) -> OpenedRow:
    return opened_row(database.session(), tie=tie, other=other, person_id=current_person().id)


def _offers(tie: Tie) -> list[OfferRow]:
    offers = queries.own_offers(database.session(), person_id=current_person().id, tie_id=tie.id)
    return [offer_row(offer) for offer in offers]


@bp.post("/events/<event_id>/talks/<talk_id>/confirm")
@requires(attending)
def confirm(event_id: str, talk_id: str) -> BaseResponse:
    """Say yes to a claim about me; both people's links open."""
    sides = current_talk(talk_id)
    talk_services.confirm(database.session(), talk=sides.talk, by=sides.mine, now=clock.now())
    found = _open_tie_with(sides.other.person_id)
    where = url_for("ties.talk", event_id=event_id, talk_id=talk_id)
    if found is None:
        return gone_to(where)
    return done("ties/_opened.html", row=_opened(*found), otherwise=where)
