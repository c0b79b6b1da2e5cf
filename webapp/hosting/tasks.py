"""The worker's part: after an event nobody is listed as having asked for anything."""

from webapp.core import clock
from webapp.core.db import transaction
from webapp.hosting.services import forget_old


def forget_askings() -> None:
    """Wipe what was asked for at events that are over."""
    with transaction() as session:
        forget_old(session, now=clock.now())
