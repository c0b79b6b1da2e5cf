"""What people do at an event, each act with the key it counts under once."""

import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from durability.client import Answer, Client
from durability.guests import Guest, Party
from durability.ledger import Ledger
from webapp.badges import codes

PRINTED, LIVE = range(1, 6), range(6, 13)
KEPT = (range(16, 36), range(36, 56))
"""Whom each guest scans in which way, by how many places they stand apart.

Seven scan somebody live: more than eight scanners of one code prove nothing, and while nobody is
answered all of them may hold the same.
"""
FEWEST_GUESTS = 112
"""So that each pair meets once."""
BETWEEN_SCANS = 120
_keys = count(1)


@dataclass
class Act:
    """One thing somebody does until it is acknowledged."""

    party: Party
    by: Guest

    def send(self, client: Client) -> Answer:
        """Send it once."""
        raise NotImplementedError

    def note(self, answer: Answer, ledger: Ledger) -> list["Act"]:
        """Write into the ledger what the answer acknowledges; gives what is still to be done."""
        raise NotImplementedError

    def came_late(self, answer: Answer) -> bool:
        """Tell whether it was refused because it took too long to get there."""
        del answer
        return False


@dataclass(frozen=True)
class Kept:
    """A scan on a phone: what was read, and when."""

    code: str
    seen_at: float
    nonce: str = field(default_factory=lambda: f"act-{next(_keys):08}")


@dataclass
class Claim(Act):
    """Scanning a printed badge, or a live code, and saying yes."""

    about: Guest
    is_live: bool
    nonce: str = field(default_factory=lambda: f"act-{next(_keys):08}")
    code: str = ""
    seen_at: float = 0

    def send(self, client: Client) -> Answer:
        """Send the tap; a phone that got no answer sends a live code as a kept scan."""
        if self.is_live and self.code:
            scan = Kept(self.code, self.seen_at, self.nonce)
            return _upload(client, self.party, self.by, [scan])
        if not self.code:
            self.seen_at = time.time()
            self.code = self.about.shows(self.seen_at) if self.is_live else self.about.printed
        return client.post(
            f"/events/{self.party.event_id}/talks", self.by, code=self.code, nonce=self.nonce
        )

    def came_late(self, answer: Answer) -> bool:
        """A live code runs out while nobody answers; it is sent again as a kept scan."""
        is_old = time.time() - self.seen_at > codes.STEP_SECONDS
        return self.is_live and answer.status == 422 and is_old

    def note(self, answer: Answer, ledger: Ledger) -> list[Act]:
        """A claim that is taken waits for the other side; a live one is proven."""
        if answer.status == 303:
            where = answer.location
        else:
            (told,) = answer.told["answers"]
            where = told["url"]
        if not where:
            return [self]
        ledger.count(self.by.id, self.nonce, where, is_proven=self.is_live)
        return [] if self.is_live else [Confirmation(self.party, self.about, where)]


@dataclass
class Confirmation(Act):
    """Saying yes to a claim."""

    where: str

    def send(self, client: Client) -> Answer:
        """Send the tap."""
        return client.post(f"{self.where}/confirm", self.by)

    def note(self, answer: Answer, ledger: Ledger) -> list[Act]:
        """It stands."""
        if answer.status != 303:
            return [self]
        ledger.confirm(self.where)
        return []


@dataclass
class Upload(Act):
    """A phone that is back and sends what it kept."""

    scans: list[Kept]

    def send(self, client: Client) -> Answer:
        """Send them all."""
        return _upload(client, self.party, self.by, self.scans)

    def note(self, answer: Answer, ledger: Ledger) -> list[Act]:
        """Each is answered for itself; those to be sent later are sent again."""
        told = {one["nonce"]: one for one in answer.told["answers"]}
        later = []
        for scan in self.scans:
            one = told[scan.nonce]
            if one["state"] == "counted":
                ledger.count(self.by.id, scan.nonce, one["url"], is_proven=True)
            elif one["state"] == "later":
                later.append(scan)
            else:
                ledger.odd["a kept scan refused"] += 1
        return [Upload(self.party, self.by, later)] if later else []


def _upload(client: Client, party: Party, by: Guest, scans: list[Kept]) -> Answer:
    sent = [
        {
            "nonce": one.nonce,
            "code": one.code,
            "event": party.event_code,
            "age": time.time() - one.seen_at,
        }
        for one in scans
    ]
    return client.post("/inbox", by, me=by.tag, scans=json.dumps(sent))


def everything(party: Party, chance: random.Random) -> list[Act]:
    """Return all that can be done at a party, in a random order."""
    acts = list(_acts(party))
    chance.shuffle(acts)
    return acts


def _acts(party: Party) -> Iterator[Act]:
    guests = party.guests
    for at, by in enumerate(guests):
        for step in (*PRINTED, *LIVE):
            yield Claim(party, by, guests[(at + step) % len(guests)], is_live=step in LIVE)
        for steps in KEPT:
            yield Upload(party, by, [_kept(party, at, step) for step in steps])


def _kept(party: Party, at: int, step: int) -> Kept:
    seen_at = time.time() - step * BETWEEN_SCANS
    return Kept(party.guests[(at + step) % len(party.guests)].shows(seen_at), seen_at)
