"""How long 10,000 guests take to import, by hand: `PYTHONPATH=tests python -m bench.guests`."""

import os
import tempfile
import time
from datetime import timedelta
from statistics import median
from typing import Any

from flask_migrate import upgrade

from bench import table
from webapp.core import clock
from webapp.core.config import Config
from webapp.core.db import transaction
from webapp.events.models import Event
from webapp.events.services import NewEvent, create_event
from webapp.exchange.guests.opening import open_table
from webapp.exchange.guests.rules.workbooks import read_table
from webapp.exchange.guests.services import import_guests
from webapp.factory import create_app

ROWS = 10_000


def sheet() -> bytes:
    lines = ["Name,E-mail,Company,Job title,Group"]
    lines += [
        f"Guest Numbér {number},g{number}@firm{number % 50}.example.org,Firm {number % 50},Job,"
        for number in range(ROWS)
    ]
    return "\n".join(lines).encode()


def measure() -> dict[str, Any]:
    now = clock.now()
    said = NewEvent(
        name="A congress",
        place="",
        time_zone="UTC",
        starts_at=now,
        ends_at=now + timedelta(hours=9),
    )
    with transaction() as session:
        event_id = create_event(session, said=said, by=None, now=now).id
    began = time.perf_counter()
    found = open_table(read_table(sheet()), {})
    read = time.perf_counter() - began
    chunks = [timed_chunk(event_id, found.source, chunk.guests) for chunk in found.chunks()]
    return {
        "rows": ROWS,
        "seconds": read + sum(chunks),
        "longest_chunk_s": max(chunks),
        "median_chunk_s": median(chunks),
        "bare_reading_s": read,
    }


def timed_chunk(event_id: str, source: Any, guests: Any) -> float:
    began = time.perf_counter()
    with transaction() as session:
        event = session.get_one(Event, event_id)
        import_guests(session, event=event, guests=guests, source=source, now=clock.now())
    return time.perf_counter() - began


def main() -> None:
    asked = table.parser(__doc__).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        given = {name: os.environ[name] for name in ("DATABASE_URL",) if name in os.environ}
        app = create_app(Config.from_environment({"BOWLINE_DATA": folder} | given))
        with app.app_context():
            upgrade()
            row = measure()
    table.show([row], kept_in=asked.json)


if __name__ == "__main__":
    main()
