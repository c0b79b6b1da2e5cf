"""The worker's part: what was removed is forgotten."""

from webapp.core import clock
from webapp.core.db import transaction
from webapp.ties import services


def forget_removed_links() -> None:
    """Delete the links whose removal cannot be taken back any more."""
    with transaction() as session:
        services.forget_removed_links(session, now=clock.now())
