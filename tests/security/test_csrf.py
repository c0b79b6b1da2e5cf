"""No unsafe request from elsewhere does anything."""

import pytest
import sqlalchemy as sa
from flask import session as cookie_now

from pages import HX
from people import make_person
from webapp.accounts.access import remember_device
from webapp.core.db import Base
from webapp.security.csrf import FROM_ELSEWHERE, SEED

ASK = "/sign-in"
FIELDS = {"address": "amina@example.org"}
OPEN_FROM_ELSEWHERE = "mail.stop"
"""Mail programs post there without having seen a page; the address in the letter is the proof."""


@pytest.fixture
def rows(session):
    """Count all rows there are."""

    def count():
        session.rollback()
        tables = Base.metadata.sorted_tables
        found = sum(session.scalar(sa.select(sa.func.count()).select_from(one)) for one in tables)
        session.rollback()
        return found

    return count


def unsafe_routes(app):
    """Return a path and a method for every route that changes something, but for one."""
    with app.test_request_context():
        adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint == OPEN_FROM_ELSEWHERE:
            continue
        values = dict.fromkeys(rule.arguments, "aaaaaaaaaaaaaaaa")
        for method in sorted((rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}):
            yield adapter.build(rule.endpoint, values, method=method), method


def test_one_route_alone_is_open_from_elsewhere(app):
    views = app.view_functions.items()
    assert [name for name, view in views if hasattr(view, FROM_ELSEWHERE)] == [OPEN_FROM_ELSEWHERE]


def test_a_form_with_its_token_works(browser, rows):
    browser.get(ASK)
    assert browser.submit(ASK, **FIELDS).status_code == 303
    assert rows() == 2


def test_the_token_works_as_a_header_too(browser, rows):
    browser.get(ASK)
    token = browser.page.form(ASK).find("input[@name='csrf_token']").get("value")
    assert browser.post(ASK, data=FIELDS, headers={"X-CSRFToken": token}).status_code == 303
    assert rows() == 2


def foreign_token(app):
    return app.test_client().token()


@pytest.mark.parametrize("hx", [False, True])
@pytest.mark.parametrize("token", [None, "", "nonsense", "foreign", "cut", "raw"], ids=str)
def test_without_its_own_token_nothing_happens(token, hx, app, browser, rows):
    browser.get(ASK)
    own = browser.token()
    with browser.session_transaction() as cookie:
        raw = cookie["csrf_token"]
    tokens = {"foreign": foreign_token(app), "cut": own[:-1], "raw": raw}
    data = FIELDS if token is None else FIELDS | {"csrf_token": tokens.get(token, token)}
    answer = browser.post(ASK, data=data, headers=HX if hx else {})
    assert answer.status_code == 400
    assert "This page was open for too long. Please reload it and try again." in browser.text
    assert answer.headers.get("HX-Retarget") == ("#status" if hx else None)
    assert rows() == 0


def test_a_token_in_the_address_is_none(browser, rows):
    answer = browser.post(f"{ASK}?csrf_token={browser.token()}", data=FIELDS)
    assert answer.status_code == 400
    assert rows() == 0


def test_a_token_signed_with_another_key_is_none(app, browser, rows, monkeypatch):
    browser.get(ASK)
    with monkeypatch.context() as patch:
        patch.setitem(app.config, "SECRET_KEY", "another key altogether, and long enough")
        other = app.test_client().token()
    assert browser.post(ASK, data=FIELDS | {"csrf_token": other}).status_code == 400
    assert rows() == 0


def test_the_token_of_before_the_sign_in_is_none_after_it(app, session, browser_of, rows):
    person = make_person(session)
    browser = browser_of(person)
    with app.test_request_context():
        seeds = set()
        for _ in range(2):
            remember_device("the same device")
            seeds.add(cookie_now[SEED])
    assert len(seeds) == 2
    old = browser.token()
    with browser.session_transaction() as cookie:
        cookie[SEED] = seeds.pop()
    assert browser.post("/sign-out", data={"csrf_token": old}).status_code == 400
    assert browser.send("/sign-out").status_code == 303


def test_no_route_that_changes_something_works_without_a_token(app, session, browser_of, rows):
    browser = browser_of(make_person(session))
    before, tried = rows(), 0
    for path, method in unsafe_routes(app):
        tried += 1
        answer = browser.open(path, method=method)
        assert answer.status_code == 400, (method, path)
        assert answer.headers["Cache-Control"] == "private, no-store"
    assert tried > 20
    assert rows() == before
    assert browser.get("/me").status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("hx", [False, True])
def test_what_comes_from_another_site_is_refused_even_with_a_token(site, hx, browser, rows):
    data = FIELDS | {"csrf_token": browser.token()}
    headers = {"Sec-Fetch-Site": site} | (HX if hx else {})
    answer = browser.post(ASK, data=data, headers=headers)
    assert answer.status_code == 403
    assert "This came from another site, so nothing was done." in browser.text
    assert rows() == 0


def test_no_route_that_changes_something_listens_to_another_site(app, session, browser_of, rows):
    browser = browser_of(make_person(session))
    before = rows()
    headers = {"Sec-Fetch-Site": "cross-site", "X-CSRFToken": browser.token()}
    for path, method in unsafe_routes(app):
        answer = browser.open(path, method=method, headers=headers)
        assert answer.status_code == 403, (method, path)
        assert "This came from another site" in browser.text
    assert rows() == before


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_what_comes_from_here_is_taken(site, browser, rows):
    data = FIELDS | {"csrf_token": browser.token()}
    assert browser.post(ASK, data=data, headers={"Sec-Fetch-Site": site}).status_code == 303
    assert rows() == 2


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_link_from_another_site_may_lead_here(site, browser):
    assert browser.get(ASK, headers={"Sec-Fetch-Site": site}).status_code == 200


@pytest.mark.parametrize(
    "purpose", ["prefetch", "prefetch;prerender", "prefetch;anonymous-client-ip"]
)
@pytest.mark.parametrize("path", ["/", ASK, "/me", "/mail", "/B/AAAA", "/sign-in/code?code=1"])
def test_a_browser_that_guesses_ahead_gets_an_empty_page(purpose, path, browser):
    answer = browser.get(path, headers={"Sec-Purpose": purpose})
    assert answer.status_code == 204
    assert answer.get_data() == b""
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_guessing_ahead_does_nothing_even_by_post(browser, rows):
    data = FIELDS | {"csrf_token": browser.token()}
    answer = browser.post(ASK, data=data, headers={"Sec-Purpose": "prefetch"})
    assert answer.status_code == 204
    assert rows() == 0


def test_files_may_be_fetched_ahead(browser):
    with browser.get("/static/0/bowline.css", headers={"Sec-Purpose": "prefetch"}) as answer:
        assert answer.status_code == 200
