"""Asking to be introduced, and the hosts' list of those who asked."""

from dataclasses import dataclass

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.accounts.access import current_person
from webapp.core import clock
from webapp.core import db as database
from webapp.core.htmx import done, gone_to, invalid
from webapp.events.access import (
    at_desk,
    attending,
    current_attendee,
    current_event,
    current_place,
)
from webapp.events.models import Event
from webapp.events.rules import RUNS_THE_EVENT, is_coming, is_over
from webapp.hosting import pages, queries, services
from webapp.hosting.access import NotAsking, current_asking
from webapp.hosting.forms import AskForm, form_of
from webapp.hosting.pages import AskingCard
from webapp.hosting.rules import Standing, standing
from webapp.security.access import requires
from webapp.security.keys import secret_key
from webapp.security.limits import limiter
from webapp.topics.queries import own_topics
from webapp.topics.rules import OwnTopics

bp = Blueprint("hosting", __name__)


@dataclass(frozen=True, slots=True)
class IntroduceMePage:
    """Whether hosts see me, who is on it, and what I say to them."""

    event: Event
    standing: Standing
    told: str
    """Who will introduce me; empty if nobody is on it."""
    topics: OwnTopics
    form: AskForm


@dataclass(frozen=True, slots=True)
class HostingPage:
    """Who would like to be introduced."""

    event: Event
    cards: list[AskingCard]
    waiting: int
    is_coming: bool
    is_over: bool
    may_run: bool


@bp.get("/events/<event_id>/introduce-me")
@requires(attending)
def introduce_me(event_id: str) -> str:  # noqa: ARG001  # the rule reads it
    """Ask whether a host may introduce me, and show who is on it."""
    return render_template("hosting/introduce_me.html", page=_own_page())


def _own_page(form: AskForm | None = None) -> IntroduceMePage:
    session, event, me = database.session(), current_event(), current_attendee()
    found = queries.own_asking(session, attendee=me)
    asking, helper = (found.asking, found.helper) if found else (None, None)
    return IntroduceMePage(
        event=event,
        standing=standing(event, asking, helper, is_here=me.is_checked_in, now=clock.now()),
        told=pages.words_for(helper) if helper else "",
        topics=own_topics(session, attendee=me),
        form=form or form_of(asking),
    )


def _is_asking() -> bool:
    return bool(AskForm(request.form).may_introduce.data)


@bp.post("/events/<event_id>/introduce-me")
@requires(attending)
@limiter.limit(
    "10 per hour",
    key_func=lambda: f"askings of {current_person().id}",
    exempt_when=lambda: not _is_asking(),  # taking it back never waits
    deduct_when=lambda response: response.status_code < 400,  # noqa: PLR2004
)
def ask(event_id: str) -> Response:
    """Keep what I say to hosts, or take it back; taking it back always works."""
    session, me, form = database.session(), current_attendee(), AskForm(request.form)
    if not form.may_introduce.data:
        services.stop_asking(session, attendee=me)
        flash(_("Kept. No host sees you on their list."), "done")
    elif is_over(current_event(), clock.now()):
        flash(_("This event is over. Nothing was kept."), "error")
    elif form.validate():
        services.ask(session, attendee=me, wish=form.wish(), now=clock.now())
        flash(_("Kept."), "done")
    else:
        return invalid("hosting/introduce_me.html", page=_own_page(form))
    return gone_to(url_for("hosting.introduce_me", event_id=event_id))


@bp.post("/events/<event_id>/introduce-me/thanks")
@requires(attending)
def say_thanks(event_id: str) -> Response:
    """End it: I have found somebody to talk with."""
    services.stop_asking(database.session(), attendee=current_attendee())
    flash(_("Lovely. No host sees you on their list any more."), "done")
    return gone_to(url_for("conversations.meet", event_id=event_id))


@bp.get("/events/<event_id>/hosting")
@requires(at_desk)
def people(event_id: str) -> str:  # noqa: ARG001  # the rule reads it
    """Show hosts who would like to be introduced."""
    return render_template("hosting/people.html", page=_hosting_page())


@bp.get("/events/<event_id>/hosting-now")
@requires(at_desk)
def people_fragment(event_id: str) -> str:  # noqa: ARG001  # the rule reads it
    """Show them again; an open screen asks every 20 seconds."""
    return render_template("hosting/_people.html", page=_hosting_page())


def _hosting_page() -> HostingPage:
    event, now = current_event(), clock.now()
    has_ended, has_not_begun = is_over(event, now), is_coming(event, now)
    found = [] if has_ended or has_not_begun else _cards()
    return HostingPage(
        event=event,
        cards=found,
        waiting=sum(one.introduced_at is None for one in found),
        is_coming=has_not_begun,
        is_over=has_ended,
        may_run=bool(current_place().roles & RUNS_THE_EVENT),
    )


def _cards() -> list[AskingCard]:
    return pages.cards(
        database.session(),
        current_event(),
        host_id=current_person().id,
        secret=secret_key(),
        now=clock.now(),
    )


@bp.post("/events/<event_id>/hosting/<attendee_id>/help")
@requires(at_desk)
def help_in(event_id: str, attendee_id: str) -> Response:
    """Be on it, also in place of the host the page named."""
    services.begin_to_help(
        database.session(),
        asking=current_asking(attendee_id).asking,
        by=current_person(),
        instead_of=request.form.get("instead_of") or None,
        now=clock.now(),
    )
    return _shown(event_id, attendee_id)


@bp.post("/events/<event_id>/hosting/<attendee_id>/let-be")
@requires(at_desk)
def let_be(event_id: str, attendee_id: str) -> Response:
    """Step back; they keep their turn."""
    services.let_be(
        database.session(),
        asking=current_asking(attendee_id).asking,
        by=current_person(),
        now=clock.now(),
    )
    return _shown(event_id, attendee_id)


@bp.post("/events/<event_id>/hosting/<attendee_id>/introduced")
@requires(at_desk)
def introduced(event_id: str, attendee_id: str) -> Response:
    """Say that I introduced them; to whom is nobody's business."""
    services.note_introduction(
        database.session(),
        asking=current_asking(attendee_id).asking,
        by=current_person(),
        now=clock.now(),
    )
    return _shown(event_id, attendee_id)


@bp.post("/events/<event_id>/hosting/<attendee_id>/undo-introduced")
@requires(at_desk)
def undo_introduced(event_id: str, attendee_id: str) -> Response:
    """Take a mistaken tap back."""
    services.undo_introduction(
        database.session(),
        asking=current_asking(attendee_id).asking,
        by=current_person(),
        now=clock.now(),
    )
    return _shown(event_id, attendee_id)


def _shown(event_id: str, attendee_id: str) -> Response:
    """Answer with how the person stands now."""
    card = next((one for one in _cards() if one.attendee_id == attendee_id), None)
    if card is None:
        raise NotAsking
    return done(
        "hosting/_card.html", row=card, otherwise=url_for("hosting.people", event_id=event_id)
    )
