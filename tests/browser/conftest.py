"""A real server, a real Chromium, and phones in people's hands."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy.orm import Session

import services
from people import cookie_of
from webapp.accounts.models import Person

PHONE = {"width": 390, "height": 844}
QUIET = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = services.find("chromium", "chromium-browser", "google-chrome")
    if path is None:
        services.missing("Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


EXPECTED = ("the server responded with a status of 4", "net::ERR_INTERNET_DISCONNECTED")
"""What Chromium says when we answer no, and when a test has cut the network."""


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


@pytest.fixture
def phone(
    chromium: Browser, origin: str, app: Flask, session: Session
) -> Iterator[Callable[..., Phone]]:
    """Hand out phones, signed in as somebody or not."""
    phones: list[Phone] = []

    def hand_out(person: Person | None = None, **options: Any) -> Phone:
        context = chromium.new_context(**({"viewport": PHONE} | options))
        if person is not None:
            cookie = cookie_of(app, session, person)
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": origin}])
        phones.append(Phone(context, origin, session))
        return phones[-1]

    yield hand_out
    problems = [problem for one in phones for problem in one.problems]
    for one in phones:
        one.context.close()
    assert not problems
