"""The worker's part: what signed somebody in long ago is of no use any more."""

from webapp.accounts.services import forget_old
from webapp.core import clock
from webapp.core.db import transaction


def forget_sign_ins() -> None:
    """Delete old codes, and devices that are signed out by their age."""
    with transaction() as session:
        forget_old(session, now=clock.now())
