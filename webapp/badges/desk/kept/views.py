"""The list a helper's phone keeps, and the inbox for what it did meanwhile."""

from http import HTTPStatus

from flask import Blueprint, Response, g, jsonify, request
from flask_wtf.csrf import generate_csrf

from webapp.accounts.access import current_person, phone_tag
from webapp.badges.desk.kept import services
from webapp.badges.desk.kept.pages import kept_list
from webapp.badges.desk.kept.services import Answer
from webapp.badges.desk.queries import all_guests
from webapp.badges.desk.rules import MOST_AT_ONCE, kept_items, second_of
from webapp.core import clock
from webapp.core import db as database
from webapp.core.errors import problem
from webapp.events.access import at_desk, current_event
from webapp.security.access import requires
from webapp.security.limits import limiter

bp = Blueprint("kept_desk", __name__)


@bp.get("/events/<event_id>/desk/list")
@requires(at_desk)
@limiter.limit("20 per minute", key_func=lambda: f"list of {current_person().id}")
def guests(event_id: str) -> Response:
    """Give a helper's phone everybody on the list, or only who is here if it has the names."""
    found = all_guests(database.session(), event_id)
    kept = kept_list(current_event(), found, known=request.args.get("list", ""))
    response = Response(kept.body, content_type="application/json")
    response.set_etag(kept.etag, weak=True)
    response.headers["Cache-Control"] = "private, no-store"
    response.make_conditional(request)
    return response


@bp.get("/events/<event_id>/desk/inbox")
@requires(at_desk)
def inbox_key(event_id: str) -> Response:  # noqa: ARG001  # the rule reads it
    """Give a helper's phone the token to send what it kept, and tell whose it is."""
    now = int(clock.now().timestamp() * 1000)
    return jsonify(token=generate_csrf(), me=phone_tag(), most=MOST_AT_ONCE, now=now)


def _had_unknown(_: Response) -> bool:
    return bool(g.get("had_unknown_badges"))


@bp.post("/events/<event_id>/desk/inbox")
@requires(at_desk)
@limiter.limit("300 per minute", key_func=lambda: f"desk inbox of {current_person().id}")
@limiter.limit(
    "60 per hour",
    key_func=lambda: f"unknown badges of {current_person().id}",
    deduct_when=_had_unknown,
)
def inbox(event_id: str) -> Response:  # noqa: ARG001  # the rule reads it
    """Take in what a helper did, at most 50 items at once, and answer for each of them."""
    items = kept_items(request.form.get("items", ""))
    if request.form.get("me") != phone_tag():
        return problem(HTTPStatus.CONFLICT)
    session, event, me, now = database.session(), current_event(), current_person(), clock.now()
    answers = [services.take_in(session, item, event=event, by=me, now=now) for item in items]
    g.had_unknown_badges = any(answer.is_unknown for answer in answers)
    return jsonify(answers=[_told(answer) for answer in answers])


def _told(answer: Answer) -> dict[str, object]:
    told: dict[str, object] = {
        "nonce": answer.nonce,
        "state": answer.state,
        "words": answer.words,
        "seconds": answer.seconds,
        "first": answer.is_first,
        "guest": None,
    }
    if guest := answer.guest:
        since = second_of(guest.checked_in_at) if guest.checked_in_at else None
        told["guest"] = [guest.id, guest.name, guest.organisation, since]
    return told
