"""Who looks after this installation."""

from flask import abort
from werkzeug.wrappers import Response

from webapp.accounts.access import current_person, signed_in
from webapp.accounts.keys.access import strongly_signed_in
from webapp.accounts.queries import has_read_mail_at
from webapp.core import db as database
from webapp.core.urls import config


def operating() -> Response | None:
    """Let in who has read a code sent to one of OPERATORS and proved more than that.

    For others there is no such page.
    """
    if answer := signed_in():
        return answer
    if not has_read_mail_at(database.session(), current_person().id, config().operators):
        abort(404)
    return strongly_signed_in()
