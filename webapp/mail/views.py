"""The folder of mails, read in the browser; there only where no SMTP server is named."""

from dataclasses import dataclass

from flask import Blueprint, abort, render_template

from webapp.core.urls import config
from webapp.mail.folder import WrittenMail, is_readable_here, latest
from webapp.security.access import anyone, requires

bp = Blueprint("mail", __name__)


@dataclass(frozen=True, slots=True)
class FolderPage:
    """The newest mails and where they lie."""

    folder: str
    mails: list[WrittenMail]


@bp.get("/mail")
@requires(anyone)
def folder() -> str:
    """Show the newest mails of the embedded default; elsewhere there is no such page."""
    path = config().mail_folder
    if path is None or not is_readable_here():
        abort(404)
    return render_template("mail/folder.html", page=FolderPage(str(path), latest(path)))
