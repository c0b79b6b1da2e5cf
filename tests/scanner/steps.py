"""What people do with the scanner, and what they see."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Locator

from people import Cast
from phones import HandOut, Phone

SPY = """
  window.wishes = []; window.tracks = [];
  const devices = navigator.mediaDevices;
  const open = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (wish) => {
    wishes.push(wish);
    const stream = await open(wish);
    tracks.push(...stream.getTracks());
    return stream;
  };
"""
"""Takes note of how often the camera is asked for, and of what came."""


def opened(phone: HandOut, cast: Cast, script: str = "", **options: Any) -> Phone:
    """Open the scanner in Amina's hands; nothing of it is kept by her phone beforehand."""
    one = phone(cast.attendee, **({"service_workers": "block"} | options))
    if script:
        one.page.add_init_script(script)
    one.open(f"/events/{cast.event.id}/scan")
    if options.get("java_script_enabled", True):
        one.page.locator("#others.ready").wait_for(state="attached")
    return one


def question(phone: Phone) -> Locator:
    return phone.page.locator("#found[data-asks] h2")


def saved(phone: Phone) -> Locator:
    return phone.page.locator("#found[data-saved] h2")


@contextmanager
def loaded(phone: Phone) -> Iterator[Callable[[str], bool]]:
    """Tell whether a file was loaded meanwhile."""
    urls: list[str] = []
    phone.page.on("request", lambda request: urls.append(request.url))
    yield lambda name: any(name in url for url in urls)
