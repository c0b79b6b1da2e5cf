"""The doors open: everybody claims their badge at once, and then far more than can be served."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from statistics import quantiles
from threading import local

import sqlalchemy as sa

from durability.client import Client, NoAnswer
from durability.figures import Figure
from durability.guests import Guest, Party, hold_party
from durability.installation import Installation
from durability.servers import few_processes, on_sqlite
from webapp.core import db as database
from webapp.events.models import Attendee

A_SECOND, SECONDS = 50, 60
A_SECOND_SHORT, SECONDS_SHORT = 10, 2
CROWD, CROWD_SHORT = 600, 300
"""Claims all at once, over capacity."""
SLOWEST_NO = 10.0
"""Seconds after which nobody may hear that we are busy: the line is 8 s long."""


@dataclass
class Opening:
    """Everything answered at a door."""

    statuses: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    refused: list[Guest] = field(default_factory=list)
    slowest_no: float = 0

    @property
    def taken(self) -> int:
        """How many got their badge."""
        return self.statuses["303"]


def measure(*, is_short: bool) -> Iterator[Figure]:
    """Let people come at a steady pace; then let a crowd come at one moment."""
    with on_sqlite(**few_processes(is_short=is_short)) as one:
        one.start()
        if is_short:
            yield _steady(one, A_SECOND_SHORT, SECONDS_SHORT, is_timed=False)
            yield _crowded(one, CROWD_SHORT, is_timed=False)
        else:
            yield _steady(one, A_SECOND, SECONDS, is_timed=True)
            yield _crowded(one, CROWD, is_timed=True)


def _steady(one: Installation, pace: int, seconds: int, *, is_timed: bool) -> Figure:
    party = hold_party(one.app, pace * seconds, is_claimed=False)
    opening, before = Opening(), _claimed(one)
    took = come(one, party, party.guests, opening, pace=pace)
    p99 = quantiles(opening.seconds, n=100)[98] if len(opening.seconds) > 1 else 0
    wrong = opening.statuses.total() - opening.taken
    is_in_time = not is_timed or took < seconds * 1.1 + 1
    return Figure(
        what="door opening",
        asked=f"{pace} badge claims a second for {seconds} s: 0 errors",
        measured=(
            f"{opening.taken} claimed in {took:.0f} s, {wrong} errors; p99 {p99:.2f} s, "
            f"longest {max(opening.seconds):.2f} s"
        ),
        is_met=not wrong and is_in_time and _claimed(one) - before == len(party.guests),
    )


def _crowded(one: Installation, crowd: int, *, is_timed: bool) -> Figure:
    party = hold_party(one.app, crowd, is_claimed=False)
    first, later, before = Opening(), Opening(), _claimed(one)
    come(one, party, party.guests, first)
    come(one, party, first.refused, later, pace=A_SECOND // 2)
    odd = first.statuses.total() - first.taken - first.statuses["503"]
    is_in_time = not is_timed or first.slowest_no <= SLOWEST_NO
    all_in = _claimed(one) - before == crowd and later.taken == len(first.refused)
    return Figure(
        what="door over capacity",
        asked=f"{crowd} at one moment: 503 with Retry-After, not collapse",
        measured=(
            f"{first.taken} claimed, {first.statuses['503']} asked to come back within at most "
            f"{first.slowest_no:.1f} s, {odd} other; afterwards {later.taken} of "
            f"{len(first.refused)} claimed"
        ),
        is_met=not odd and all_in and is_in_time,
    )


def come(
    one: Installation,
    party: Party,
    guests: Sequence[Guest],
    opening: Opening,
    *,
    pace: int | None = None,
) -> float:
    """Let guests come one after the other, however long those before them wait."""
    own, began = local(), time.monotonic()
    clients: list[Client] = []

    def claim(at: int) -> None:
        if pace:
            time.sleep(max(0, began + at / pace - time.monotonic()))
        if not hasattr(own, "client"):
            own.client = Client(one.port)
            clients.append(own.client)
        _claim(own.client, guests[at], opening)

    with ThreadPoolExecutor(64 if pace else max(1, len(guests))) as threads:
        list(threads.map(claim, range(len(guests))))
    for client in clients:
        client.close()
    return time.monotonic() - began


def _claim(client: Client, guest: Guest, opening: Opening) -> None:
    began = time.monotonic()
    try:
        answer = client.post(f"/B/{guest.printed}/claim", guest, claim_code=guest.claim_code)
    except NoAnswer as broken:
        opening.statuses[str(broken)] += 1
        opening.refused.append(guest)
        return
    took = time.monotonic() - began
    is_asked = answer.status == 503 and answer.asks_to_wait
    opening.statuses[str(answer.status) if answer.status != 503 or is_asked else "bare 503"] += 1
    opening.seconds.append(took)
    if is_asked:
        opening.refused.append(guest)
        opening.slowest_no = max(opening.slowest_no, took)


def _claimed(one: Installation) -> int:
    found = sa.select(sa.func.count()).where(Attendee.person_id.is_not(None))
    with one.app.app_context(), database.reading() as session:
        return session.scalar(found) or 0
