"""Hold badges before the scanner's camera: from badge in view to decoded, asked and recorded."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

import phones
import services
from bench.running import Running, running_app
from bench.table import parser, show
from people import badge_of, cookie_of, make_attendee, make_person
from scanner.pictures import dimmed, film, room, seen
from webapp.badges import codes
from webapp.core import db as database

TIMES = 9
WAIT, HOLD = 2.5, 6.0
"""Seconds without a badge, for the decoders to get going, and with it."""

WATCH = """
const SIDES = [32, 18], CHANGED = 2;
window.told = {};
const tell = (what, at) => { told[what] ??= at; };
const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
let empty;
const look = (video) => video.requestVideoFrameCallback((now, { captureTime }) => {
  canvas.drawImage(video, 0, 0, ...SIDES);
  const seen = canvas.getImageData(0, 0, ...SIDES).data;
  empty ??= seen;
  let change = 0;
  for (let i = 0; i < seen.length; i += 4) change += Math.abs(seen[i] - empty[i]);
  if (change / (seen.length / 4) > CHANGED) tell('in view', captureTime ?? now);
  else look(video);
});
document.addEventListener('playing', ({ target }) => look(target), { capture: true, once: true });
new PerformanceObserver((list) => {
  for (const mark of list.getEntriesByName('bowline:read')) tell('read', mark.startTime);
}).observe({ type: 'mark' });
new MutationObserver(() => {
  const yes = document.querySelector('#found[data-asks] [data-htmx-powered] .primary');
  if (yes && !told.asked) { tell('asked', performance.now()); yes.click(); }
  if (document.querySelector('#found[data-saved]')) tell('recorded', performance.now());
}).observe(document, { attributes: true, childList: true, subtree: true });
"""
"""Notes, on the page's own clock, when the camera took the first frame with a badge and what
became of it; says yes at once."""

Frame = Callable[[str], Image.Image]


def at_rest(frame: Image.Image) -> Image.Image:
    return frame


def in_the_dark(frame: Image.Image) -> Image.Image:
    return dimmed(frame, brightest=48, noise=8)


KINDS: dict[str, tuple[Frame, Callable[[Image.Image], Image.Image]]] = {
    "easy": (seen, at_rest),
    "tilted": (lambda url: seen(url, side=430, turned=28, leaning=0.6, nodding=0.25), at_rest),
    "small": (lambda url: seen(url, side=150, turned=4, at=(700, 330)), at_rest),
    "dim": (lambda url: seen(url, side=380), in_the_dark),
    "worn": (lambda url: seen(url, side=400, turned=7, gap=4), at_rest),
}
"""How a badge is held, and in what light."""


def new_pair(running: Running) -> tuple[str, dict[str, str]]:
    """Let two people who have not met come; give what one's badge says and the other's cookie."""
    session, event = database.session(), running.cast.event
    one, other = (make_person(session, name=name) for name in ("Nora Newcomer", "Otto Other"))
    make_attendee(session, event=event, person=one)
    badge = badge_of(session, make_attendee(session, event=event, person=other))
    url = f"{running.origin}/B/{codes.printed_code(badge)}".upper()
    cookie = cookie_of(running.app, session, one)
    return url, {"name": cookie.key, "value": cookie.value, "url": running.origin}


def scan(browser: Browser, running: Running, footage: Path, kind: str) -> dict[str, float]:
    """Scan one badge on a phone of its own; return milliseconds since it was in view."""
    frame, light = KINDS[kind]
    where = f"{running.origin}/events/{running.cast.event.id}/scan"
    url, cookie = new_pair(running)
    film(footage, [(light(room()), WAIT), (light(frame(url)), HOLD)])
    context = browser.new_context(viewport=phones.PHONE)
    context.add_init_script(WATCH)
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto(where)
    page.locator("#found[data-saved]").wait_for()
    told = page.evaluate("told")
    context.close()
    return {name: told[name] - told["in view"] for name in ("read", "asked", "recorded")}


def row(browser: Browser, running: Running, footage: Path, kind: str, times: int) -> dict[str, Any]:
    """Scan several times, after once unmeasured."""
    scans = [scan(browser, running, footage, kind) for _ in range(times + 1)][1:]
    middle = {f"{name}_ms": round(median(one[name] for one in scans)) for name in scans[0]}
    return {"badge": kind, "scans": times} | middle | {"worst_read_ms": _worst(scans)}


def _worst(scans: list[dict[str, float]]) -> int:
    return round(max(one["read"] for one in scans))


def main() -> None:
    """Measure and print."""
    commands = parser(__doc__)
    commands.add_argument("--times", type=int, default=TIMES, help="scans to take the median of")
    commands.add_argument("--badges", nargs="+", choices=KINDS, default=list(KINDS))
    asked = commands.parse_args()
    with tempfile.TemporaryDirectory(prefix="bowline-bench-") as folder:
        footage = Path(folder) / "camera.mjpeg"
        with (
            sync_playwright() as playwright,
            phones.chromium(playwright, *phones.camera_showing(footage)) as browser,
            running_app(services.free_port()) as running,
        ):
            rows = [row(browser, running, footage, kind, asked.times) for kind in asked.badges]
    show(rows, kept_in=asked.json)


if __name__ == "__main__":
    main()
