"""Answering who says we talked: yes is the ties' business, no, undo and block are here."""

from dataclasses import dataclass

from flask import abort, flash, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.accounts.access import current_person
from webapp.conversations import queries, services
from webapp.conversations.access import current_talk, may_block
from webapp.conversations.rules import NOES_BEFORE_BLOCK_IS_OFFERED
from webapp.conversations.views.blueprint import bp
from webapp.core import clock
from webapp.core import db as database
from webapp.core.htmx import done, gone_to
from webapp.events.access import attending
from webapp.security.access import requires


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A claim I said no to, on the spot."""

    talk_id: str
    event_id: str
    name: str
    offers_block: bool


@bp.post("/events/<event_id>/talks/<talk_id>/refuse")
@requires(attending)
def refuse(event_id: str, talk_id: str) -> Response:
    """Say "no, we didn't"."""
    sides = current_talk(talk_id)
    services.refuse(database.session(), talk=sides.talk, by=sides.mine, now=clock.now())
    noes = queries.noes_said(
        database.session(),
        event_id=event_id,
        by_id=sides.mine.id,
        about_id=sides.other.id,
    )
    row = RefusedRow(talk_id, event_id, sides.other.name, noes >= NOES_BEFORE_BLOCK_IS_OFFERED)
    return done("conversations/_refused.html", row=row, otherwise=url_for("followups.follow_up"))


@bp.post("/events/<event_id>/talks/<talk_id>/unrefuse")
@requires(attending)
def take_refusal_back(event_id: str, talk_id: str) -> Response:  # noqa: ARG001
    """Take a mistaken "no" back."""
    sides = current_talk(talk_id)
    services.take_refusal_back(database.session(), talk=sides.talk, by=sides.mine)
    return gone_to(url_for("followups.follow_up"))


@bp.post("/events/<event_id>/talks/<talk_id>/undo")
@requires(attending)
def undo(event_id: str, talk_id: str) -> Response:
    """Take a talk back on the spot."""
    sides = current_talk(talk_id)
    services.undo(database.session(), talk=sides.talk, by=sides.mine, now=clock.now())
    flash(_("Undone. Nothing is recorded, nothing is open."), "done")
    return gone_to(url_for("conversations.meet", event_id=event_id))


@bp.post("/events/<event_id>/talks/<talk_id>/block")
@requires(attending)
def block(event_id: str, talk_id: str) -> Response:  # noqa: ARG001
    """Never hear from the other side of this talk again."""
    sides = current_talk(talk_id)
    if sides.other.person_id is None or not may_block(sides):
        abort(404)
    services.block(
        database.session(),
        blocker_id=current_person().id,
        blocked_id=sides.other.person_id,
        now=clock.now(),
    )
    flash(_("Blocked. They are not told."), "done")
    return gone_to(url_for("followups.follow_up"))
