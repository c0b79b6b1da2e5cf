"""Signing in by a passkey, and proving that it is you by it, an app or a recovery code."""

from dataclasses import dataclass

from flask import flash, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from webauthn import base64url_to_bytes
from webauthn.helpers import bytes_to_base64url
from werkzeug.wrappers import Response

from webapp.accounts.access import current_person, maybe_person, signed_in
from webapp.accounts.arriving import arrive, where_next
from webapp.accounts.keys import queries, services, webauthn
from webapp.accounts.keys.forms import AppForm, RecoveryForm
from webapp.accounts.keys.queries import Factors
from webapp.accounts.keys.services import Tried
from webapp.accounts.keys.views.blueprint import bp
from webapp.accounts.models import Proof
from webapp.core import clock
from webapp.core import db as database
from webapp.security.access import anyone, requires
from webapp.security.limits import limiter, network

ASKED = "asked"
"""Where a browser's session keeps what a passkey was asked to sign."""


@dataclass(frozen=True, slots=True)
class ProvePage:
    """What can prove that it is you, and where you go on."""

    factors: Factors
    app_form: AppForm
    recovery_form: RecoveryForm
    next: str | None


def new_challenge() -> bytes:
    """Return what a passkey shall sign, and remember it in this browser."""
    challenge = services.challenge(database.session(), now=clock.now())
    session[ASKED] = bytes_to_base64url(challenge)
    return challenge


def asked_challenge() -> bytes:
    """Return what this browser's passkey was asked to sign, and forget it here."""
    return base64url_to_bytes(session.pop(ASKED, ""))


@bp.post("/sign-in/passkey/begin")
@requires(anyone)
@limiter.limit("60 per 10 minutes", key_func=network)
def begin() -> ResponseReturnValue:
    """Ask for a passkey: one's own for who is signed in, any for everybody else."""
    me = maybe_person()
    known = queries.passkeys_of(database.session(), me.id) if me else []
    return jsonify(webauthn.to_prove(new_challenge(), known=known))


@bp.post("/sign-in/passkey")
@requires(anyone)
@limiter.limit("60 per 10 minutes", key_func=network)
def sign_in() -> Response:
    """Sign in whose passkey signed; what was asked is used up whatever the answer."""
    me = maybe_person()
    person = services.who_signed(
        database.session(),
        sent=request.form.get("credential", ""),
        challenge=asked_challenge(),
        me=me,
        now=clock.now(),
    )
    if person is not None:
        return arrive(person, proof=Proof.PASSKEY)
    flash(_("That passkey did not sign you in. Please try again, or take another way."), "error")
    if me is not None:
        return redirect(url_for("keys.prove", next=where_next()), 303)
    return redirect(url_for("accounts.sign_in", next=where_next()), 303)


@bp.get("/sign-in/prove")
@requires(signed_in)
def prove() -> Response | str:
    """Offer all that proves that it is them."""
    factors = queries.factors_of(database.session(), current_person().id)
    if not factors.has_any:
        return redirect(url_for("keys.new_passkey", next=where_next()), 303)
    page = ProvePage(factors, AppForm(), RecoveryForm(), where_next())
    return render_template("accounts/keys/prove.html", page=page)


@bp.post("/sign-in/app")
@requires(signed_in)
def try_app() -> Response:
    """Take one try; a wrong one is counted, so it is an accepted answer and not an error."""
    me, typed = current_person(), AppForm(request.form).digits
    tried = services.try_app(database.session(), person=me, typed=typed, now=clock.now())
    if tried is Tried.RIGHT:
        return arrive(me, proof=Proof.AUTHENTICATOR)
    if tried is Tried.WAITING:
        flash(_("Five codes were wrong. Please wait 10 minutes, or take another way."), "error")
    else:
        flash(_("That is not the code your app shows, or it was used before."), "error")
    return redirect(url_for("keys.prove", next=where_next()), 303)


@bp.post("/sign-in/recovery")
@requires(signed_in)
@limiter.limit("5 per 10 minutes", key_func=lambda: f"recovery of {current_person().id}")
def try_recovery() -> Response:
    """Take one of the codes on paper; it works once."""
    me, typed = current_person(), request.form.get("recovery", "")
    if services.use_recovery_code(database.session(), person=me, typed=typed, now=clock.now()):
        return arrive(me, proof=Proof.RECOVERY_CODE)
    flash(_("That is not a recovery code of yours, or it was used before."), "error")
    return redirect(url_for("keys.prove", next=where_next()), 303)
