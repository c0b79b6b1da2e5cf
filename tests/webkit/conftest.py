"""Safari's engine: MiniBrowser on a screen of its own, and phones in people's hands."""

import io
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from selenium.common.exceptions import StaleElementReferenceException, TimeoutException
from selenium.webdriver import Remote
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service
from sqlalchemy.orm import Session

import services
from people import cookie_of
from webapp.accounts.models import Person

PHONE = {"x": 0, "y": 0, "width": 390, "height": 844}
PATIENCE = 15
LOADED = """return performance.getEntriesByType('resource')
  .some(one => one.name.endsWith(arguments[0]) && one.responseEnd > 0)"""


@contextmanager
def own_screen(program: str) -> Iterator[str]:
    """Run an X server on the first display that is free; gives its name."""
    readable, writable = os.pipe()
    command = [program, "-displayfd", str(writable), "-screen", "0", "800x1000x24"]
    process = subprocess.Popen(
        [*command, "-nolisten", "tcp"], pass_fds=[writable], stderr=subprocess.DEVNULL
    )
    os.close(writable)
    try:
        with os.fdopen(readable) as answer:
            number = answer.readline().strip()
        if not number:
            raise RuntimeError("Xvfb stopped at once")
        yield f":{number}"
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def own_browser(program: str, env: dict[str, str]) -> Iterator[Remote]:
    """Run a driver with a browser of its own: one drives one only, and forgets all with it."""
    service = Service(program, env=env)
    service.start()
    try:
        config = ClientConfig(remote_server_addr=service.service_url)
        with Remote(RemoteConnection(client_config=config), options=Options()) as driver:
            yield driver
    finally:
        service.stop()


@pytest.fixture(scope="session")
def webkit(scratch: Path) -> Iterator[Callable[[], AbstractContextManager[Remote]]]:
    """Open browsers on a screen nobody looks at."""
    program, screen = services.find("WebKitWebDriver"), services.find("Xvfb")
    if not (program and screen):
        services.missing("WebKit")
    home = scratch / "webkit"
    home.mkdir()
    with own_screen(screen) as display:
        env = os.environ | {"DISPLAY": display, "HOME": str(home), "NO_AT_BRIDGE": "1"}
        yield lambda: own_browser(program, env)


class Phone:
    """One person's phone with Safari's engine."""

    def __init__(self, driver: Remote, origin: str, session: Session) -> None:
        self.driver, self.origin, self.session = driver, origin, session
        driver.set_window_rect(**PHONE)

    def open(self, path: str) -> None:
        self.session.commit()
        self.driver.get(path if path.startswith("http") else self.origin + path)

    def reload(self) -> None:
        self.session.commit()
        self.driver.refresh()

    def tap(self, name: str) -> None:
        """Tap the button with exactly this name."""
        self._tap(f'//button[normalize-space()="{name}"]')

    def follow(self, name: str) -> None:
        """Tap the link, or what unfolds, with this in its name."""
        self._tap(f'(//a | //summary)[contains(normalize-space(), "{name}")]')

    def _tap(self, xpath: str) -> None:
        self.session.commit()
        self.until(lambda: self._visible(xpath)).click()

    def sees(self, text: str) -> None:
        """Wait until a text can be read on the screen."""
        self.until(lambda: text in self.text)

    def sees_heading(self, text: str) -> None:
        """Wait until this is what a heading of the screen says."""
        self.until(lambda: text in [self._said(h) for h in self._all("//h1 | //h2 | //h3")])

    def sees_link(self, name: str) -> None:
        """Wait until there is a link with this in its name."""
        self.until(lambda: self._visible(f'//a[contains(normalize-space(), "{name}")]'))

    @property
    def text(self) -> str:
        return self.driver.find_element(By.TAG_NAME, "body").text

    def scanned(self) -> str:
        """Wait until a camera can read one code from the screen; return what it says."""
        return self.until(self._code_on_screen)

    def _code_on_screen(self) -> str | None:
        picture = Image.open(io.BytesIO(self.driver.get_screenshot_as_png()))
        found = zxingcpp.read_barcodes(picture)
        return found[0].text if len(found) == 1 else None

    def has_loaded(self, path: str) -> bool:
        """Tell whether the page has the answer to a request of its own."""
        return self.driver.execute_script(LOADED, path)

    def until(self, condition: Callable[[], Any], *, seconds: float = PATIENCE) -> Any:
        """Wait for something to become true; return what it is then."""
        wait = WebDriverWait(
            self.driver, seconds, 0.1, ignored_exceptions=[StaleElementReferenceException]
        )
        try:
            return wait.until(lambda _: condition())
        except TimeoutException as late:
            raise AssertionError(f"after {seconds} s the screen says: {self.text}") from late

    def _all(self, xpath: str) -> list[WebElement]:
        return self.driver.find_elements(By.XPATH, xpath)

    def _visible(self, xpath: str) -> WebElement | None:
        return next((found for found in self._all(xpath) if found.is_displayed()), None)

    def _said(self, element: WebElement) -> str:
        return " ".join(element.text.split())


@pytest.fixture
def phone(
    webkit: Callable[[], AbstractContextManager[Remote]],
    origin: str,
    app: Flask,
    session: Session,
) -> Iterator[Callable[[Person], Phone]]:
    """Hand out phones, each signed in as somebody."""
    with ExitStack() as opened:

        def hand_out(person: Person) -> Phone:
            one = Phone(opened.enter_context(webkit()), origin, session)
            cookie = cookie_of(app, session, person)
            one.open("/sign-in")  # a cookie is taken on its own site only
            kept = {"httpOnly": True, "sameSite": "Lax", "path": "/"}
            one.driver.add_cookie({"name": cookie.key, "value": cookie.value} | kept)
            return one

        yield hand_out
