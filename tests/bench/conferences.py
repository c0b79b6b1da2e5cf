"""Ten measured conferences at once, sixty times as fast as they were.

SFHH 2009 (SocioPatterns, CC0): 403 people and the talks that come of their contacts. Each talk is
a live scan and the page that follows it; when nobody talked for half an hour, it is left out.
The sensors tell the time to 20 seconds; where within them a talk begins is drawn.
"""

import csv
import os
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from statistics import median, quantiles
from threading import local
from typing import NamedTuple

import real_data
from bench.goals import Goal
from bench.traffic import BARE, serving
from durability.client import Client, NoAnswer
from durability.guests import Guest, Party, hold_party
from durability.installation import Installation
from durability.servers import on_sqlite

CONFERENCES = 10
SPEED = float(os.environ.get("BENCH_SPEED", "60"))
"""How many times as fast as it was."""
STEP_S = 20 / SPEED
"""Seconds of the replay within which the sensors do not tell when a talk began."""
LONGEST_PAUSE_S = 1800
SLOWEST_MS = 250
MINUTES = float(os.environ.get("BENCH_MINUTES", "60"))
"""How much of it is replayed at most."""
AT_ONCE = 64
BARE_SECONDS = 60


class Talk(NamedTuple):
    """When two people began to talk, in seconds of the replay, and who they are, by number."""

    at: float
    by: int
    about: int


def talks() -> list[Talk]:
    """Return the talks of one conference: who has scanned less scans."""
    with real_data.CONVERSATIONS["sfhh2009"].open() as file:
        rows = sorted(csv.DictReader(file), key=lambda row: int(row["start_s"]))
    numbers = {one: at for at, one in enumerate(sorted({row[s] for row in rows for s in "ab"}))}
    at, before, found, scans = 0.0, int(rows[0]["start_s"]), [], Counter[int]()
    for row in rows:
        start = int(row["start_s"])
        at += min(start - before, LONGEST_PAUSE_S) / SPEED
        before = start
        by, about = sorted((numbers[row["a"]], numbers[row["b"]]), key=scans.__getitem__)
        scans[by] += 1
        found.append(Talk(at, by, about))
    return found


class Phones:
    """Sends each talk when it is due, over connections that are kept; notes what came back."""

    def __init__(self, port: int) -> None:
        self._port, self._own = port, local()
        self.seconds, self.statuses = list[float](), Counter[str]()

    def client(self) -> Client:
        """Return the connection of this thread."""
        if not hasattr(self._own, "client"):
            self._own.client = Client(self._port)
        client: Client = self._own.client
        return client

    def note(self, status: int | str, due: float) -> None:
        """Note an answer, and how long after it was due it came."""
        self.seconds.append(time.monotonic() - due)
        self.statuses[str(status)] += 1

    def scan(self, party: Party, talk: Talk, due: float) -> None:
        """Scan, and look at what comes of it."""
        time.sleep(max(0, due - time.monotonic()))
        by, about = party.guests[talk.by], party.guests[talk.about]
        fields = {
            "code": about.shows(time.time()),
            "nonce": f"talk-{talk.at * SPEED:.0f}-{talk.about}-{by.id}",
        }
        try:
            answer = self.client().post(f"/events/{party.event_id}/talks", by, **fields)
            self.note(answer.status, due)
            if answer.location:
                asked_at = time.monotonic()
                self.note(self.client().get(answer.location, by).status, asked_at)
        except NoAnswer as broken:
            self.note(str(broken), due)

    def save(self, due: float) -> None:
        """Keep a row on the bare app."""
        time.sleep(max(0, due - time.monotonic()))
        answer = self.client().post("/", STRANGER, words="we talked")
        self.note(answer.status, due)


STRANGER = Guest("", "", "", "", "", "", "", token="none")


def goals() -> Iterator[Goal]:
    """Replay, first a minute of it on the bare app."""
    script = [one for one in talks() if one.at <= MINUTES * 60]
    with on_sqlite(wsgi=BARE) as bare, serving(bare):
        limit = Phones(bare.port)
        draw, first = random.Random(7), [one.at for one in script if one.at < BARE_SECONDS]
        dues = [at + draw.uniform(0, STEP_S) for at in first for _ in range(CONFERENCES)]
        _all(limit.save, [(due,) for due in sorted(dues)])
    with on_sqlite() as one, serving(one):
        found = replay(one, script)
    errors = sum(n for status, n in found.statuses.items() if status not in {"200", "303"})
    p99 = 1000 * quantiles(found.seconds, n=100)[98]
    yield Goal(
        work=f"{CONFERENCES} SFHH conferences at once",
        asked=f"{CONFERENCES * 403:,} people at {SPEED:g} times real speed: 0 errors, p99 250 ms",
        measured=(
            f"{CONFERENCES * len(script):,} talks in {script[-1].at / 60:.0f} minutes, {errors} "
            f"errors; {1000 * median(found.seconds):.0f} ms, p99 {p99:.0f}"
        ),
        beside=f"{1000 * median(limit.seconds):.1f} ms for a row",
        is_met=not errors and p99 <= SLOWEST_MS,
    )


def replay(one: Installation, script: Sequence[Talk]) -> Phones:
    """Let the conferences happen."""
    people = 1 + max(max(talk.by, talk.about) for talk in script)
    parties = [hold_party(one.app, people) for _ in range(CONFERENCES)]
    phones = Phones(one.port)
    draw = random.Random(7)
    works = [
        (party, talk, talk.at + draw.uniform(0, STEP_S)) for talk in script for party in parties
    ]
    _all(phones.scan, sorted(works, key=lambda work: work[2]))
    return phones


def _all(send: object, works: Sequence[tuple[object, ...]]) -> None:
    """Start each work when it is due; its last part says when, in seconds from now."""
    began = time.monotonic() + 1
    with ThreadPoolExecutor(AT_ONCE) as threads:
        running = [threads.submit(send, *rest, began + due) for *rest, due in works]  # type: ignore[arg-type]
        for one in running:
            one.result()
