"""What a Person proves with, under Me: adding and removing it."""

from dataclasses import dataclass

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from webapp.accounts.access import current_person, signed_in
from webapp.accounts.arriving import arrive, where_next
from webapp.accounts.keys import queries, services, webauthn
from webapp.accounts.keys.access import proven_afresh
from webapp.accounts.keys.forms import AppForm, PasskeyForm
from webapp.accounts.keys.models import Passkey
from webapp.accounts.keys.rules import app_secret, app_url, new_salt
from webapp.accounts.keys.views.blueprint import bp
from webapp.accounts.keys.views.proving import asked_challenge, new_challenge
from webapp.accounts.models import Proof
from webapp.accounts.queries import addresses_of
from webapp.accounts.rules import device_label
from webapp.core import clock
from webapp.core import db as database
from webapp.core.htmx import invalid
from webapp.core.pictures import qr_svg
from webapp.security.access import requires
from webapp.security.keys import lasting_key
from webapp.security.limits import limiter
from webapp.security.tokens import grouped


@dataclass(frozen=True, slots=True)
class NewPasskeyPage:
    """A passkey about to be made, and where its owner goes on."""

    form: PasskeyForm
    has_app: bool
    next: str | None


@dataclass(frozen=True, slots=True)
class AppPage:
    """An authenticator app about to be added: its secret as a picture and as text."""

    form: AppForm
    qr: Markup
    secret: str
    url: str
    next: str | None


@dataclass(frozen=True, slots=True)
class RemovePage:
    """What is about to be removed; `passkey` is None for the app."""

    passkey: Passkey | None
    is_last: bool


@bp.get("/me/keys")
@requires(signed_in)
def overview() -> str:
    """Show what this Person signs in and proves with."""
    page = queries.factors_of(database.session(), current_person().id)
    return render_template("accounts/keys/overview.html", page=page)


@bp.get("/me/keys/new")
@requires(proven_afresh)
def new_passkey() -> str:
    """Offer to make a passkey, or to take an app instead."""
    form = PasskeyForm(data={"name": device_label(request.user_agent.string)})
    return render_template("accounts/keys/new.html", page=_new_page(form))


def _new_page(form: PasskeyForm) -> NewPasskeyPage:
    factors = queries.factors_of(database.session(), current_person().id)
    return NewPasskeyPage(form, factors.app is not None, where_next())


@bp.post("/me/keys/begin")
@requires(proven_afresh)
@limiter.limit("20 per 10 minutes", key_func=lambda: f"new passkeys of {current_person().id}")
def begin_passkey() -> ResponseReturnValue:
    """Ask the browser to make a passkey."""
    me = current_person()
    known = queries.passkeys_of(database.session(), me.id)
    asked = webauthn.to_add(new_challenge(), person_id=me.id, account=_account(), known=known)
    return jsonify(asked)


def _account() -> str:
    """Return what tells a Person's accounts apart in the list of a passkey's keeper or an app."""
    me = current_person()
    known = addresses_of(database.session(), me.id)
    return known[0] if known else me.name or "Bowline"


@bp.post("/me/keys/new")
@requires(proven_afresh)
def add_passkey() -> Response:
    """Keep the passkey that was made; whoever made it here has proven that it is them."""
    form, me = PasskeyForm(request.form), current_person()
    challenge = asked_challenge()
    is_asked = services.take_challenge(database.session(), challenge=challenge, now=clock.now())
    if not form.validate():
        return invalid("accounts/keys/new.html", page=_new_page(form))
    made = webauthn.checked_new(request.form.get("credential", ""), challenge=challenge)
    if made is None or not is_asked:
        flash(_("No passkey was made. Please try again, or use an authenticator app."), "error")
        return redirect(url_for("keys.new_passkey", next=where_next()), 303)
    name = form.name.data or ""
    services.add_passkey(database.session(), person=me, made=made, name=name, now=clock.now())
    return _added(Proof.PASSKEY)


def _added(proof: Proof) -> Response:
    """Go on strongly signed in; without recovery codes they are what to think of next."""
    me = current_person()
    answer = arrive(me, proof=proof)
    left = queries.codes_left(database.session(), me.id)
    if where_next() and not left:
        flash(_("Added. Under Me, Signing in, you can make recovery codes for bad days."), "done")
    elif not where_next():
        flash(_("Added."), "done")
        answer.location = url_for("keys.overview")
    return answer


@bp.get("/me/keys/<passkey_id>/remove")
@requires(proven_afresh)
def leave_passkey(passkey_id: str) -> str:
    """Ask whether a passkey shall really go."""
    factors = queries.factors_of(database.session(), current_person().id)
    is_last = len(factors.passkeys) == 1 and factors.app is None
    page = RemovePage(_own_passkey(passkey_id), is_last)
    return render_template("accounts/keys/remove.html", page=page)


def _own_passkey(passkey_id: str) -> Passkey:
    return queries.passkey_of(database.session(), current_person().id, passkey_id) or abort(404)


@bp.post("/me/keys/<passkey_id>/remove")
@requires(proven_afresh)
def remove_passkey(passkey_id: str) -> Response:
    """Remove a passkey of one's own."""
    passkey = _own_passkey(passkey_id)
    services.remove_passkey(
        database.session(), person=current_person(), passkey=passkey, now=clock.now()
    )
    return _removed()


def _removed() -> Response:
    flash(_("Removed. Where it was used you stay signed in: see where you are signed in."), "done")
    return redirect(url_for("keys.overview"), 303)


@bp.get("/me/keys/app")
@requires(proven_afresh)
def new_app() -> Response | str:
    """Show the secret an authenticator app takes, and ask for its first code."""
    if queries.factors_of(database.session(), current_person().id).app is not None:
        return redirect(where_next() or url_for("keys.overview"), 303)
    return render_template("accounts/keys/app.html", page=_app_page(AppForm(), new_salt()))


def _app_page(form: AppForm, salt: str) -> AppPage:
    secret = app_secret(lasting_key(), person_id=current_person().id, salt=salt)
    form.salt.data = salt
    url = app_url(secret, account=_account())
    picture = qr_svg(url, label=_("Secret for your authenticator app"))
    return AppPage(form, picture, grouped(secret), url, where_next())


@bp.post("/me/keys/app")
@requires(proven_afresh)
@limiter.limit("20 per 10 minutes", key_func=lambda: f"new apps of {current_person().id}")
def add_app() -> Response:
    """Keep an app whose code was typed; else show the same secret again."""
    form = AppForm(request.form)
    salt = form.known_salt
    if salt is None:
        return redirect(url_for("keys.new_app", next=where_next()), 303)
    is_right = services.add_app(
        database.session(), person=current_person(), salt=salt, typed=form.digits, now=clock.now()
    )
    if is_right:
        return _added(Proof.AUTHENTICATOR)
    form.code.errors = [
        _("That is not the code your app shows now. Is the time on your phone right?")
    ]
    return invalid("accounts/keys/app.html", page=_app_page(form, salt))


@bp.get("/me/keys/app/remove")
@requires(proven_afresh)
def leave_app() -> Response | str:
    """Ask whether the app shall really go."""
    factors = queries.factors_of(database.session(), current_person().id)
    if factors.app is None:
        return redirect(url_for("keys.overview"), 303)
    page = RemovePage(None, not factors.passkeys)
    return render_template("accounts/keys/remove.html", page=page)


@bp.post("/me/keys/app/remove")
@requires(proven_afresh)
def remove_app() -> Response:
    """Remove the authenticator app."""
    services.remove_app(database.session(), person=current_person(), now=clock.now())
    return _removed()


@bp.get("/me/keys/recovery")
@requires(proven_afresh)
def recovery() -> str:
    """Say what recovery codes are for, and offer new ones."""
    page = queries.factors_of(database.session(), current_person().id)
    return render_template("accounts/keys/recovery.html", page=page)


@bp.post("/me/keys/recovery")
@requires(proven_afresh)
@limiter.limit("10 per hour", key_func=lambda: f"recovery codes of {current_person().id}")
def make_recovery() -> str:
    """Make ten recovery codes and show them, this once."""
    codes = services.make_recovery_codes(
        database.session(), person=current_person(), now=clock.now()
    )
    return render_template("accounts/keys/codes.html", page=codes)
