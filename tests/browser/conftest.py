"""A real Chromium, and phones in people's hands."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Playwright
from sqlalchemy.orm import Session

import phones


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    with phones.chromium(playwright) as browser:
        yield browser


@pytest.fixture
def phone(chromium: Browser, origin: str, app: Flask, session: Session) -> Iterator[phones.HandOut]:
    with phones.phones(chromium, origin, app, session) as hand_out:
        yield hand_out
