"""The worker's part: the list is made whole, whatever a web process could not write."""

from webapp.core.db import reading
from webapp.core.urls import config
from webapp.retention.withdrawn.listing import complete


def list_withdrawals() -> None:
    """Add to this machine's list what it does not have yet."""
    with reading() as session:
        complete(session, config().withdrawn_file)
