"""Signing in, the devices one is signed in on, and signing out."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.accounts import providers, queries, services
from webapp.accounts.access import (
    DEVICE,
    at_door,
    current_device,
    current_person,
    freshly_signed_in,
    maybe_person,
    person_at_door,
    signed_in,
)
from webapp.accounts.arriving import arrive, where_next
from webapp.accounts.forms import AddressForm, CodeForm, WelcomeForm
from webapp.accounts.keys.forms import AppForm
from webapp.accounts.keys.queries import Factors, factors_of
from webapp.accounts.models import Device, Person, Proof
from webapp.accounts.rules import is_fresh, normal_address
from webapp.core import clock
from webapp.core import db as database
from webapp.core.config import OidcProvider
from webapp.core.errors import Conflict
from webapp.core.fields import clean
from webapp.core.htmx import done, invalid
from webapp.core.signals import person_welcomed
from webapp.core.urls import absolute, config
from webapp.mail.folder import is_readable_here
from webapp.security.access import anyone, requires
from webapp.security.limits import limiter, network

bp = Blueprint("accounts", __name__)


@dataclass(frozen=True, slots=True)
class SignInPage:
    """The form for one's address, and the other ways in."""

    form: AddressForm
    providers: tuple[OidcProvider, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class CodePage:
    """The form for the code; `mail_is_readable` in the embedded default."""

    form: CodeForm
    address: str
    next: str | None
    mail_is_readable: bool


@dataclass(frozen=True, slots=True)
class AgainPage:
    """What can prove again who one is: passkeys, an app, a code by mail, providers."""

    factors: Factors
    app_form: AppForm
    address: str | None
    providers: tuple[OidcProvider, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class WelcomePage:
    """The last step of a sign-in with a provider."""

    form: WelcomeForm
    vouched: services.Vouched
    is_connecting: bool


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """One device in the list."""

    id: str
    label: str
    proof: Proof
    signed_in_at: datetime
    is_this: bool


def asked_address() -> str:
    """Return the address a code is asked for, as it is stored: all its spellings count as one."""
    typed = clean(request.form.get("address"))
    return normal_address(typed) or typed.lower()


@bp.get("/sign-in")
@requires(anyone)
def sign_in() -> Response | str:
    """Show the form for one's address."""
    if person_at_door():
        return redirect(where_next() or url_for("conversations.start"), 303)
    page = SignInPage(AddressForm(), config().providers, where_next())
    return render_template("accounts/sign_in.html", page=page)


@bp.post("/sign-in")
@requires(anyone)
@limiter.limit("5 per 10 minutes", key_func=asked_address)
@limiter.limit("30 per 10 minutes", key_func=network)
def ask_for_code() -> Response:
    """Mail a code; the answer is the same for known and unknown addresses."""
    form = AddressForm(request.form)
    if not form.validate():
        page = SignInPage(form, config().providers, where_next())
        return invalid("accounts/sign_in.html", page=page)
    _send_code(form.normal_address)
    return redirect(url_for("accounts.enter_code", next=where_next()), 303)


@bp.get("/sign-in/code")
@requires(anyone)
def enter_code() -> Response | str:
    """Show the form for the code."""
    if "code" not in session:
        return redirect(url_for("accounts.sign_in", next=where_next()), 303)
    page = CodePage(
        CodeForm(request.args),
        session["code"]["address"],
        where_next(),
        is_readable_here(),
    )
    return render_template("accounts/code.html", page=page)


@bp.post("/sign-in/code")
@requires(anyone)
@limiter.limit("60 per 10 minutes", key_func=network)
def try_code() -> Response:
    """Take one try; a wrong one is counted, so it is an accepted answer and not an error."""
    asked = session.get("code", {})
    form = CodeForm(request.form)
    result = services.try_code(
        database.session(),
        code_id=asked.get("id", ""),
        typed=form.digits,
        browser=session.get("browser", ""),
        now=clock.now(),
    )
    if isinstance(result, Person):
        return arrive(result, proof=Proof.CODE)
    if result.tries_left:
        flash(_("That is not the code. Tries left: %(left)s.", left=result.tries_left), "error")
        return redirect(url_for("accounts.enter_code", next=where_next()), 303)
    flash(_("That code cannot be used any more. Please ask for a new one."), "error")
    return redirect(url_for("accounts.sign_in", next=where_next()), 303)


@bp.get("/sign-in/again")
@requires(signed_in)
def sign_in_again() -> str:
    """Ask for a proof that it is still the same person."""
    return render_template("accounts/again.html", page=_again_page())


def _again_page() -> AgainPage:
    session, me = database.session(), current_person()
    known = {identity.provider for identity in queries.identities_of(session, me.id)}
    return AgainPage(
        factors_of(session, me.id),
        AppForm(),
        queries.read_address_of(session, me.id),
        tuple(one for one in config().providers if one.label in known),
        where_next(),
    )


@bp.post("/sign-in/again")
@requires(signed_in)
@limiter.limit("5 per 10 minutes", key_func=lambda: f"codes of {current_person().id}")
def ask_again() -> Response:
    """Mail a code to an address of the Person who is signed in."""
    address = queries.read_address_of(database.session(), current_person().id) or abort(404)
    _send_code(address)
    return redirect(url_for("accounts.enter_code", next=where_next()), 303)


def _send_code(address: str) -> None:
    browser = session.setdefault("browser", secrets.token_urlsafe(16))
    code = services.ask_for_code(
        database.session(), address=address, browser=browser, now=clock.now()
    )
    session["code"] = {"id": code.id, "address": code.address}


@bp.get("/sign-in/with/<name>")
@requires(anyone)
@limiter.limit("30 per 10 minutes", key_func=network)
def leave_for_provider(name: str) -> Response:
    """Send the browser to a provider; nothing is written until its owner says yes."""
    provider = providers.provider_named(name) or abort(404)
    session["next"] = where_next()
    try:
        return providers.leave_for(provider, absolute(f"/sign-in/with/{name}/back"))
    except providers.SignInFailed:
        flash(_("%(name)s cannot be reached just now.", name=provider.label), "error")
        return redirect(url_for("accounts.sign_in"), 303)


@bp.get("/me/connect/<name>")
@requires(freshly_signed_in)
def connect(name: str) -> Response:
    """Let somebody who has just proven who they are connect a provider."""
    return redirect(url_for("accounts.leave_for_provider", name=name), 303)


@bp.get("/sign-in/with/<name>/back")
@requires(anyone)
@limiter.limit("30 per 10 minutes", key_func=network)
def back_from_provider(name: str) -> Response:
    """Check what the provider says and keep it in the cookie for the last step."""
    provider = providers.provider_named(name) or abort(404)
    try:
        providers.keep(providers.come_back(provider))
    except providers.SignInFailed:
        flash(_("%(name)s did not sign you in. Please try again.", name=provider.label), "error")
        return redirect(url_for("accounts.sign_in"), 303)
    return redirect(url_for("accounts.welcome"), 303)


@bp.get("/sign-in/welcome")
@requires(anyone)
def welcome() -> Response | str:
    """Show what the provider told us, and ask for the profile it does not tell."""
    vouched = providers.kept()
    if vouched is None:
        return redirect(url_for("accounts.sign_in"), 303)
    form = WelcomeForm(data={"name": vouched.name})
    page = WelcomePage(form, vouched, maybe_person() is not None)
    return render_template("accounts/welcome.html", page=page)


@bp.post("/sign-in/welcome")
@requires(anyone)
def finish_welcome() -> Response:
    """Sign in, or connect the provider to the account that is signed in."""
    vouched = providers.kept()
    if vouched is None:
        return redirect(url_for("accounts.sign_in"), 303)
    form, me = WelcomeForm(request.form), maybe_person()
    if not form.validate():
        return invalid("accounts/welcome.html", page=WelcomePage(form, vouched, me is not None))
    told = form.command()
    is_back = me is not None and _is_mine(vouched, me)
    if me is not None and not is_back and not _has_just_signed_in():
        return redirect(url_for("accounts.sign_in_again", next=url_for("ties.card")), 303)
    try:
        person = _welcomed(vouched, me, told.name)
    except Conflict as error:
        flash(str(error.message), "error")
        session.pop("vouched", None)
        return redirect(url_for("accounts.sign_in"), 303)
    person_welcomed.send(
        person, session=database.session(), linkedin_url=told.linkedin_url, now=clock.now()
    )
    if me is None or is_back:
        return arrive(person, proof=Proof.PROVIDER)
    session.pop("vouched", None)
    return redirect(url_for("ties.card"), 303)


def _welcomed(vouched: services.Vouched, me: Person | None, name: str) -> Person:
    """Connect the provider to who is signed in, or return whose it is, made if it is nobody's."""
    session, now = database.session(), clock.now()
    if me is None:
        person = services.sign_in_vouched(session, vouched=vouched, name=name, now=now)
    else:
        services.connect(session, person=me, vouched=vouched, now=now)
        person = me
    person.name = person.name or name
    return person


def _has_just_signed_in() -> bool:
    device = current_device()
    return device is not None and is_fresh(device, now=clock.now())


def _is_mine(vouched: services.Vouched, me: Person) -> bool:
    known = queries.identity(database.session(), issuer=vouched.issuer, subject=vouched.subject)
    return known is not None and known.person_id == me.id


@bp.post("/sign-out")
@requires(at_door)
def sign_out() -> Response:
    """Sign this browser out."""
    device = current_device()
    if device is not None:
        services.close_device(database.session(), person=device.person, device_id=device.id)
    session.clear()
    return _forgetting(redirect(url_for("conversations.start"), 303))


@bp.get("/me/devices")
@requires(signed_in)
def devices() -> str:
    """List the browsers this Person is signed in on."""
    return render_template("accounts/devices.html", page=_device_rows())


@bp.post("/me/devices/<device_id>/sign-out")
@requires(signed_in)
def sign_out_device(device_id: str) -> Response:
    """Sign one device out."""
    services.close_device(database.session(), person=current_person(), device_id=device_id)
    return done(
        "accounts/_devices.html", page=_device_rows(), otherwise=url_for("accounts.devices")
    )


@bp.post("/me/devices/sign-out-all")
@requires(signed_in)
def sign_out_everywhere() -> Response:
    """Sign every device out, this one too."""
    services.close_all_devices(database.session(), person=current_person())
    session.pop(DEVICE, None)
    flash(_("You are signed out everywhere."), "done")
    return _forgetting(redirect(url_for("accounts.sign_in"), 303))


def _forgetting(answer: Response) -> Response:
    """Let the browser wipe what it keeps for use without a network: pages, keys and scans."""
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


def _device_rows() -> list[DeviceRow]:
    this = current_device()
    rows: list[Device] = queries.devices_of(database.session(), current_person().id)
    return [
        DeviceRow(
            row.id, row.label, row.proof, row.signed_in_at, this is not None and row.id == this.id
        )
        for row in rows
    ]
