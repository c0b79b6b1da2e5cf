"""Keeping what matters of a talk: a note, a promise and a depth, in one form."""

from dataclasses import dataclass, replace

from flask import flash, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from webapp.accounts.access import current_person
from webapp.accounts.models import Person
from webapp.conversations.access import current_talk
from webapp.conversations.queries import TalkSides
from webapp.core import clock
from webapp.core import db as database
from webapp.core.htmx import done, invalid, wants_fragment
from webapp.events.access import attending
from webapp.events.models import Event
from webapp.followups.forms.promises import KIND_CHIPS, DepthForm, PromiseForm, note_form
from webapp.followups.pages import KeepPart, keep_part, today_of
from webapp.followups.services.promises import make_promise
from webapp.followups.services.sides import choose_depth
from webapp.followups.views.blueprint import bp
from webapp.security.access import requires
from webapp.ties import gate
from webapp.ties.models import Tie
from webapp.ties.services import keep_note

Opened = tuple[Tie, Person] | None


@dataclass(frozen=True, slots=True)
class KeepPage:
    """The form of a talk alone, where it could not be taken as it was sent."""

    event: Event
    talk_url: str
    row: KeepPart


@bp.post("/events/<event_id>/talks/<talk_id>/keep")
@requires(attending)
def keep(event_id: str, talk_id: str) -> Response:
    """Keep a note only I read, a promise both see, and how deep it went as I say."""
    sides, me, now = current_talk(talk_id), current_person(), clock.now()
    session, opened = database.session(), _opened_with(sides)
    where = url_for("ties.talk", event_id=event_id, talk_id=talk_id)
    part = keep_part(session, sides, me=me, opened=opened, now=now)
    typed = _typed(session, part, opened)
    if not _is_valid(typed):
        page = KeepPage(sides.event, where, typed)
        return invalid("followups/keep.html", "followups/_keep.html", page=page, row=typed)
    told = _keep(session, sides, typed, opened)
    if not wants_fragment():
        flash(told, "done")
    row = keep_part(session, sides, me=me, opened=opened, now=now, told=told)
    return done("followups/_keep.html", row=row, otherwise=where)


def _opened_with(sides: TalkSides) -> Opened:
    if not sides.talk.is_proven:
        return None
    me, other_id = current_person(), sides.other.person_id
    return gate.open_tie_with(database.session(), person_id=me.id, other_id=other_id)


def _typed(session: Session, part: KeepPart, opened: Opened) -> KeepPart:
    """Return the form of a talk with what was typed in place of what was kept."""
    today = today_of(session, opened[0], clock.now()) if opened else None
    return replace(
        part,
        note=note_form(request.form, name=part.name),
        promise=PromiseForm(request.form, today=today, needed=False) if today else None,
        depth=DepthForm(request.form, data=part.depth.data) if part.depth else None,
    )


def _is_valid(typed: KeepPart) -> bool:
    """Tell whether everything can be kept; each field is told its own problem."""
    for form in typed.forms:
        form.validate()
    return not typed.has_problems


def _keep(session: Session, sides: TalkSides, typed: KeepPart, opened: Opened) -> str:
    """Keep all of it, and return the words that say who sees it."""
    me, now = current_person(), clock.now()
    told: str = _("Kept. Only you see it.")
    text = typed.note.note.data or ""
    keep_note(session, author=sides.mine, about_id=sides.other.id, text=text, now=now)
    if opened and typed.depth:
        choose_depth(session, tie=opened[0], by=me, depth=typed.depth.chosen())
    if opened and typed.promise and not typed.promise.is_empty:
        make_promise(session, tie=opened[0], by=me, said=typed.promise.said(), now=now)
        told = _("Kept. %(name)s sees your promise.", name=typed.name)
    if not opened and sides.talk.is_proven:
        told = _not_promised() or told
    return told


def _not_promised() -> str:
    """Say that a promise typed while the other one untied is not kept, and give its words back."""
    said = PromiseForm(request.form, today=clock.now().date(), needed=False)
    promise = said.words.data or KIND_CHIPS.get(said.kind.data)
    if not promise:
        return ""
    return str(
        _(
            "Your note is kept. You are not tied any more, so this is not promised: %(promise)s",
            promise=promise,
        )
    )
