"""Who is asking, and whether they are signed in."""

from datetime import UTC, datetime

from flask import current_app, g, has_app_context, redirect, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.accounts.models import Device, Person
from webapp.accounts.queries import device_by_digest
from webapp.accounts.rules import SEEN_EVERY, is_alive, is_fresh
from webapp.accounts.services import note_seen
from webapp.core import clock
from webapp.core import db as database
from webapp.core.errors import problem
from webapp.core.htmx import wants_fragment
from webapp.core.urls import config, same_origin_path
from webapp.security.csrf import SEED, new_seed
from webapp.security.keys import secret_key
from webapp.security.tokens import digest, plain_digest

DEVICE, SEEN = "device", "seen"
LONGEST_BACK = 2000
"""Web servers take addresses of some 4,000 characters, and this one goes into another."""


def remember_device(token: str) -> None:
    """Put a device's token into a fresh cookie; nothing of the older session survives."""
    session.clear()
    session.permanent = True
    session[DEVICE] = token
    session[SEED] = new_seed()
    session[SEEN] = int(clock.now().timestamp())


def current_device() -> Device | None:
    """Return the device this request comes from, if its Person is signed in on it."""
    if "device" not in g:
        g.device = _device_of_cookie()
        is_here = g.device is not None and g.device.person.leaving_at is None
        g.person_id = g.device.person_id if is_here else None
    device: Device | None = g.device
    return device


def _device_of_cookie() -> Device | None:
    token = session.get(DEVICE)
    if not isinstance(token, str):
        return None
    now = clock.now()
    device = device_by_digest(database.session(), plain_digest(token))
    seen_at = datetime.fromtimestamp(int(session.get(SEEN, 0)), UTC)
    if device is None or not is_alive(device, seen_at=seen_at, now=now):
        return None
    if now - seen_at >= SEEN_EVERY:
        session[SEEN] = int(now.timestamp())
    if not database.is_reading():
        note_seen(device, now=now)
    return device


def maybe_person() -> Person | None:
    """Return the signed-in Person, or None; somebody who is leaving is not there any more."""
    person = person_at_door()
    return None if person is None or person.leaving_at else person


def person_at_door() -> Person | None:
    """Return who signed in, also if they asked to delete their account, or None."""
    device = current_device()
    return device.person if device else None


def current_person() -> Person:
    """Return the signed-in Person of a view that requires one."""
    person = maybe_person()
    if person is None:
        raise LookupError("this view does not require a signed-in person")
    return person


def phone_tag() -> str:
    """Return what tells a phone whose things it keeps; empty where nobody was asked for."""
    person_id: str | None = g.get("person_id") if has_app_context() else None
    return tag_of(person_id) if person_id else ""


def tag_of(person_id: str) -> str:
    """Return what a phone calls its owner; it tells nobody else who that is."""
    return digest(secret_key(), purpose="phone", value=person_id)[:16]


def signed_in() -> Response | None:
    """Let signed-in people in; send others to sign in and back here, and who leaves to the door."""
    if maybe_person() is not None:
        return None
    if wants_fragment():
        return problem(403, _("You are signed out. Please reload the page and sign in."))
    if person_at_door() is not None:
        return redirect(url_for("mydata.leaving"), 303)
    return redirect(url_for("accounts.sign_in", next=path_here() if _is_get() else None), 303)


def at_door() -> Response | None:
    """Let in whoever is signed in, also those who asked to delete their account."""
    return None if person_at_door() else signed_in()


def freshly_signed_in() -> Response | None:
    """Let in who has signed in within ten minutes; others prove again who they are.

    They come back to the page they were on.
    """
    if response := signed_in():
        return response
    device = current_device()
    if device is not None and is_fresh(device, now=clock.now()):
        return None
    if wants_fragment():
        return problem(403, _("Please reload the page and sign in again."))
    return redirect(url_for("accounts.sign_in_again", next=path_back()), 303)


def path_back() -> str | None:
    """Return where to come back to: this page, or the one whose form was sent.

    What was asked for behind the question mark goes along if that is short.
    """
    if _is_get() and len(path_here()) <= LONGEST_BACK:
        return path_here()
    before = same_origin_path((request.referrer or "").removeprefix(config().origin))
    if before and not _is_get():
        return before if len(before) <= LONGEST_BACK else before.partition("?")[0]
    is_page = current_app.url_map.bind("").test(request.path, "GET")
    return request.script_root + request.path if is_page else None


def _is_get() -> bool:
    return request.method == "GET"


def path_here() -> str:
    """Return the path of this request, with what it was asked for."""
    return request.script_root + request.full_path.rstrip("?")
