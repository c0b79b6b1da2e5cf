"""A browser without JavaScript for tests: it reads every page closely and submits its forms."""

import secrets
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from markup import part_of, tree_of
from webapp.core import db as database

HTML = "text/html"
HX = {"HX-Request": "true", "HX-Request-Type": "partial"}
VERBS = ("hx-get", "hx-post", "hx-put", "hx-delete")


@dataclass
class Page:
    """One parsed answer."""

    root: Element
    response: TestResponse
    problems: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.root.itertext()).split())

    def all(self, tag: str) -> list[Element]:
        return list(self.root.iter(tag))

    def form(self, action: str) -> Element:
        for form in self.all("form"):
            if form.get("action") == action:
                return form
        actions = [form.get("action") for form in self.all("form")]
        raise AssertionError(f"no form to {action}; there are {actions}")

    def links(self) -> list[str]:
        return [a.get("href", "") for a in self.all("a")]


def parse(response: TestResponse) -> Page:
    """Parse an HTML answer; unbalanced tags, double ids and lost targets are defects."""
    text = response.get_data(as_text=True)
    is_whole = text.lstrip().lower().startswith("<!doctype")
    root, problems = tree_of(text) if is_whole else part_of(text)
    page = Page(root, response, problems)
    page.problems += _double_ids(root)
    page.problems += _lost_targets(root)
    if is_whole:
        page.problems += _unlabelled(root)
        page.problems += _without_htmx(root)
    elif len(list(root)) != 1:
        page.problems.append("a fragment must have one root element")
    return page


def _double_ids(root: Element) -> list[str]:
    counted = Counter(element.get("id") for element in root.iter() if element.get("id"))
    return [f"id {name} stands {times} times" for name, times in counted.items() if times > 1]


def _without_htmx(root: Element) -> list[str]:
    wants = any(element.get(verb) for element in root.iter() for verb in VERBS)
    has = any("data-htmx" in element.attrib for element in root.iter("html"))
    return ["it uses htmx and does not load it (set with_htmx)"] if wants and not has else []


def _lost_targets(root: Element) -> list[str]:
    ids = {element.get("id") for element in root.iter()}
    return [
        f"{element.tag} wants the target {element.get('hx-target')}, which is not on the page"
        for element in root.iter()
        if any(element.get(verb) for verb in VERBS)
        and (element.get("hx-target") or "#").startswith("#")
        and element.get("hx-target")
        and element.get("hx-target", "")[1:] not in ids
    ]


def _unlabelled(root: Element) -> list[str]:
    labelled = {label.get("for") for label in root.iter("label")}
    return [
        f"{element.tag} {element.get('name')} has no label"
        for tag in ("input", "select", "textarea")
        for element in root.iter(tag)
        if element.get("type") not in {"hidden", "submit"} and element.get("id") not in labelled
    ]


class Browser(FlaskClient):
    """A test client that checks each HTML answer and can submit forms as a person would.

    Each request gets a context and a database session of its own, as behind a real server.
    """

    page: Page | None = None

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        database.session().commit()
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        looks_like_html = response.get_data().lstrip()[:9].lower() == b"<!doctype"
        assert response.mimetype == HTML or not looks_like_html, response.mimetype
        if response.mimetype == HTML and response.get_data():
            is_redirect = 300 <= response.status_code < 400
            if not is_redirect:
                self.page = parse(response)
                assert not self.page.problems, (response.request.path, self.page.problems)
        return response

    def submit(self, action: str, *, hx: bool = False, **fields: Any) -> TestResponse:
        """Fill in a form of the page that is open and send it, hidden fields and all."""
        assert self.page is not None
        form = self.page.form(action)
        data = {
            element.get("name"): element.get("value", "")
            for element in form.iter("input")
            if element.get("name")
            and element.get("type") != "checkbox"
            and (element.get("type") != "radio" or element.get("checked") is not None)
        }
        data |= {area.get("name"): area.text or "" for area in form.iter("textarea")}
        for select in form.iter("select"):
            chosen = [o for o in select.iter("option") if o.get("selected") is not None]
            options = chosen or list(select.iter("option"))
            data[select.get("name")] = options[0].get("value", "") if options else ""
        unknown = set(fields) - set(data) - {element.get("name") for element in form.iter("input")}
        assert not unknown, f"the form to {action} has no field {unknown}"
        data |= fields
        if form.get("method") == "get":
            return self.get(action, query_string=data)
        return self.post(action, data=data, headers=HX if hx else {})

    def send(self, url: str, /, *, hx: bool = False, **data: Any) -> TestResponse:
        """Post without a page, with a valid CSRF token."""
        return self.post(url, data=data | {"csrf_token": self.token()}, headers=HX if hx else {})

    def token(self) -> str:
        with self.session_transaction() as session:
            raw = session.setdefault("csrf_token", secrets.token_hex(20))
        key = self.application.config["SECRET_KEY"]
        return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(raw))

    @property
    def text(self) -> str:
        assert self.page is not None
        return self.page.text
