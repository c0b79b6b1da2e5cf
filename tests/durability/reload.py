"""New processes take over while people scan and read, over kept and over new connections."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from durability.acts import FEWEST_GUESTS, everything
from durability.figures import Figure
from durability.guests import hold_party
from durability.installation import Installation
from durability.ledger import Ledger, judge
from durability.load import load
from durability.readers import Reader
from durability.servers import on_sqlite

REQUESTS, REQUESTS_SHORT = 20_000, 150
RELOADS, RELOADS_SHORT = 20, 1
READERS, SCANNERS = 6, 6
PAGES = ("/E/NOSUCHEVENT", "/sign-in", "/inbox")


def measure(*, is_short: bool) -> Iterator[Figure]:
    """Reload again and again."""
    requests, reloads = (REQUESTS_SHORT, RELOADS_SHORT) if is_short else (REQUESTS, RELOADS)
    with on_sqlite() as one:
        yield _figure(one, requests, reloads)


def _figure(one: Installation, requests: int, reloads: int) -> Figure:
    ledger, stop = Ledger(), threading.Event()
    party = hold_party(one.app, max(FEWEST_GUESTS, requests // 40))
    one.start()
    readers = [
        Reader(one.port, party.guests[number], stop, PAGES, is_brief=number % 2 == 0)
        for number in range(READERS)
    ]

    def answered() -> int:
        return len(ledger.seconds) + sum(reader.answered for reader in readers)

    acts = everything(party, random.Random(5))
    with (
        ThreadPoolExecutor(READERS) as threads,
        load(one.port, acts, ledger, phones=SCANNERS),
    ):
        for reader in readers:
            threads.submit(reader.read)
        for number in range(reloads):
            one.reload()
            while answered() < (number + 1) * requests // reloads:
                time.sleep(0.05)
        stop.set()
    one.stop()
    verdict = judge(one.app, ledger)
    failed = ledger.without_answer + ledger.odd + Counter(wait=ledger.asked_to_wait)
    failed += sum((reader.failed for reader in readers), Counter())
    return Figure(
        what="reload under load (SIGHUP)",
        asked=f"0 failed of {requests} requests",
        measured=f"{answered()} requests over {reloads} reloads: {failed.total()} failed "
        f"({dict(failed)}), {verdict.lost} lost",
        is_met=verdict.is_fine and not failed,
    )
