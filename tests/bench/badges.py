"""How long badges take to print, by hand: `PYTHONPATH=tests python -m bench.badges [--json FILE]`.

Each number of badges runs in a process of its own, so that its memory is its own. The bare figure
beside it makes the QR symbols alone, one by one, as the library does.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from flask_migrate import upgrade

from bench import table
from webapp.badges.printing.pages import pdf_of
from webapp.badges.printing.queries import badges_in
from webapp.badges.printing.services import Which, ask_for_print
from webapp.badges.services import issue_badges
from webapp.core import clock
from webapp.core import db as database
from webapp.core.config import Config
from webapp.core.pictures import symbol_of
from webapp.events.models import Event
from webapp.events.services import NewEvent, NewGuest, add_guests, create_event
from webapp.factory import create_app

NUMBERS = (1_000, 10_000)
FIRST = ("Amina", "Ben", "Chen", "Dora", "Egil", "Fatou", "Greta", "Hugo", "Inês", "José", "Юлія")
MEGABYTE = 1024 * 1024


def guest(number: int) -> NewGuest:
    return NewGuest(
        name=f"{FIRST[number % len(FIRST)]} {'abcdefghij'[number % 10]}son{number}".title(),
        organisation=f"Laboratory {number % 997}",
        headline=("Data engineer", "Founder", "Professor of law")[number % 3],
        address=None,
        group_name=(None, "Speaker", "Guest")[number % 3],
    )


def make_print(session, number):
    now = clock.now()
    said = NewEvent(
        name="A congress",
        place="",
        time_zone="UTC",
        starts_at=now,
        ends_at=now,
        needs_check_in=False,
    )
    event = create_event(session, said=said, by=None, now=now)
    guests = add_guests(session, event=event, guests=[guest(one) for one in range(number)], now=now)
    issue_badges(session, attendees=guests, now=now)
    session.commit()
    return event


def measure(number: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Config.from_environment({"BOWLINE_DATA": folder}))
        with app.app_context():
            upgrade()
            prepare(folder, number)
            session = database.session()
            return timed(session, number)


def prepare(folder: str, number: int) -> None:
    """Make the guests in a process of their own: their memory is not that of printing."""
    command = [sys.executable, "-m", "bench.badges", "--prepare", folder, "--number", str(number)]
    subprocess.run(command, check=True)


def memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def timed(session, number: int) -> dict[str, float]:
    memory_before = memory()
    from_start, from_cpu = time.perf_counter(), time.process_time()
    event = session.query(Event).one()
    asked = ask_for_print(
        session,
        event=event,
        layout="a4-8",
        has_backs=True,
        has_groups=True,
        which=Which.ALL,
        attendee_id=None,
        by=None,
        now=clock.now(),
    )
    size = first = 0
    for piece in pdf_of(event, asked, badges_in(session, asked)):
        first = first or time.perf_counter() - from_start
        size += len(piece)
    found = {
        "badges": number,
        "seconds": round(time.perf_counter() - from_start, 2),
        "cpu_seconds": round(time.process_time() - from_cpu, 2),
        "first_byte_seconds": round(first, 3),
        "file_megabytes": round(size / MEGABYTE, 2),
        "memory_before_megabytes": memory_before,
        "memory_megabytes": memory(),
    }
    began = time.process_time()
    for one in range(number):
        symbol_of(f"HTTPS://MEET.EXAMPLE.ORG/B/{one:016X}")
    return found | {"bare_symbols_cpu_seconds": round(time.process_time() - began, 2)}


def main() -> None:
    parser = table.parser(__doc__)
    parser.add_argument("--number", type=int)
    parser.add_argument("--prepare")
    asked = parser.parse_args()
    if asked.prepare:
        app = create_app(Config.from_environment({"BOWLINE_DATA": asked.prepare}))
        with app.app_context():
            make_print(database.session(), asked.number)
    elif asked.number:
        print(json.dumps(measure(asked.number)))
    else:
        report(asked.json)


def report(out: Path | None) -> None:
    rows = [
        json.loads(
            subprocess.run(
                [sys.executable, "-m", "bench.badges", "--number", str(number)],
                check=True,
                capture_output=True,
                text=True,
            ).stdout.splitlines()[-1]
        )
        for number in NUMBERS
    ]
    table.show(rows, kept_in=out)


if __name__ == "__main__":
    main()
