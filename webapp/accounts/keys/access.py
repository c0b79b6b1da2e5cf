"""Who has proven by more than a code in their mail that it is them."""

from dataclasses import dataclass

from flask import make_response, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.accounts.access import (
    current_device,
    current_person,
    freshly_signed_in,
    path_back,
    signed_in,
)
from webapp.accounts.keys.queries import has_factor
from webapp.core import db as database
from webapp.core.errors import problem
from webapp.core.htmx import wants_fragment


@dataclass(frozen=True, slots=True)
class WayOn:
    """Where to prove that it is you, or to set up what proves it."""

    has_any: bool
    url: str


def strongly_signed_in() -> Response | None:
    """Let in who proved it on this device; others get a 403 that leads on, and back here."""
    if response := signed_in():
        return response
    device = current_device()
    if device is not None and device.is_strong:
        return None
    if wants_fragment():
        return problem(403, _("Please reload the page and prove that it is you."))
    return make_response(render_template("accounts/keys/needed.html", page=_way_on()), 403)


def _way_on() -> WayOn:
    has_any = has_factor(database.session(), current_person().id)
    back = path_back()
    if has_any:
        return WayOn(has_any, url_for("keys.prove", next=back))
    return WayOn(has_any, url_for("keys.new_passkey", next=back))


def proven_afresh() -> Response | None:
    """Let in who signed in just now and, if they have something to prove with, proved it.

    Else a mailbox would be enough to add a key, and so to be let in everywhere, or to take along
    what a recruiter wrote about others.
    """
    if response := signed_in():
        return response
    if has_factor(database.session(), current_person().id) and (response := strongly_signed_in()):
        return response
    return freshly_signed_in()
