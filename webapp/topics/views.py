"""My topics, and whom to look for because of them."""

from dataclasses import dataclass

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.accounts.access import current_person
from webapp.core import clock
from webapp.core import db as database
from webapp.core.htmx import gone_to, invalid
from webapp.events.access import attending, current_attendee, current_event
from webapp.events.models import Event
from webapp.security.access import requires
from webapp.security.keys import secret_key
from webapp.security.limits import limiter
from webapp.topics import queries, services
from webapp.topics.forms import TopicsForm, form_of
from webapp.topics.rules import (
    OwnTopics,
    Standing,
    Suggestion,
    as_printed_on,
    standing,
    starting_id,
    suggestions,
)

bp = Blueprint("topics", __name__)


@dataclass(frozen=True, slots=True)
class LookForPage:
    """Whom to look for, what is missing if nobody is named, and my own topics."""

    event: Event
    standing: Standing
    suggestions: tuple[Suggestion, ...]
    form: TopicsForm


@bp.get("/events/<event_id>/look-for")
@requires(attending)
def look_for(event_id: str) -> str:  # noqa: ARG001  # the rule reads it
    """Show whom to look for, and ask for my topics."""
    own = queries.own_topics(database.session(), attendee=current_attendee())
    return render_template("topics/look_for.html", page=_page(own, form_of(own)))


def _takes_part() -> bool:
    return bool(TopicsForm(request.form).is_looking.data)


@bp.post("/events/<event_id>/look-for")
@requires(attending)
@limiter.limit(
    "10 per hour",
    key_func=lambda: f"topics of {current_person().id}",
    exempt_when=lambda: not _takes_part(),  # who takes the tick off sees nobody, and never waits
    deduct_when=lambda response: response.status_code < 400,  # noqa: PLR2004
)
def keep_topics(event_id: str) -> Response:
    """Keep my topics and whether I want to be suggested; taking the tick off always works."""
    session, me, form = database.session(), current_attendee(), TopicsForm(request.form)
    own = queries.own_topics(session, attendee=me)
    is_stopping = own.is_looking and not form.is_looking.data
    if form.validate():
        services.keep_topics(session, attendee=me, said=form.said(), now=clock.now())
        flash(_("Kept."), "done")
    elif is_stopping:
        services.stop_looking(session, attendee=me)
    else:
        return invalid("topics/look_for.html", page=_page(own, form))
    if is_stopping:
        flash(_("You are not suggested to anybody any more."), "done")
    return gone_to(url_for("topics.look_for", event_id=event_id))


def _page(own: OwnTopics, form: TopicsForm) -> LookForPage:
    event, me = current_event(), current_attendee()
    found = standing(event, own, is_here=me.is_checked_in, now=clock.now())
    named = _named(own) if found is Standing.READY else ()
    return LookForPage(event, found, named, form)


def _named(own: OwnTopics) -> tuple[Suggestion, ...]:
    me, secret = current_attendee(), secret_key()
    found = queries.candidates(
        database.session(), me=me, own=own, starting_id=starting_id(secret, me.id)
    )
    named = suggestions(found, me_id=me.id, secret=secret)
    return tuple(as_printed_on(current_event(), one) for one in named)
