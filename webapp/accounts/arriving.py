"""What a sign-in ends with, whatever proved it."""

from flask import redirect, request, session, url_for
from werkzeug.wrappers import Response

from webapp.accounts import services
from webapp.accounts.access import current_device, remember_device
from webapp.accounts.models import STRONG, Device, Person, Proof
from webapp.accounts.rules import device_label
from webapp.core import clock
from webapp.core import db as database
from webapp.core.urls import same_origin_path


def where_next() -> str | None:
    """Return the path of this site somebody is to go on to, if one was named."""
    return same_origin_path(request.values.get("next"))


def arrive(person: Person, *, proof: Proof) -> Response:
    """Sign a Person in on this browser under a new token, and go on."""
    where = where_next() or session.get("next") or url_for("conversations.start")
    if person.leaving_at:
        where = url_for("mydata.leaving")
    label = device_label(request.user_agent.string)
    before = current_device()
    if before is not None:
        services.close_device(database.session(), person=before.person, device_id=before.id)
    token = services.open_device(
        database.session(),
        person=person,
        label=label,
        proof=_strongest(before, person, proof),
        now=clock.now(),
    )
    remember_device(token)
    return redirect(where, 303)


def _strongest(before: Device | None, person: Person, proof: Proof) -> Proof:
    """A code in between takes nothing from what the same Person proved on this device."""
    is_kept = before is not None and before.person_id == person.id and proof not in STRONG
    return before.proof if before is not None and is_kept and before.is_strong else proof
