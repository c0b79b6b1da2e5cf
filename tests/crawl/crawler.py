"""Asks the app as everybody, for everything, and notes what came back."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property

from crawl.model import Change, Rows, Viewer, Watch, changes
from crawl.routes import Target, forms_of, targets
from crawl.world import CANARY, World
from flask import Flask, session
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from pages import HTML, HX, Browser, parse
from webapp.accounts import providers
from webapp.accounts.access import DEVICE, SEEN
from webapp.accounts.services import Vouched
from webapp.core import clock
from webapp.core import db as database
from webapp.security.limits import limiter
from webapp.security.tokens import grouped

TAGS = re.compile(r"</?[a-z][a-z0-9]*")
SIGNED_OUT = "somebody signed out"
HALF_WAY = "somebody half way through signing in"
ASKING = (
    *("amina", "tara", "wim", "wanda", "dora", "boris", "bella", "bruno", "uma", "una"),
    *("rita", "orla", "olga", "dan", "sam", "pia", "heir", "ines", "otto", "tess", "newbie"),
)
"""One person of each relation; the others are there to be found out about."""

ONLY_READING = {"wanda", "dora", "bruno", "una"}
"""What they may do, others of the same standing do too."""


READING_ON_EVERY_DATABASE = {
    *("amina", "tara", "boris", "una", "rita", "orla", "olga", "dan", "sam", "pia", "heir"),
    *("otto", "tess", "newbie", SIGNED_OUT, HALF_WAY),
}
WRITING_ON_EVERY_DATABASE = {
    *("amina", "orla", "rita", "olga", "dan", "sam", "pia", "heir", "otto", "tess", "newbie"),
    SIGNED_OUT,
}
"""Who asks on PostgreSQL, too; all do with CRAWL=all. Who may do what is decided before a database
is asked, and is seen in full on SQLite."""


@dataclass(frozen=True)
class Answer:
    """What one person got for one request."""

    who: str
    method: str
    target: Target
    is_fragment: bool
    status: int
    location: str
    found: frozenset[str]
    """The canaries in it."""
    leaked: frozenset[str]
    """Those that should not be."""
    logged: frozenset[str] = frozenset()
    """What the log of the event says was done, by its actions."""

    def __str__(self) -> str:
        part = " (fragment)" if self.is_fragment else ""
        return f"{self.who}: {self.method} {self.target.url}{part} -> {self.status}"


@dataclass
class Crawl:
    """Everything that came back."""

    world: World
    before: Rows
    answers: list[Answer] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """What is wrong with the HTML."""
    changed: list[str] = field(default_factory=list)
    """What was changed that must not be."""
    templates: set[str] = field(default_factory=set)

    def viewer(self, who: str) -> Viewer:
        person = self.world.persons.get(who)
        return Viewer(self.world, self.before, person.id if person else None)


class Crawler:
    """Browsers of all persons of a world."""

    def __init__(self, app: Flask, session_: Session, world: World) -> None:
        self.app, self.session, self.world = app, session_, world
        self.watch = Watch(database.db.engine)
        self.crawl = Crawl(world, self.watch.rows)
        self.linted: set[object] = set()
        self.browsers = {who: self._browser(who) for who in self.people}

    @cached_property
    def people(self) -> list[str]:
        return self._of_all(READING_ON_EVERY_DATABASE)

    @cached_property
    def writers(self) -> list[str]:
        return [who for who in self._of_all(WRITING_ON_EVERY_DATABASE) if who not in ONLY_READING]

    def _of_all(self, on_every_database: set[str]) -> list[str]:
        everybody = [*ASKING, SIGNED_OUT, HALF_WAY]
        if database.db.engine.dialect.name == "sqlite" or os.environ.get("CRAWL") == "all":
            return everybody
        return [who for who in everybody if who in on_every_database]

    @cached_property
    def claim_codes(self) -> re.Pattern[str]:
        known = [word for word in self.world.canaries if not CANARY.fullmatch(word)]
        return re.compile("|".join([*known, *map(grouped, known)]))

    def _browser(self, who: str) -> Browser:
        browser = self.app.test_client()
        with browser.session_transaction() as cookie:
            if who == HALF_WAY:
                cookie["code"] = {"id": "unknown", "address": "half@example.org"}
                cookie.update(self._vouched_for())
            elif who != SIGNED_OUT:
                cookie[DEVICE] = self.world.tokens[who]
                cookie[SEEN] = int(clock.now().timestamp())
        browser.environ_base["HTTP_X_CSRFTOKEN"] = browser.token()
        return browser

    def _vouched_for(self) -> dict[str, object]:
        """Return what a cookie holds when a provider has vouched for somebody new."""
        new = Vouched(
            provider="LinkedIn",
            issuer="https://issuer.example.org",
            subject="half",
            name="Half Way",
            address=None,
        )
        with self.app.test_request_context():
            providers.keep(new)
            return dict(session)

    def ask(
        self,
        who: str,
        method: str,
        target: Target,
        *,
        is_fragment: bool = False,
        form: dict[str, str] | None = None,
    ) -> TestResponse:
        """Send one request in a context of its own, as behind a real server."""
        self.session.commit()
        headers = HX if is_fragment else {}
        with self.app.app_context():
            return FlaskClient.open(
                self.browsers[who], target.url, method=method, headers=headers, data=form
            )

    def note(
        self,
        who: str,
        target: Target,
        response: TestResponse,
        *,
        is_fragment: bool,
        rows: Rows,
    ) -> Answer:
        viewer = Viewer(self.world, rows, self.crawl.viewer(who).person_id)
        found = frozenset(self._canaries(response))
        canaries = self.world.canaries
        answer = Answer(
            who=who,
            method=response.request.method,
            target=target,
            is_fragment=is_fragment,
            status=response.status_code,
            location=response.headers.get("Location", ""),
            found=found,
            leaked=frozenset(w for w in found if not viewer.may_see(w, canaries[w], target.url)),
        )
        answer = replace(answer, logged=frozenset(self._logged(rows)))
        self.crawl.answers.append(answer)
        self._lint(answer, response)
        return answer

    def _logged(self, rows: Rows) -> Iterator[str]:
        before = {row["id"] for row in self.crawl.before["audit_entry"]}
        yield from (str(row["action"]) for row in rows["audit_entry"] if row["id"] not in before)

    def _canaries(self, response: TestResponse) -> Iterator[str]:
        """Find canaries in the body, the headers, and what the cookie says to its owner."""
        serializer = self.app.session_interface.get_signing_serializer(self.app)
        text = text_in(response) + str(response.headers)
        name = self.app.config["SESSION_COOKIE_NAME"]
        for cookie in response.headers.getlist("Set-Cookie"):
            value = cookie.removeprefix(f"{name}=").partition(";")[0]
            text += str(serializer.loads(value)) if value else ""
        yield from CANARY.findall(text.lower())
        yield from (code.replace(" ", "") for code in self.claim_codes.findall(text.upper()))

    def _lint(self, answer: Answer, response: TestResponse) -> None:
        """Read a page closely, once for each shape it comes in."""
        body = text_in(response)
        is_page = response.mimetype == HTML and body and not 300 <= answer.status < 400
        shape = (answer.target.endpoint, answer.status, tuple(TAGS.findall(body)))
        if is_page and shape not in self.linted:
            self.linted.add(shape)
            self.crawl.problems += [f"{answer}: {one}" for one in parse(response).problems]

    def read_everything(self) -> Crawl:
        """GET, HEAD and OPTIONS of every URL as everybody; the database must stay as it is."""
        by_endpoint: dict[str, list[Target]] = {}
        for target in targets(self.app, self.session, self.world, "GET"):
            by_endpoint.setdefault(target.endpoint, []).append(target)
        for endpoint, found in by_endpoint.items():
            for who in self.people:
                self._read(who, found)
                self._expect_no_change(f"{who}: reading {endpoint}")
        posts = {one.endpoint: one for one in targets(self.app, self.session, self.world, "POST")}
        for target in posts.values():
            for who in self.people:
                self.ask(who, "OPTIONS", target)
        self._expect_no_change("OPTIONS of what takes a POST")
        return self.crawl

    def _read(self, who: str, found: list[Target]) -> None:
        for target in found:
            if self._get(who, target).status == 200 or target is found[0]:
                self._get(who, target, is_fragment=True)
        for method in ("HEAD", "OPTIONS"):
            self.ask(who, method, found[0])

    def _get(self, who: str, target: Target, *, is_fragment: bool = False) -> Answer:
        response = self.ask(who, "GET", target, is_fragment=is_fragment)
        return self.note(who, target, response, is_fragment=is_fragment, rows=self.crawl.before)

    def _expect_no_change(self, what: str) -> None:
        now = self.watch.look()
        if now is not self.crawl.before:
            self.crawl.changed.append(what)
            self.watch.put_back(now)

    def write_everything(self) -> Crawl:
        """POST every form to every URL as everybody, each time to the same database."""
        forms = forms_of(self.session, self.world)
        tried: set[str] = set()
        for target in targets(self.app, self.session, self.world, "POST"):
            known = forms.get(target.endpoint)
            assert known, f"the crawl has no form for {target.endpoint}"
            for form in known[:1] if target.endpoint in tried else known:
                for who in self.writers:
                    if self._write(who, target, form).status < 400:
                        self._write(who, target, form, is_fragment=True)
                        tried.add(target.endpoint)
            self._expect_no_change(f"somebody who was refused {target.url}")
        return self.crawl

    def _write(
        self, who: str, target: Target, form: dict[str, str], *, is_fragment: bool = False
    ) -> Answer:
        response = self.ask(who, "POST", target, is_fragment=is_fragment, form=form)
        before = self.crawl.before
        after = self.watch.look() if response.status_code < 400 else before
        answer = self.note(who, target, response, is_fragment=is_fragment, rows=after)
        if after is not before:
            self._judge(answer, after)
            self.watch.put_back(after)
        if response.headers.getlist("Set-Cookie"):
            self.browsers[who] = self._browser(who)
        return answer

    def _judge(self, answer: Answer, after: Rows) -> None:
        """Note each changed row that was not this person's to change."""
        who = self.crawl.viewer(answer.who)
        then = Viewer(self.world, after, who.person_id)
        for table, old, new in changes(self.crawl.before, after):
            if not Change(who, then, table, old, new).is_allowed():
                self.crawl.changed.append(f"{answer} changed {table}: {old} to {new}")


def text_in(response: TestResponse) -> str:
    """Return an answer as text; in a file, what is no text is passed over."""
    return response.get_data().decode(errors="replace")


@contextmanager
def templates_of(app: Flask, names: set[str]) -> Iterator[None]:
    """Note the name of every template that is rendered, included, extended or imported."""
    plain = app.jinja_env.get_template

    def get_template(name, *args, **kwargs):
        found = plain(name, *args, **kwargs)
        names.add(found.name)
        return found

    app.jinja_env.get_template = get_template
    try:
        yield
    finally:
        del app.jinja_env.get_template


@contextmanager
def no_limits() -> Iterator[None]:
    """Nobody is as quick as a crawl; the limits have tests of their own."""
    limiter.enabled = False
    try:
        yield
    finally:
        limiter.enabled = True
