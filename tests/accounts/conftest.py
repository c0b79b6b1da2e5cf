"""A real OpenID provider with two faces, one that errs as told, and the code from the mail."""

import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urljoin

import pytest
import requests
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

import services
from markup import tree_of
from pages import Browser
from webapp.accounts import oidc
from webapp.core.config import WELL_KNOWN, OidcProvider
from webapp.core.db import Base
from webapp.mail.models import Mail

HERE = "http://localhost/"
SECRET = "a secret only the two of us know"


@dataclass(frozen=True, slots=True)
class Faces:
    """Where the real provider answers as itself, and where as LinkedIn."""

    own: str
    linkedin: str


@pytest.fixture(scope="session")
def faces() -> Iterator[Faces]:
    script = services.node_modules().parent / "provider.mjs"
    ports = services.free_port(), services.free_port()
    process = subprocess.Popen(
        ["node", script, *map(str, ports), HERE.rstrip("/")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for port in ports:
            services.wait_for(port)
        yield Faces(*(f"http://127.0.0.1:{port}" for port in ports))
    finally:
        process.terminate()
        process.wait(10)


def make_provider(name: str, url: str) -> OidcProvider:
    labels = {"oidc": "Kora ID", "linkedin": "LinkedIn"}
    return OidcProvider(
        name=name,
        label=labels[name],
        discovery_url=url + WELL_KNOWN,
        client_id="bowline",
        client_secret=SECRET,
    )


@pytest.fixture
def use_providers(app: Flask, session: Session) -> Iterator[Callable[..., None]]:
    """Let people sign in with other providers than the app was made with."""
    settings = app.extensions["bowline"]

    def use(**urls: str) -> None:
        providers = tuple(make_provider(name, url) for name, url in urls.items())
        app.extensions["bowline"] = replace(settings, providers=providers)
        oidc.init_app(app, app.extensions["bowline"])

    yield use
    app.extensions["bowline"] = settings
    oidc.init_app(app, settings)


@pytest.fixture
def both_faces(faces: Faces, use_providers: Callable[..., None]) -> Faces:
    """The app, knowing the real provider under both its faces."""
    use_providers(oidc=faces.own, linkedin=faces.linkedin)
    return faces


def say_who(url: str, login: str) -> str:
    """Fill in the provider's own forms; returns where it sends the browser back to."""
    with requests.Session() as browser:
        answer = browser.get(url, allow_redirects=False)
        for _ in range(10):
            if location := answer.headers.get("Location"):
                target = urljoin(answer.url, location)
                if target.startswith(HERE):
                    return target
                answer = browser.get(target, allow_redirects=False)
            else:
                assert answer.status_code == 200, answer.text
                answer = _submit(browser, answer, login)
    raise AssertionError("the provider never sent the browser back")


def _submit(browser: requests.Session, page: requests.Response, login: str) -> requests.Response:
    root, _problems = tree_of(page.text)
    form = root.find(".//form")
    fields = {one.get("name"): one.get("value", "") for one in form.iter("input")}
    if "login" in fields:
        fields |= {"login": login, "password": "anything"}
    target = urljoin(page.url, form.get("action"))
    return browser.post(target, data=fields, allow_redirects=False)


@pytest.fixture
def come_from() -> Callable[..., TestResponse]:
    """Leave for a provider, sign in there, and come back as far as our last step."""

    def come(browser: Browser, name: str, login: str, **query: str) -> TestResponse:
        away = browser.get(f"/sign-in/with/{name}", query_string=query)
        assert away.status_code == 303
        back = say_who(away.location, login)
        answer = browser.get(back.removeprefix(HERE.rstrip("/")))
        return browser.get(answer.location) if answer.location else answer

    return come


@pytest.fixture
def counts(session: Session) -> Callable[[], dict[str, int]]:
    """Count the rows of every table."""

    def count() -> dict[str, int]:
        session.rollback()
        tables = Base.metadata.sorted_tables
        found = {
            table.name: session.scalar(sa.select(sa.func.count()).select_from(table))
            for table in tables
        }
        session.rollback()
        return found

    return count


@pytest.fixture
def mailed_code(session: Session) -> Callable[[str], str]:
    """Return the eight digits last mailed to an address."""

    def read(address: str) -> str:
        own = sa.select(Mail.text).where(Mail.recipient == address, Mail.sent_at.is_(None))
        text = session.scalar(own.order_by(Mail.queued_at.desc(), Mail.id).limit(1))
        session.rollback()
        assert text, f"no mail waits for {address}"
        found = re.search(r"^(\d{4}) (\d{4})$", text, re.MULTILINE)
        assert found, f"no code of eight digits stands in {text}"
        return "".join(found.groups())

    return read
