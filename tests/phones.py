"""Phones in people's hands: each a browser of its own, in a real Chromium."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Playwright
from sqlalchemy.orm import Session

import services
from people import cookie_of
from webapp.accounts.models import Person, Proof

PHONE = {"width": 390, "height": 844}
QUIET = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
EXPECTED = (
    "the server responded with a status of 4",
    "net::ERR_INTERNET_DISCONNECTED",
    "Service Worker registration blocked",
)
"""What Chromium says when we answer no, and when a test has cut the network or a worker off."""

FAKE_CAMERA = "--use-fake-device-for-media-stream"
CAMERA_ALLOWED = "--use-fake-ui-for-media-stream"

HandOut = Callable[..., "Phone"]


class Phone:
    """One person's phone: a browser of its own; console errors and blocked content are defects."""

    def __init__(self, context: BrowserContext, origin: str, session: Session) -> None:
        self.context, self.origin, self.session = context, origin, session
        self.problems: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("dialog", lambda dialog: self.problems.append(dialog.message))

    def _listen(self, message: Any) -> None:
        is_expected = any(words in message.text for words in EXPECTED)
        if message.type in {"error", "warning"} and not is_expected:
            self.problems.append(message.text)

    def open(self, path: str) -> Page:
        self.session.commit()
        self.page.goto(path if path.startswith("http") else self.origin + path)
        return self.page

    def tap(self, name: str) -> None:
        self.session.commit()
        self.page.get_by_role("button", name=name, exact=True).first.click()
        self.page.wait_for_load_state()


def camera_showing(footage: Path) -> tuple[str, ...]:
    """Return the options of a Chromium whose camera shows a file, and may be used."""
    return FAKE_CAMERA, CAMERA_ALLOWED, f"--use-file-for-fake-video-capture={footage}"


@contextmanager
def chromium(playwright: Playwright, *options: str) -> Iterator[Browser]:
    """Run a Chromium with a few more options."""
    path = services.find("chromium", "chromium-browser", "google-chrome")
    if path is None:
        services.missing("Chromium")
    browser = playwright.chromium.launch(executable_path=path, args=[*QUIET, *options])
    yield browser
    browser.close()


@contextmanager
def phones(browser: Browser, origin: str, app: Flask, session: Session) -> Iterator[HandOut]:
    """Hand out phones, signed in as somebody or not; nothing may go wrong on any of them."""
    handed_out: list[Phone] = []

    def hand_out(
        person: Person | None = None, *, proof: Proof = Proof.PASSKEY, **options: Any
    ) -> Phone:
        context = browser.new_context(**({"viewport": PHONE} | options))
        if person is not None:
            cookie = cookie_of(app, session, person, proof=proof)
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": origin}])
        handed_out.append(Phone(context, origin, session))
        return handed_out[-1]

    yield hand_out
    problems = [problem for one in handed_out for problem in one.problems]
    for one in handed_out:
        one.context.close()
    assert not problems, problems
