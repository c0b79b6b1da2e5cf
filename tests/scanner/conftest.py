"""A real Chromium whose camera shows what a test holds before it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Playwright
from sqlalchemy.orm import Session

import phones
from people import Cast, badge_of, make_cast
from scanner.pictures import film, seen
from scanner.steps import opened
from webapp.badges import codes
from webapp.events.models import Attendee

Scenes = list[tuple[Image.Image, float]]


@pytest.fixture
def cast(session: Session) -> Cast:
    return make_cast(session)


@pytest.fixture(scope="session")
def footage(scratch: Path) -> Path:
    """The file the fake camera shows; it is read anew whenever the camera opens."""
    return scratch / "camera.mjpeg"


@pytest.fixture
def camera_sees(footage: Path) -> Callable[[Scenes], None]:
    """Put scenes before the camera, each for some seconds, again and again."""
    return lambda scenes: film(footage, scenes)


@pytest.fixture(scope="session")
def with_camera(playwright: Playwright, footage: Path) -> Iterator[Browser]:
    with phones.chromium(playwright, *phones.camera_showing(footage)) as browser:
        yield browser


@pytest.fixture(scope="session")
def without_permission(playwright: Playwright) -> Iterator[Browser]:
    """Without its usual "yes", Chromium says no to the question for the camera."""
    with phones.chromium(playwright, phones.FAKE_CAMERA) as browser:
        yield browser


@pytest.fixture(scope="session")
def without_camera(playwright: Playwright) -> Iterator[Browser]:
    with phones.chromium(playwright, phones.CAMERA_ALLOWED) as browser:
        yield browser


@pytest.fixture
def phone(
    with_camera: Browser, origin: str, app: Flask, session: Session
) -> Iterator[phones.HandOut]:
    with phones.phones(with_camera, origin, app, session) as hand_out:
        yield hand_out


@pytest.fixture
def printed_url(origin: str, session: Session) -> Callable[[Attendee], str]:
    """Return what the code on a printed badge says."""
    return lambda who: f"{origin}/B/{codes.printed_code(badge_of(session, who))}".upper()


@pytest.fixture
def scanner(phone: phones.HandOut, cast: Cast) -> Callable[..., phones.Phone]:
    """Open the scanner in Amina's hands; a script may first change what her browser can."""

    def open_scanner(script: str = "", **options: Any) -> phones.Phone:
        return opened(phone, cast, script, **options)

    return open_scanner


@pytest.fixture
def ben_alone(
    camera_sees: Callable[[Scenes], None], printed_url: Callable[[Attendee], str], cast: Cast
) -> None:
    """Hold Ben's badge before the camera."""
    camera_sees([(seen(printed_url(cast.ben)), 1)])
