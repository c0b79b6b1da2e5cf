"""When a mail is tried again, and when it is given up."""

from datetime import timedelta

GIVE_UP_AFTER = timedelta(days=4)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
LEASE = timedelta(minutes=5)
"""How long a worker may take over one mail before another one tries it."""


def wait_after(tries: int) -> timedelta:
    """Return the wait after the `tries`-th failed try: 1 min, doubled each time, at most 6 h."""
    doublings: int = 2 ** (min(tries, 20) - 1)
    return min(FIRST_WAIT * doublings, LONGEST_WAIT)
