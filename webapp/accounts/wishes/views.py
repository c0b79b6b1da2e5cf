"""The screen on which a Person says which mails they want."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.accounts.access import current_person, signed_in
from webapp.accounts.queries import addresses_of
from webapp.core import clock
from webapp.core import db as database
from webapp.mail import queries, services
from webapp.mail.models import LetterKind
from webapp.mail.rules import USUAL, is_wanted
from webapp.mail.stopping import address_digest
from webapp.security.access import requires

bp = Blueprint("wishes", __name__)


@dataclass(frozen=True, slots=True)
class WishRow:
    """One kind of letters, and whether this Person gets it."""

    kind: str
    is_wanted: bool


@dataclass(frozen=True, slots=True)
class MailsPage:
    """All kinds, and where letters go; `is_undeliverable` if the last one came back."""

    rows: list[WishRow]
    address: str | None
    is_undeliverable: bool

    @property
    def has_any(self) -> bool:
        """True if there is something to stop."""
        return any(row.is_wanted for row in self.rows)


@bp.get("/me/mails")
@requires(signed_in)
def mails() -> str:
    """Show which mails this Person gets."""
    session, me = database.session(), current_person()
    said = queries.wishes_of(session, me.id)
    addresses = addresses_of(session, me.id)
    address = addresses[0] if addresses else None
    page = MailsPage(
        rows=[WishRow(kind, is_wanted(kind, said)) for kind in USUAL],
        address=address,
        is_undeliverable=bool(address)
        and queries.is_undeliverable(session, address_digest(address or "")),
    )
    return render_template("accounts/mails.html", page=page)


@bp.post("/me/mails")
@requires(signed_in)
def keep() -> Response:
    """Keep what this Person ticked."""
    _keep({kind for kind in USUAL if kind in request.form.getlist("kind")})
    flash(_("Kept."), "done")
    return redirect(url_for("wishes.mails"), 303)


@bp.post("/me/mails/none")
@requires(signed_in)
def stop_all() -> Response:
    """Stop all of them by one tap."""
    _keep(set())
    flash(_("You get no more mails but those you ask for, such as a code to sign in."), "done")
    return redirect(url_for("wishes.mails"), 303)


def _keep(wanted: set[LetterKind]) -> None:
    session, me = database.session(), current_person()
    services.keep_wishes(session, person_id=me.id, wanted=wanted, now=clock.now())
