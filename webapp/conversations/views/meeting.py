"""My code at an event, and who connected with me."""

from dataclasses import dataclass
from datetime import datetime

from flask import abort, redirect, render_template, session, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from webapp.accounts.access import DEVICE, current_person, signed_in
from webapp.badges import codes
from webapp.badges.queries import badge_of_attendee
from webapp.conversations import queries
from webapp.conversations.queries import NewsLine, TalkSides
from webapp.conversations.views.blueprint import bp
from webapp.core import clock, signals
from webapp.core import db as database
from webapp.core.htmx import gone_to
from webapp.core.phone import kept_by_phone
from webapp.core.pictures import qr_svg
from webapp.core.urls import absolute, config
from webapp.events.access import attending, current_attendee, current_event
from webapp.events.models import Attendee, Event
from webapp.events.queries import my_events
from webapp.events.rules import is_coming, takes_talks
from webapp.security.access import anyone, requires
from webapp.security.tokens import grouped


@dataclass(frozen=True, slots=True)
class LiveCode:
    """What my screen shows now, and what a phone needs to go on by itself."""

    event: Event
    badge_id: str
    prefix: str
    """What stands before the code in the QR."""
    qr: Markup
    code: str
    now: datetime


@dataclass(frozen=True, slots=True)
class News:
    """Who connected with me just now, and how many say we talked."""

    event: Event
    connected: list[TalkSides]
    claims_about_me: int
    lines: list[NewsLine]
    """What other features have to say."""
    now: datetime


@dataclass(frozen=True, slots=True)
class MeetPage:
    """My code at one event."""

    event: Event
    attendee: Attendee
    live: LiveCode | None
    news: News | None
    is_coming: bool


@bp.get("/")
@requires(anyone)
def start() -> Response | str:
    """Greet newcomers; take everybody else to their code."""
    if DEVICE in session:
        return redirect(url_for("conversations.meet_now"), 303)
    if config().is_demo:
        return redirect(url_for("demo.start"), 303)
    return render_template("home/landing.html")


@bp.get("/meet")
@requires(signed_in)
def meet_now() -> Response:
    """Go to my code at the event that is on, or to my events."""
    now = clock.now()
    places = [one for one in my_events(database.session(), current_person().id) if one.is_attendee]
    on = [one for one in places if takes_talks(one.event, now)]
    if on:
        return redirect(url_for("conversations.meet", event_id=on[0].event.id), 303)
    return redirect(url_for("events.mine"), 303)


@bp.get("/events/<event_id>/meet")
@requires(attending)
def meet(event_id: str) -> Response:
    """Show my live code and the way to scan theirs."""
    event, me, now = current_event(), current_attendee(), clock.now()
    is_on = takes_talks(event, now)
    live, news = (_live_code(), _news()) if is_on else (None, None)
    page = MeetPage(event, me, live, news, is_coming(event, now))
    return kept_by_phone(
        render_template("conversations/meet.html", page=page),
        url_for("conversations.scan", event_id=event_id),
        url_for("ties.people"),
        url_for("followups.follow_up"),
    )


@bp.get("/events/<event_id>/live-code")
@requires(attending)
def live_code_fragment(event_id: str) -> Response | str:
    """Show my code of the next step, for a phone that cannot compute it."""
    if not takes_talks(current_event(), clock.now()):
        return gone_to(url_for("conversations.meet", event_id=event_id))
    return render_template("conversations/_live_code.html", row=_live_code())


def _live_code() -> LiveCode:
    event, me, now = current_event(), current_attendee(), clock.now()
    badge = badge_of_attendee(database.session(), event_id=event.id, attendee_id=me.id) or abort(
        404
    )
    code = codes.live_code(badge, codes.step_at(now))
    url = absolute(f"/L/{event.code}/{code}").upper()
    return LiveCode(
        event=event,
        badge_id=badge.id,
        prefix=url.removesuffix(code),
        qr=qr_svg(url, label=_("Your code, for others to scan")),
        code=grouped(code, 5),
        now=now,
    )


@bp.get("/events/<event_id>/news")
@requires(attending)
def news_fragment(event_id: str) -> Response | str:
    """Tell who connected with me and what else is new; my screen asks every 3 seconds."""
    if not takes_talks(current_event(), clock.now()):
        return gone_to(url_for("conversations.meet", event_id=event_id))
    return render_template("conversations/_news.html", row=_news())


def _news() -> News:
    session, me, now = database.session(), current_attendee(), clock.now()
    claims = queries.claims_about_me(session, person_id=current_person().id, now=now)
    connected = queries.just_connected(session, attendee=me, now=now)
    told = [line for _to, line in signals.news_asked.send(me, session=session)]
    lines = [line for line in told if line is not None]
    return News(current_event(), connected, len(claims), lines, now)
