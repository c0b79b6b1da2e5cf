"""How much is kept, and until when something may be taken back on the spot."""

from datetime import datetime, timedelta

from webapp.ties.models import Closing, Link, Tie

LONGEST_NOTE = 2000
MOST_LINKS = 10
RETIE_WINDOW = timedelta(minutes=10)
REMOVAL_WINDOW = timedelta(minutes=10)
OFFER_LIFE = timedelta(days=7)
"""How long a new tie is asked about by itself; later the person's own page is the place."""


def may_retie(tie: Tie, *, by_id: str, now: datetime) -> bool:
    """Tell whether a Person may take back an untying of their own, on the spot."""
    is_own = tie.closing is Closing.UNTIED and tie.closed_by_id == by_id
    return is_own and tie.closed_at is not None and now - tie.closed_at < RETIE_WINDOW


def may_restore(link: Link, *, now: datetime) -> bool:
    """Tell whether a removed link may still be put back."""
    return link.removed_at is not None and now - link.removed_at < REMOVAL_WINDOW
