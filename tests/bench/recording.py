"""Record a talk on a slow phone with a slow network: taps, bytes and seconds, beside a bare app."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.test import Cookie

import services
from bench import bare
from bench.lighthouse import KB
from bench.link import Link, Speed, slow_link
from bench.running import Running, gunicorn, running_app
from bench.table import parser, show
from people import badge_of, cookie_of, make_attendee, make_person
from webapp.badges import codes
from webapp.core import db as database

PHONE = {"width": 390, "height": 844}
CPU_TIMES_SLOWER = 4
SLOW_4G = Speed(round_trip=0.15, down=1.6 * KB * KB / 8, up=750 * KB / 8)
"""Lighthouse's."""
TIMES = 5
QUIET_SECONDS = 1
WATCH = """
const told = JSON.parse(sessionStorage.getItem('told') || '[]');
const tell = (at, what) => {
  told.push([performance.timeOrigin + at, what]);
  sessionStorage.setItem('told', JSON.stringify(told));
};
if (!told.length) tell(0, 'opened');
addEventListener('click', (event) => tell(event.timeStamp, 'tapped'), true);
let shown = '';
const look = (at) => {
  const heading = document.querySelector('h1')?.innerText.replace(/\\s+/g, ' ') || '';
  if (heading !== shown) tell(at, shown = heading);
  requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
"""Notes, on the page's own clock, when it was opened and tapped and what its heading said when."""
OPENED, TAPPED = re.compile("^opened$"), re.compile("^tapped$")
ON_PATH = {"PYTHONPATH": str(Path(__file__).resolve().parents[1])}


@dataclass(frozen=True)
class Way:
    """What is opened, what it asks, what is tapped, and what is said in the end."""

    url: str
    cookie: Cookie | None
    question: re.Pattern[str]
    yes: str
    saved: re.Pattern[str]


@dataclass(frozen=True)
class Walk:
    """What one walk took; `kb_in_all` has what came after the talk was saved, too."""

    taps: int
    requests: int
    kb: float
    kb_in_all: float
    question_s: float
    saved_s: float


class Phone:
    """A slow phone, and the hand that taps it."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0
        slow = {"rate": CPU_TIMES_SLOWER}
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", slow)

    def sees(self, heading: re.Pattern[str]) -> None:
        """Wait until a heading can be read."""
        self.page.get_by_role("heading", level=1, name=heading).wait_for()

    def tap(self, name: str) -> None:
        """Tap a button."""
        self.taps += 1
        self.page.get_by_role("button", name=name, exact=True).tap()

    def at(self, wanted: re.Pattern[str]) -> float:
        """Return when the page first noted something, in seconds."""
        told = self.page.evaluate("JSON.parse(sessionStorage.getItem('told'))")
        return next(at for at, what in told if wanted.search(what)) / 1000


@contextmanager
def new_phone(browser: Browser, way: Way) -> Iterator[Phone]:
    """Give somebody a phone that has nothing of the app yet but a signed-in cookie."""
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    context.add_init_script(WATCH)
    if way.cookie:
        cookie = {"name": way.cookie.key, "value": way.cookie.value, "url": way.url}
        context.add_cookies([cookie])
    yield Phone(context.new_page())
    context.close()


def walk(browser: Browser, way: Way, link: Link) -> Walk:
    """Open what the camera read, and say yes."""
    sent, requests = link.down.sent + link.up.sent, link.requests
    with new_phone(browser, way) as phone:
        phone.page.goto(way.url, wait_until="commit")
        phone.sees(way.question)
        phone.tap(way.yes)
        phone.sees(way.saved)
        requests = link.requests - requests
        kb = (link.down.sent + link.up.sent - sent) / KB
        until_quiet(link)
        return Walk(
            taps=phone.taps,
            requests=requests,
            kb=kb,
            kb_in_all=(link.down.sent + link.up.sent - sent) / KB,
            question_s=phone.at(way.question) - phone.at(OPENED),
            saved_s=phone.at(way.saved) - phone.at(TAPPED),
        )


def until_quiet(link: Link) -> None:
    """Wait until nothing more is sent; the next walk has the network for itself."""
    sent = -1
    while sent != link.down.sent:
        sent = link.down.sent
        time.sleep(QUIET_SECONDS)


def new_way(running: Running) -> Way:
    """Let two people who have not met come to the event; one's camera reads the other's badge."""
    session, event = database.session(), running.cast.event
    one, other = (make_person(session, name=name) for name in ("Nora Newcomer", "Otto Other"))
    make_attendee(session, event=event, person=one)
    badge = badge_of(session, make_attendee(session, event=event, person=other))
    session.commit()
    return Way(
        url=f"{running.origin}/B/{codes.printed_code(badge)}",
        cookie=cookie_of(running.app, session, one),
        question=re.compile("Did you talk with"),
        yes="Yes, we talked",
        saved=re.compile("You said you talked with"),
    )


def bare_way(origin: str) -> Way:
    """Ask and save on pages of 1 KB, with nothing behind them."""
    return Way(origin, None, re.compile(re.escape(bare.QUESTION)), "Yes", re.compile(bare.SAVED))


def middle(browser: Browser, way: Callable[[], Way], link: Link, times: int) -> dict[str, Any]:
    """Walk several times, after once unmeasured; return the median of each figure."""
    walks = [asdict(walk(browser, way(), link)) for _ in range(times + 1)][1:]
    return {name: round(median(one[name] for one in walks), 2) for name in walks[0]}


def of_app(browser: Browser, times: int) -> dict[str, Any]:
    """Measure the app itself."""
    port, seen_at = services.free_port(), services.free_port()
    with running_app(port, seen_at=seen_at) as running, slow_link(seen_at, port, SLOW_4G) as link:
        return {"app": "Bowline"} | middle(browser, lambda: new_way(running), link, times)


def of_bare(browser: Browser, times: int) -> dict[str, Any]:
    """Measure the limit."""
    port, seen_at = services.free_port(), services.free_port()
    with gunicorn("bench.bare:app", port, ON_PATH), slow_link(seen_at, port, SLOW_4G) as link:
        way = bare_way(f"http://localhost:{seen_at}/")
        return {"app": "bare"} | middle(browser, lambda: way, link, times)


def with_ratio(row: dict[str, Any], least: dict[str, Any]) -> dict[str, Any]:
    """Say how many times as long it took as the bare app."""
    ratios = {
        f"{name} / bare": round(row[name] / least[name], 2) for name in ("question_s", "saved_s")
    }
    return row | ratios


def main() -> None:
    """Measure and print."""
    commands = parser(__doc__)
    commands.add_argument("--times", type=int, default=TIMES, help="walks to take the median of")
    asked = commands.parse_args()
    chromium = services.find("chromium", "chromium-browser", "google-chrome")
    if chromium is None:
        services.missing("Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        ours, least = of_app(browser, asked.times), of_bare(browser, asked.times)
        browser.close()
    show([with_ratio(row, least) for row in (ours, least)], kept_in=asked.json)


if __name__ == "__main__":
    main()
