"""Workers are killed while they send mail."""

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

from mail.killing import kill_workers, post_office

from durability.figures import Figure
from durability.installation import sqlite_url
from durability.servers import cluster, fresh_database

KILLS, KILLS_SHORT = 100, 2


def measure(*, is_short: bool) -> Iterator[Figure]:
    """Kill half of them on each database."""
    kills = KILLS_SHORT if is_short else KILLS
    with tempfile.TemporaryDirectory(prefix="bowline-outbox-") as name:
        yield _figure("SQLite", Path(name), sqlite_url(Path(name)), kills // 2)
    with cluster() as server, tempfile.TemporaryDirectory(prefix="bowline-outbox-") as name:
        yield _figure("PostgreSQL", Path(name), fresh_database(server), kills // 2)


def _figure(database: str, folder: Path, url: str, kills: int) -> Figure:
    with post_office(folder, url) as post:
        delivered = kill_workers(post, kills=kills, chance=random.Random(5))
    return Figure(
        what=f"mail outbox, {database}",
        asked=f"{kills} kills of the worker: 0 lost, twice only in the gap of SMTP, same number",
        measured=(
            f"{delivered.lost} lost, {delivered.repeated} came twice of {delivered.in_gap} in the "
            f"gap, {delivered.beyond_gap} beyond it; Message-IDs of each: "
            f"{', '.join(map(str, sorted(delivered.numbers)))}"
        ),
        is_met=delivered.is_fine,
    )
