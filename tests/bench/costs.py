"""What a request costs in time of a core, by hand: `PYTHONPATH=tests python -m bench.costs`.

The app runs as `Procfile` starts it, on PostgreSQL; one phone after the other sends the same kind
of request. Counted is what the kernel says that the web process and the database have used, so
other work on the machine makes the figures little worse. `docs/scale.md` reckons with them.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import cycle, islice, repeat
from pathlib import Path

from bench import table
from durability.acts import LIVE, PRINTED, Act, Claim
from durability.client import Client
from durability.guests import Guest, Party, hold_party, organiser_of
from durability.installation import Installation
from durability.ledger import Ledger
from durability.nodes import TIE
from durability.servers import cluster, on_postgresql
from services import Cluster

GUESTS, SOME, TIMES, WARM = 150, 20, 300, 30
FIRST_ERROR = 400
TICKS = os.sysconf("SC_CLK_TCK")
Send = Callable[[], int]


def main() -> None:
    """Measure each kind of request, and print what it costs."""
    asked = table.parser(__doc__).parse_args()
    with cluster() as server, on_postgresql(server, WEB_CONCURRENCY="1") as one:
        party = hold_party(one.app, GUESTS)
        organiser = organiser_of(one.app, party)
        one.start()
        rows = [
            _cost(name, sends, one, server)
            for name, sends in Kinds(one, party, organiser).all().items()
        ]
        table.show(rows, kept_in=asked.json)


def _cost(
    name: str, sends: Iterator[Send], one: Installation, server: Cluster
) -> dict[str, object]:
    """Let a few pass first: a process has to have seen a page once."""
    for send in islice(sends, WARM):
        send()
    web, behind = one.processes(), _family(server.process.pid)
    before, before_behind = seconds_of(web), seconds_of(behind)
    statuses = [send() for send in islice(sends, TIMES)]
    times = len(statuses) / 1000
    return {
        "request": name,
        "web ms": (seconds_of(web) - before) / times,
        "database ms": (seconds_of(behind) - before_behind) / times,
        "times": len(statuses),
        "failed": sum(status >= FIRST_ERROR for status in statuses),
    }


class Kinds:
    """Each kind of request, one after the other by many people."""

    def __init__(self, one: Installation, party: Party, organiser: Guest) -> None:
        self._client, self._party, self._organiser = Client(one.port), party, organiser
        self._event = f"/events/{party.event_id}"
        self._ledger, self._confirmations = Ledger(), list[Act]()

    def all(self) -> dict[str, Iterator[Send]]:
        """Return them by name; what is confirmed was claimed before, and then there are ties."""
        some, event = self._party.guests[:SOME], self._event
        return {
            "claim": self._claims(PRINTED[:4], is_live=False),
            "confirm": (partial(self._status, act) for act in self._confirmations),
            "live scan": self._claims(LIVE[:4], is_live=True),
            "Meet": self._reads(cycle(some), f"{event}/meet"),
            "news of Meet": self._reads(cycle(some), f"{event}/news"),
            "People": self._reads(cycle(some), "/people"),
            "Person": (partial(self._read, path, guest) for path, guest in self._people()),
            "room": self._reads(repeat(self._organiser), f"{event}/room"),
        }

    def _claims(self, steps: Sequence[int], *, is_live: bool) -> Iterator[Send]:
        guests = self._party.guests
        for step in steps:
            for at, by in enumerate(guests):
                about = guests[(at + step) % len(guests)]
                yield partial(self._claim, Claim(self._party, by, about, is_live))

    def _claim(self, act: Claim) -> int:
        answer = act.send(self._client)
        if answer.status < FIRST_ERROR:
            self._confirmations += act.note(answer, self._ledger)
        return answer.status

    def _status(self, act: Act) -> int:
        return act.send(self._client).status

    def _reads(self, guests: Iterable[Guest], path: str) -> Iterator[Send]:
        return (partial(self._read, path, guest) for guest in guests)

    def _read(self, path: str, guest: Guest) -> int:
        return self._client.get(path, guest).status

    def _people(self) -> Iterator[tuple[str, Guest]]:
        """Give somebody's first tie, again and again; not before it is asked for."""
        found = []
        for guest in self._party.guests[:SOME]:
            tie = TIE.search(self._client.get("/people", guest).body)
            found.append((tie[1].decode() if tie else "/people", guest))
        yield from cycle(found)


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def seconds_of(processes: Sequence[int]) -> float:
    """Return how long processes, and those of theirs that have ended, have worked."""
    found = 0
    for pid in processes:
        stat = Path(f"/proc/{pid}/stat")
        if stat.exists():
            found += sum(map(int, stat.read_text().rpartition(")")[2].split()[11:15]))
    return found / TICKS


if __name__ == "__main__":
    main()
