"""Measure the pages an attendee sees with Lighthouse; the exit status tells if a goal is missed."""

import sys
from typing import Any

from playwright.sync_api import Playwright, sync_playwright
from werkzeug.test import Cookie

import services
from bench.lighthouse import KB, Audit, audit
from bench.running import Running, running_app
from bench.screens import PUBLIC, attendee_screens
from bench.table import parser, show
from people import cookie_of
from webapp.core import db as database

SCANNER = "Scan"
"""The scanner's own script does not count."""
TIMES = 3


def measure(
    playwright: Playwright, running: Running, wanted: list[str] | None, times: int
) -> list[dict[str, Any]]:
    """Audit the wanted screens, or all of them; of each, the run with the middle LCP counts."""
    session = database.session()
    signed_in = attendee_screens(session, running.cast)
    cookie = cookie_of(running.app, session, running.cast.attendee)
    paths = signed_in | PUBLIC
    if unknown := set(wanted or ()) - set(paths):
        sys.exit(f"no such page: {', '.join(unknown)}; there are {', '.join(paths)}")

    def middle(name: str) -> Audit:
        known = cookie if name in signed_in else None
        return _middle(playwright, running.origin + paths[name], known, times)

    return [_row(name, middle(name)) for name in wanted or paths]


def _middle(playwright: Playwright, url: str, cookie: Cookie | None, times: int) -> Audit:
    audits = [audit(playwright, url, cookie) for _ in range(times)]
    return sorted(audits, key=lambda one: one.lcp_seconds)[times // 2]


def _row(name: str, found: Audit) -> dict[str, Any]:
    return {
        "page": name,
        "performance": found.performance,
        "accessibility": found.accessibility,
        "best practices": found.best_practices,
        "LCP s": found.lcp_seconds,
        "KB": round(found.page_bytes / KB, 2),
        "script KB": round(found.script_bytes / KB, 2),
        "requests": found.requests,
        "missed": found.missed(is_script_counted=name != SCANNER),
        "defects": found.defects,
    }


def main() -> None:
    """Measure, print, and say whether every goal is met."""
    commands = parser(__doc__)
    commands.add_argument("--times", type=int, default=TIMES, help="runs of each page")
    commands.add_argument("--pages", nargs="+", metavar="NAME", help="some of them, by name")
    asked = commands.parse_args()
    with running_app(services.free_port()) as running, sync_playwright() as playwright:
        rows = measure(playwright, running, asked.pages, asked.times)
    show(rows, kept_in=asked.json)
    missed = [row["page"] for row in rows if row["missed"]]
    if missed:
        sys.exit(f"Goals are missed on {len(missed)} of {len(rows)} pages: {', '.join(missed)}.")
    print(f"All goals are met on {len(rows)} pages.")


if __name__ == "__main__":
    main()
