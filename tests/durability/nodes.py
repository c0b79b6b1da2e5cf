"""Two nodes and two workers behind a proxy: one of each is killed while people scan."""

import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import services
from durability import workers
from durability.acts import FEWEST_GUESTS, everything
from durability.client import Answer, Client
from durability.figures import Figure
from durability.guests import Guest, Party, hold_party, organiser_of
from durability.installation import Installation
from durability.ledger import Ledger, judge
from durability.load import Load, load
from durability.proxies import caddy, nginx
from durability.readers import Reader
from durability.site import Site, answered, site

ROUNDS, ROUNDS_SHORT = 20, 1
BETWEEN, BETWEEN_SHORT = 300, 80
"""Acknowledgements with both nodes there, and as many with one of them gone."""
ACKNOWLEDGED_BY_A_GUEST = 50
LATEST_KILL = 0.3
READERS = 4
LONGEST_ROUND, LONGEST_RETURN = 180.0, 60.0
TIE = re.compile(rb'href="(/people/[^"/?]+)"')
LIMITED, LIMITED_ROUTE, LIMIT = "/sign-in/with/nobody", 'route="/sign-in/with/<name>"', 30
"""A page that one network may open thirty times in ten minutes."""
TIMES = 40
CUT = frozenset({"IncompleteRead", "ConnectionResetError"})
"""An answer that had begun when its node was killed: its reader asks again."""


def measure(*, is_short: bool) -> Iterator[Figure]:
    """Try all of it behind nginx, and in the long form behind Caddy too where there is one."""
    proxies = [("nginx", nginx)]
    if not is_short and services.find("caddy"):
        proxies.append(("Caddy", caddy))
    for name, proxy in proxies:
        with site(proxy, is_short=is_short) as made:
            made.start()
            yield _killed(made, name, is_short=is_short)
            yield _limited(made, name)
            yield _signed_out(made)
            yield from workers.measure(made, is_short=is_short)


class Visitor(Reader):
    """Somebody signed in who reads pages; each must come, whichever node is there."""

    def open(self, page: str) -> Answer | None:
        """Look at a page."""
        answer = super().open(page)
        if answer and 300 <= answer.status < 500:
            self.failed[f"{answer.status} for {page}"] += 1
        return answer

    def go_round(self) -> None:
        """Look at each page, and at the first person on the list of people."""
        super().go_round()
        people = self.open("/people")
        if people and (found := TIE.search(people.body)):
            self.open(found[1].decode())


@contextmanager
def _reading(made: Site, party: Party, organiser: Guest) -> Iterator[list[Visitor]]:
    """Let attendees and the organiser read until the end."""
    stop, event = threading.Event(), f"/events/{party.event_id}"
    attendees = [
        Visitor(made.address, guest, stop, [f"{event}/meet"]) for guest in party.guests[:READERS]
    ]
    readers = [*attendees, Visitor(made.address, organiser, stop, [f"{event}/room"])]
    with ThreadPoolExecutor(len(readers)) as threads:
        try:
            for reader in readers:
                threads.submit(reader.read)
            yield readers
        finally:
            stop.set()


def _killed(made: Site, proxy: str, *, is_short: bool) -> Figure:
    rounds, between = (ROUNDS_SHORT, BETWEEN_SHORT) if is_short else (ROUNDS, BETWEEN)
    enough = 2 * rounds * between
    ledger, chance = Ledger(), random.Random(5)
    app = made.nodes[0].app
    party = hold_party(app, max(FEWEST_GUESTS, 2 * enough // ACKNOWLEDGED_BY_A_GUEST))
    organiser = organiser_of(app, party)
    acts = everything(party, chance)
    with _reading(made, party, organiser) as readers, load(made.address, acts, ledger) as running:
        for number in range(rounds):
            node = made.nodes[number % 2]
            running.wait_until((2 * number + 1) * between, seconds=LONGEST_ROUND)
            time.sleep(chance.uniform(0, LATEST_KILL))
            node.kill()
            running.wait_until((2 * number + 2) * between, seconds=LONGEST_ROUND)
            node.start()
            _wait_for_traffic(node, running)
    verdict, read = judge(app, ledger), sum(reader.answered for reader in readers)
    failed = sum((reader.failed for reader in readers), Counter())
    wrong = ledger.odd + Counter({how: n for how, n in failed.items() if how not in CUT})
    is_complete = ledger.acknowledged >= enough and all(reader.answered for reader in readers)
    return Figure(
        what=f"two nodes behind {proxy}, one killed under load",
        asked=f"{rounds} kills, {enough} acknowledged: 0 lost, 0 twice, nobody signed out",
        measured=(
            f"{ledger.acknowledged} acknowledged, {verdict.lost} lost, {verdict.twice} twice; "
            f"{ledger.without_answer.total()} without answer and {ledger.asked_to_wait} asked to "
            f"wait, then taken; {read} pages read; wrong: {dict(wrong) or 'nothing'}"
        ),
        is_met=verdict.is_fine and not wrong and is_complete,
    )


def _wait_for_traffic(node: Installation, running: Load) -> None:
    """Wait until a node that is back has taken something in."""
    before, deadline = answered(node, 'method="POST"'), time.monotonic() + LONGEST_RETURN
    while answered(node, 'method="POST"') <= before:
        if time.monotonic() > deadline or running.is_done:
            left = f"{len(running.acts)} acts left, {running.ledger.acknowledged} acknowledged"
            raise TimeoutError(f"a node that is back gets nothing to do: {left}")
        time.sleep(0.1)


def _limited(made: Site, proxy: str) -> Figure:
    """Open a limited page too often through the proxy, each time as if from elsewhere."""
    nobody = Guest("", "", "", "", "", "", "")
    before = [answered(node, LIMITED_ROUTE) for node in made.nodes]
    statuses = []
    for number in range(TIMES):
        elsewhere = {"X-Forwarded-For": f"198.51.100.{number}"}
        client = Client(replace(made.address, more=elsewhere))
        statuses.append(client.get(LIMITED, nobody).status)
        client.close()
    deadline = time.monotonic() + LONGEST_RETURN
    while sum(shares := _since(made, before)) < TIMES and time.monotonic() < deadline:
        time.sleep(0.1)
    return Figure(
        what="one limit over two nodes",
        asked=f"{LIMIT} of {TIMES} are let in, whichever node they come to",
        measured=(
            f"{statuses.count(404)} let in, {statuses.count(429)} told to wait behind {proxy}; "
            f"the nodes answered {' and '.join(map(str, shares))}"
        ),
        is_met=statuses == [404] * LIMIT + [429] * (TIMES - LIMIT) and min(shares) >= LIMIT // 3,
    )


def _since(made: Site, before: list[int]) -> list[int]:
    now = [answered(node, LIMITED_ROUTE) for node in made.nodes]
    return [after - first for first, after in zip(before, now, strict=True)]


def _signed_out(made: Site) -> Figure:
    """Sign out on one node and knock at the other."""
    guest = hold_party(made.nodes[0].app, 1).guests[0]
    here, there = (Client(made.straight_to(node)) for node in made.nodes)
    steps = [
        there.get("/inbox", guest).status,
        here.post("/sign-out", guest).status,
        there.get("/inbox", guest),
    ]
    here.close()
    there.close()
    *before, after = steps
    is_out = "/sign-in" in after.location
    return Figure(
        what="signed out on one node",
        asked="signed out on the other at once",
        measured=f"{before[0]} before, {before[1]} for signing out, then {after.status} to sign in",
        is_met=before == [200, 303] and is_out,
    )
