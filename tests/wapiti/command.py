"""Run wapiti, all its modules, signed in as each persona, against an event full of people.

Each persona begins at one page of every route that opens to them. Needs the program `wapiti`
(package `wapiti3`, in an environment of its own). Status 1 if it finds what is not accepted.
"""

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from crawl.crawler import SIGNED_OUT
from crawl.routes import targets
from crawl.world import World, make_world
from wapiti.accepted import ACCEPTED

import services
from durability.client import Client
from durability.guests import cookie_of_device
from durability.installation import Installation, installation, sqlite_url
from webapp.core import db as database

PERSONAS = ("amina", "rita", "olga", "dan", "otto", SIGNED_OUT)
"""An attendee, a recruiter, an organiser, a desk helper, an operator, and anybody."""

ENDS = ("/sign-out", "/me/leave", "/me/devices", "/me/keys")
"""Where a scanner would end its own session."""
SECONDS, ATTACK_SECONDS = 600, 60
MODULES = "all"


@dataclass(frozen=True)
class Finding:
    """One thing wapiti says."""

    who: str
    category: str
    path: str
    says: str

    @property
    def reason(self) -> str | None:
        """Why it stands, if it is accepted."""
        fits = (
            one.reason
            for one in ACCEPTED
            if one.category == self.category and one.says.fullmatch(self.says)
        )
        return next(fits, None)


@dataclass(frozen=True)
class Visitor:
    """Somebody as whom it goes, and where they begin."""

    who: str
    cookie: str
    pages: list[str]


def visitors(one: Installation, wanted: list[str]) -> Iterator[Visitor]:
    """Make the world, and find what opens to whom."""
    with one.app.app_context():
        world = make_world(database.session())
        database.session().commit()
        pages = targets(one.app, database.session(), world, "GET")
        database.db.session.remove()
    one.start(OPERATORS=",".join(world.operators))
    client = Client(one.port)
    for who in wanted:
        cookie = "" if who == SIGNED_OUT else _cookie(one, world, who)
        opens: dict[str, str] = {}
        for page in pages:
            is_new = page.endpoint not in opens and not page.url.startswith(ENDS)
            if is_new and client.open(page.url, cookie).status == 200:
                opens[page.endpoint] = page.url
        yield Visitor(who, cookie, list(opens.values()))
    client.close()


def _cookie(one: Installation, world: World, who: str) -> str:
    return cookie_of_device(one.app, world.tokens[who])


def scan(program: str, one: Installation, visitor: Visitor, folder: Path) -> dict[str, Any]:
    """Let it crawl and attack; gives its report."""
    report = folder / "report.json"
    arguments: list[str | Path] = [program, "-u", f"{one.origin}/", "-m", MODULES]
    arguments += ["--format", "json", "--output", report, "--store-session", folder]
    arguments += ["--store-config", folder / "config", "--max-scan-time", str(SECONDS)]
    arguments += ["--max-attack-time", str(ATTACK_SECONDS), "--color", "--no-bugreport"]
    arguments += ["--flush-session", "--depth", "2", "--max-links-per-page", "20"]
    arguments += [part for page in visitor.pages for part in ("-s", one.origin + page)]
    arguments += [part for end in ENDS for part in ("-x", f"{one.origin}{end}*")]
    if visitor.cookie:
        arguments += ["--cookie-value", visitor.cookie, "--drop-set-cookie"]
    with (folder / "log").open("wb") as log:
        subprocess.run(arguments, stdout=log, stderr=log, check=True)
    told: dict[str, Any] = json.loads(report.read_text())
    return told


def findings(who: str, told: dict[str, Any]) -> Iterator[Finding]:
    """Return what a report says, once for each path."""
    seen = set()
    for kind in ("vulnerabilities", "anomalies", "additionals"):
        for category, entries in told.get(kind, {}).items():
            for entry in entries:
                one = Finding(who, category, entry["path"], entry["info"])
                if one not in seen:
                    seen.add(one)
                    yield one


def main() -> None:
    """Scan, print what was found, and end with status 1 if something is not accepted."""
    commands = argparse.ArgumentParser(prog="python -m tests.wapiti", description=__doc__)
    commands.add_argument("--program", default="wapiti", help="where it is installed")
    commands.add_argument("--only", nargs="+", choices=PERSONAS, default=list(PERSONAS))
    commands.add_argument("--keep", type=Path, help="keep reports and logs here")
    asked = commands.parse_args()
    if services.find(asked.program) is None and not Path(asked.program).exists():
        sys.exit("wapiti is not installed: pip install wapiti3, in an environment of its own.")
    print("| as | pages | category | what it says | accepted? |\n|---|---|---|---|---|", flush=True)
    with TemporaryDirectory(prefix="bowline-wapiti-") as scratch:
        found = [one for who in asked.only for one in _scanned(asked, who, Path(scratch))]
    sys.exit(0 if all(one.reason for one in found) else 1)


def _scanned(asked: argparse.Namespace, who: str, scratch: Path) -> list[Finding]:
    """Scan as one persona, on an installation of its own: what one breaks no other sees."""
    folder = (asked.keep or scratch) / who.replace(" ", "-")
    (folder / "data").mkdir(parents=True)
    database_url = sqlite_url(folder / "data")
    with installation(folder / "data", database_url, wsgi="wapiti.unlimited:app") as one:
        (visitor,) = visitors(one, [who])
        found = list(findings(who, scan(asked.program, one, visitor, folder)))
        one.stop()
    _show(visitor, found)
    return found


def _show(visitor: Visitor, found: list[Finding]) -> None:
    """Print what is not accepted line by line, and of what is, how often it was said and why."""
    begins = f"| {visitor.who} | {len(visitor.pages)}"
    accepted = Counter((one.category, one.reason) for one in found if one.reason)
    for one in found:
        if not one.reason:
            print(f"{begins} | {one.category} | {one.says} ({one.path}) | NO |", flush=True)
    for (category, reason), times in accepted.items():
        print(f"{begins} | {category} | {times} times | {reason} |", flush=True)
    if not found:
        print(f"{begins} | | nothing | |", flush=True)


if __name__ == "__main__":
    main()
