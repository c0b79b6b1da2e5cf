"""What may not be told, timed: `.venv/bin/pytest tests/conversations/timing.py`, by hand.

On a machine that does nothing else; TRIES says how often each is asked.
"""

import os
import time
from datetime import timedelta
from statistics import median

from conversations.test_no_step_in_time import claimers, reader, unknown_and_replaced
from crawl.crawler import no_limits

TRIES = int(os.environ.get("TRIES", "500"))
ALIKE = 0.2
"""By how much the medians may differ; one more question to the database is less, and is found by
the comparison of what was asked."""
__all__ = ["claimers", "reader", "unknown_and_replaced"]


def seconds_of(act):
    """Return the seconds of work an act takes this thread, whoever else is at work."""
    began = time.thread_time()
    act()
    return time.thread_time() - began


def are_alike(timed):
    medians = [median(seconds) for seconds in timed.values()]
    return max(medians) <= min(medians) * (1 + ALIKE)


def test_unknown_and_replaced_codes_take_the_same_time(cast, reader, unknown_and_replaced):
    ben, timed = reader(cast.other), {}
    (unknown, replaced), _short = unknown_and_replaced
    with no_limits():
        for _ in range(TRIES):
            for name, code in (("unknown", unknown), ("replaced", replaced)):
                asked = {"query_string": {"code": code}}
                seconds = seconds_of(lambda a=asked: ben.get(f"/events/{cast.event.id}/ask", **a))
                timed.setdefault(name, []).append(seconds)
    assert are_alike(timed), {name: median(one) for name, one in timed.items()}


def test_a_claim_takes_the_same_time_whatever_came_of_it(claimers, evening):
    timed = {one.fate: [] for one in claimers}
    with no_limits():
        for one in claimers:
            one.claim()
            one.other_side_acts()
        for _ in range(TRIES):
            evening.shift(timedelta(seconds=20))
            for one in claimers:
                timed[one.fate].append(seconds_of(one.claim))
    assert are_alike(timed), {name: median(one) for name, one in timed.items()}
