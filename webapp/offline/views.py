"""The service worker, what it shows without a network, and the inbox for what it kept."""

import json
from http import HTTPStatus

from flask import Blueprint, Response, current_app, g, jsonify, render_template, request, url_for
from flask_wtf.csrf import generate_csrf

from webapp.accounts.access import current_person, phone_tag, signed_in
from webapp.core import clock
from webapp.core import db as database
from webapp.core.assets import assets_of
from webapp.core.errors import problem
from webapp.offline import services
from webapp.offline.rules import MOST_AT_ONCE, kept_scans
from webapp.offline.services import Answer
from webapp.security.access import anyone, requires
from webapp.security.limits import limiter

bp = Blueprint("offline", __name__)

NAME, PAPER = "Bowline", "#faf6ef"
ICONS = {"192": "any", "512": "any", "512-maskable": "maskable"}
KEPT_SCRIPTS = ("", "js", "js/scan", "vendor", "vendor/lean-qr", "vendor/qr")
"""Folders of files a phone needs without a network; what reads the hardest codes is not in them."""


@bp.get("/sw.js")
@requires(anyone)
def worker() -> Response:
    """Give the service worker of this build, for everything under this root."""
    assets = assets_of(current_app)
    facts = {
        "build": assets.build,
        "root": request.script_root,
        "files": assets.urls(*KEPT_SCRIPTS),
        "shells": [url_for("offline.ask"), url_for("offline.nothing"), url_for("offline.waiting")],
    }
    script, told = json.dumps(assets.url("js/worker.js")), json.dumps(facts)
    body = f"import {{ serve }} from {script};\nserve(self, {told});\n"
    return Response(body, content_type="text/javascript; charset=utf-8")


@bp.get("/manifest.webmanifest")
@requires(anyone)
def manifest() -> Response:
    """Describe the app to a phone that wants it among its own."""
    assets = assets_of(current_app)
    icons = [
        {
            "src": assets.url(f"icons/knot-{name}.png"),
            "sizes": "x".join([name.partition("-")[0]] * 2),
            "type": "image/png",
            "purpose": purpose,
        }
        for name, purpose in ICONS.items()
    ]
    start = url_for("conversations.start")
    body = {
        "id": start,
        "name": NAME,
        "short_name": NAME,
        "start_url": start,
        "scope": start,
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": icons,
    }
    answer = jsonify(body)
    answer.content_type = "application/manifest+json"
    return answer


@bp.get("/offline/ask")
@requires(anyone)
def ask() -> str:
    """Ask whether a talk happened, without a network; holds nothing of anybody."""
    return render_template("offline/ask.html")


@bp.get("/offline/nothing")
@requires(anyone)
def nothing() -> str:
    """Say that this page needs the network, and what works without."""
    return render_template("offline/nothing.html")


@bp.get("/waiting")
@requires(anyone)
def waiting() -> str:
    """List what waits on this phone; the phone fills it in."""
    return render_template("offline/waiting.html")


@bp.get("/inbox")
@requires(signed_in)
def inbox_key() -> Response:
    """Give a phone that wants to send what it kept the token to do so, and tell whose it is."""
    now = int(clock.now().timestamp() * 1000)
    return jsonify(token=generate_csrf(), me=phone_tag(), most=MOST_AT_ONCE, now=now)


def _had_unknown(_: Response) -> bool:
    return bool(g.get("had_unknown_codes"))


@bp.post("/inbox")
@requires(signed_in)
@limiter.limit("300 per minute", key_func=lambda: f"inbox of {current_person().id}")
@limiter.limit(
    "30 per hour",
    key_func=lambda: f"unknown codes of {current_person().id}",
    deduct_when=_had_unknown,
)
def inbox() -> Response:
    """Take in scans a phone kept, at most 20 at once, and answer for each of them."""
    items = kept_scans(request.form.get("scans", ""))
    if request.form.get("me") != phone_tag():
        return problem(HTTPStatus.CONFLICT)
    session, me, now = database.session(), current_person().id, clock.now()
    answers = services.take_in(session, items, person_id=me, now=now)
    g.had_unknown_codes = any(answer.is_unknown for answer in answers)
    return jsonify(answers=[_told(answer) for answer in answers])


def _told(answer: Answer) -> dict[str, object]:
    talk = answer.talk
    where = url_for("ties.talk", event_id=talk.event_id, talk_id=talk.id) if talk else ""
    return {
        "nonce": answer.nonce,
        "state": answer.state,
        "words": answer.words,
        "seconds": answer.seconds,
        "url": where,
    }
