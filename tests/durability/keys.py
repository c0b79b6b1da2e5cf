"""One key sent again and again: one effect, one answer."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import sqlalchemy as sa

from durability.client import Answer, Client
from durability.figures import Figure
from durability.guests import Guest, Party, hold_party
from durability.installation import Installation
from durability.servers import cluster, few_processes, on_postgresql, on_sqlite
from webapp.conversations.models import Claim, Conversation
from webapp.core import db as database

TIMES, TIMES_SHORT, AT_ONCE = 100, 10, 20
A_MINUTE = 50
"""The app lets one person say yes sixty times in a minute."""


@dataclass(frozen=True)
class Tap:
    """One person's yes to one code."""

    party: Party
    by: Guest
    nonce: str

    def send(self, client: Client, about: Guest) -> Answer:
        """Send it."""
        where = f"/events/{self.party.event_id}/talks"
        return client.post(where, self.by, code=about.printed, nonce=self.nonce)


def measure(*, is_short: bool) -> Iterator[Figure]:
    """Send one tap in sequence, another in parallel, and both with another code."""
    few = few_processes(is_short=is_short)
    with on_sqlite(**few) as one:
        yield _figure(one, "SQLite", TIMES_SHORT if is_short else TIMES)
    if not is_short:  # tests/conversations does the same on both databases, without a server
        with cluster() as server, on_postgresql(server) as one:
            yield _figure(one, "PostgreSQL", TIMES)


def _figure(one: Installation, name: str, times: int) -> Figure:
    party = hold_party(one.app, 4)
    first, other, about, another = party.guests
    one.start()
    client = Client(one.port)
    in_sequence = _in_sequence(Tap(party, first, "key-in-sequence"), about, client, times)
    at_once = _at_once(Tap(party, other, "key-at-once"), about, one.port)
    with_another = [
        Tap(party, by, nonce).send(client, another).status
        for by, nonce in ((first, "key-in-sequence"), (other, "key-at-once"))
    ]
    client.close()
    one.stop()
    effects = _effects(one)
    answers = [len(set(answers)) for answers in (in_sequence, at_once)]
    are_taken = {status for status, _where in in_sequence | at_once} == {303}
    return Figure(
        what=f"one key sent again, {name}",
        asked=f"{times} times in sequence, {AT_ONCE} at once: one effect, one answer; else 422",
        measured=(
            f"{answers[0]} and {answers[1]} different answers; {effects} claims and talks for 2 "
            f"keys; with another body {with_another}"
        ),
        is_met=are_taken and answers == [1, 1] and effects == (2, 2) and with_another == [422, 422],
    )


def _in_sequence(tap: Tap, about: Guest, client: Client, times: int) -> set[tuple[int, str]]:
    said = set()
    for number in range(times):
        if number and number % A_MINUTE == 0:
            time.sleep(61)
        answer = tap.send(client, about)
        said.add((answer.status, answer.location))
    return said


def _at_once(tap: Tap, about: Guest, port: int) -> set[tuple[int, str]]:
    clients = [Client(port) for _ in range(AT_ONCE)]
    clients[0].post("/inbox", tap.by, me=tap.by.tag, scans="[]")
    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(lambda client: tap.send(client, about), clients))
    for client in clients:
        client.close()
    return {(answer.status, answer.location) for answer in answers}


def _effects(one: Installation) -> tuple[int, int]:
    with one.app.app_context(), database.reading() as session:
        claims, talks = (
            session.scalar(sa.select(sa.func.count()).select_from(model)) or 0
            for model in (Claim, Conversation)
        )
    return claims, talks
