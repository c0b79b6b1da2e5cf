"""Every answer carries the security headers, errors included."""

from dataclasses import replace

import pytest
from flask import abort

from conftest import make_config
from pages import HX, Browser
from people import make_person
from webapp.core.assets import assets_of
from webapp.core.config import Mode
from webapp.factory import create_app
from webapp.security.access import anyone, requires

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PRIVATE = "private, no-store"
FOREVER = "public, max-age=31536000, immutable"


def policy_of(answer):
    parts = answer.headers["Content-Security-Policy"].split("; ")
    return dict(part.split(" ", 1) for part in parts)


def assert_guarded(answer):
    assert {name: answer.headers.get(name) for name in FIXED} == FIXED
    assert len(answer.headers.getlist("Content-Security-Policy")) == 1
    assert {name: policy_of(answer).get(name) for name in POLICY} == POLICY


def closed(answer):
    """Let go of the file an answer is read from."""
    answer.close()
    return answer


def stylesheet(browser):
    return f"/static/{assets_of(browser.application).build}/bowline.css"


ANSWERS = {
    "page": lambda browser: browser.get("/"),
    "form": lambda browser: browser.get("/sign-in"),
    "head": lambda browser: browser.head("/sign-in"),
    "options": lambda browser: browser.options("/sign-in"),
    "redirect": lambda browser: browser.get("/me"),
    "action": lambda browser: browser.send("/sign-in", address="amina@example.org"),
    "not there": lambda browser: browser.get("/nowhere"),
    "not there, inside a page": lambda browser: browser.get("/nowhere", headers=HX),
    "wrong method": lambda browser: browser.get("/sign-out"),
    "unknown method": lambda browser: browser.open("/sign-in", method="BREW"),
    "no token": lambda browser: browser.post("/sign-in"),
    "from elsewhere": lambda browser: browser.post(
        "/sign-in", headers={"Sec-Fetch-Site": "cross-site"}
    ),
    "prefetch": lambda browser: browser.get("/sign-in", headers={"Sec-Purpose": "prefetch"}),
    "bad form": lambda browser: browser.send("/sign-in", address="nobody"),
    "signed out, inside a page": lambda browser: browser.get("/me", headers=HX),
    "path with blanks": lambda browser: browser.get("//nowhere//x"),
    "file": lambda browser: closed(browser.get(stylesheet(browser))),
    "no file": lambda browser: browser.get("/static/0/none.css"),
    "file outside": lambda browser: browser.get("/static/0/../../app.py"),
    "folder": lambda browser: browser.get("/static/0/vendor/"),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_answer_is_guarded(kind, browser):
    answer = ANSWERS[kind](browser)
    assert_guarded(answer)
    caching = {"file": FOREVER, "prefetch": "no-store"}.get(kind, PRIVATE)
    assert answer.headers["Cache-Control"] == caching


def test_too_fast_an_answer_is_guarded_too(browser):
    for _ in range(6):
        answer = browser.send("/sign-in", address="amina@example.org")
    assert answer.status_code == 429
    assert_guarded(answer)


def test_pages_of_a_person_are_never_stored(browser_of, session):
    browser = browser_of(make_person(session))
    for path in ("/me", "/me/devices", "/people", "/events"):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert_guarded(answer)
        assert answer.headers["Cache-Control"] == PRIVATE


@pytest.mark.parametrize("status", [200, 304])
def test_a_file_is_kept_for_good_only_if_it_is_there(status, browser):
    headers = {}
    if status == 304:
        headers = {"If-None-Match": closed(browser.get(stylesheet(browser))).headers["ETag"]}
    answer = closed(browser.get(stylesheet(browser), headers=headers))
    assert answer.status_code == status
    assert answer.headers["Cache-Control"] == FOREVER
    assert_guarded(answer)


def test_a_file_sets_no_cookie(browser):
    browser.get("/sign-in")
    assert "Set-Cookie" not in closed(browser.get(stylesheet(browser))).headers


@pytest.mark.parametrize("path", ["/", "/sign-in", "/nowhere"])
def test_each_file_of_a_page_is_named_with_its_version(path, browser):
    browser.get(path)
    root = browser.page.root
    sources = [one.get("src") for one in root.iter("script")]
    sources += [one.get("href") for one in root.iter("link")]
    assert sources
    build = assets_of(browser.application).build
    files = [source for source in sources if source != "/manifest.webmanifest"]
    assert all(source.startswith(f"/static/{build}/") for source in files)


@pytest.fixture
def build(tmp_path):
    """Build the app with other settings, and a route that breaks."""

    def build_app(**changes):
        config = make_config(tmp_path, f"sqlite:///{tmp_path / 'own.sqlite'}")
        app = create_app(replace(config, **changes))
        app.test_client_class = Browser

        @app.get("/broken/<int:status>")
        @requires(anyone)
        def broken(status):
            abort(status) if status else 1 / 0

        return app

    return build_app


@pytest.mark.parametrize("status", [0, 400, 401, 403, 404, 409, 413, 418, 422, 429, 500, 502, 503])
def test_every_error_is_guarded(status, build):
    app = build()
    with app.app_context():
        answer = app.test_client().get(f"/broken/{status}")
    assert answer.status_code == (status or 500)
    assert_guarded(answer)
    assert answer.headers["Cache-Control"] == PRIVATE


def get(app, path="/sign-in"):
    origin = app.extensions["bowline"].origin
    with app.app_context():
        return closed(app.test_client().get(path, base_url=origin))


@pytest.mark.parametrize("path", ["/sign-in", "/nowhere", "/static/0/bowline.css"])
def test_https_is_kept_to_where_there_is_https(path, build):
    plain = get(build(), path)
    safe = get(build(origin="https://meet.example.org"), path)
    assert "Strict-Transport-Security" not in plain.headers
    assert safe.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_only_the_demo_may_frame_and_only_itself(build):
    demo = policy_of(get(build(mode=Mode.DEMO), "/demo/static/none"))
    assert demo["frame-ancestors"] == demo["frame-src"] == "'self'"
    for mode in (Mode.LOCAL, Mode.PRODUCTION):
        other = policy_of(get(build(mode=mode)))
        assert other["frame-ancestors"] == "'none'"
        assert "frame-src" not in other


def test_no_policy_allows_what_is_inline_or_elsewhere(build):
    for mode in Mode:
        text = get(build(mode=mode), "/nowhere").headers["Content-Security-Policy"]
        assert "unsafe" not in text
        assert "*" not in text
        assert "http" not in text


def test_one_worker_alone_may_compile_webassembly(browser):
    assets = assets_of(browser.application)
    policies = {
        name: policy_of(closed(browser.get(f"/static/{assets.build}/{name}")))["script-src"]
        for name in assets.files
    }
    assert policies.pop("js/scan/zxing-worker.js") == "'self' 'wasm-unsafe-eval'"
    assert set(policies.values()) == {"'self'"}


def test_the_cookie_is_for_this_site_and_no_script(build):
    plain = get(build()).headers["Set-Cookie"]
    assert plain.startswith("bowline=")
    assert "HttpOnly" in plain
    assert "SameSite=Lax" in plain
    assert "Domain=" not in plain
    safe = get(build(origin="https://meet.example.org")).headers["Set-Cookie"]
    assert safe.startswith("__Host-bowline=")
    assert "Secure" in safe
    assert "Path=/" in safe
    assert "HttpOnly" in safe
    assert "Domain=" not in safe
