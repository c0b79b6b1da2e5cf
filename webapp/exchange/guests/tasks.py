"""The worker's part: what nobody imported is forgotten."""

from webapp.core import clock
from webapp.core.db import transaction
from webapp.exchange.guests.services import forget_old_lists


def forget_guest_lists() -> None:
    """Delete lists that have waited for a day."""
    with transaction() as session:
        forget_old_lists(session, now=clock.now())
