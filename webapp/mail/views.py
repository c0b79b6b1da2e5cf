"""Saying no to letters, and the folder of mails where no SMTP server is named."""

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.core import clock
from webapp.core import db as database
from webapp.core.urls import config
from webapp.mail import queries, services
from webapp.mail.folder import WrittenMail, is_readable_here, latest
from webapp.mail.models import LetterKind
from webapp.mail.stopping import is_genuine
from webapp.security.access import anyone, requires
from webapp.security.csrf import from_elsewhere

bp = Blueprint("mail", __name__)


@dataclass(frozen=True, slots=True)
class FolderPage:
    """The newest mails and where they lie."""

    folder: str
    mails: list[WrittenMail]


@dataclass(frozen=True, slots=True)
class StopPage:
    """What is stopped or was; the last three name it in a URL."""

    is_stopped: bool
    kind: str
    reader: str
    proof: str


@bp.get("/mail")
@requires(anyone)
def folder() -> str:
    """Show the newest mails of the embedded default; elsewhere there is no such page."""
    path = config().mail_folder
    if path is None or not is_readable_here():
        abort(404)
    return render_template("mail/folder.html", page=FolderPage(str(path), latest(path)))


@bp.get("/mails/stop/<kind>/<reader>/<proof>")
@requires(anyone)
def ask_to_stop(kind: str, reader: str, proof: str) -> str:
    """Ask whether to stop letters of a kind: who scans mail opens every link in it."""
    letter = _letter_of(kind, reader, proof)
    is_stopped = queries.is_stopped(database.session(), kind=letter, reader=reader)
    return render_template("mail/stop.html", page=StopPage(is_stopped, kind, reader, proof))


@bp.post("/mails/stop/<kind>/<reader>/<proof>")
@from_elsewhere
@requires(anyone)
def stop(kind: str, reader: str, proof: str) -> str:
    """Stop letters of a kind, also by the mail program's own button (RFC 8058: no redirect)."""
    letter = _letter_of(kind, reader, proof)
    services.stop_letters(database.session(), kind=letter, reader=reader, now=clock.now())
    return render_template("mail/stop.html", page=StopPage(True, kind, reader, proof))


@bp.post("/mails/resume/<kind>/<reader>/<proof>")
@requires(anyone)
def resume(kind: str, reader: str, proof: str) -> Response:
    """Take it back."""
    letter = _letter_of(kind, reader, proof)
    services.resume_letters(database.session(), kind=letter, reader=reader, now=clock.now())
    flash(_("These mails go on."), "done")
    return redirect(url_for("mail.ask_to_stop", kind=kind, reader=reader, proof=proof), 303)


def _letter_of(kind: str, reader: str, proof: str) -> LetterKind:
    """Return the kind a URL names; one that is not ours, or whose reader is gone, is nowhere."""
    if kind not in set(LetterKind) or not is_genuine(LetterKind(kind), reader, proof):
        abort(404)
    if not queries.is_there(database.session(), kind=LetterKind(kind), reader=reader):
        abort(404)
    return LetterKind(kind)
