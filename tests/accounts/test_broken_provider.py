"""A provider that errs: each time the sign-in page says so plainly, and nobody gets an account."""

import hashlib
import hmac
import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from webapp.accounts import oidc
from webapp.core.config import WELL_KNOWN, OidcProvider

SECRET = "a secret only the two of us know"
SUBJECT = "amina"


@cache
def make_key(owner: str, kid: str) -> RSAKey:
    """Make somebody's key; once for all tests, it takes a while."""
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})


class Fake:
    """What the provider answers; a test bends one thing of it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.key = make_key("own", "one")
        self.nonce = ""
        self.answers: dict[str, tuple[int, Any]] = {}
        self.delays: dict[str, float] = {}
        self.claims: dict[str, Any] = {}
        self.document: dict[str, Any] = {}
        self.token: dict[str, Any] = {}
        self.sign: Callable[[dict[str, Any]], str] = self.signed

    def signed(self, claims: dict[str, Any], key: Any = None, kid: str = "one") -> str:
        return jwt.encode({"alg": "RS256", "kid": kid}, claims, key or self.key)

    def answer(self, path: str) -> tuple[int, Any]:
        time.sleep(self.delays.get(path, 0))
        usual = {
            WELL_KNOWN: self._document,
            "/jwks": lambda: {"keys": [self.key.as_dict(private=False)]},
            "/token": self._token,
            "/me": self._claims,
        }
        return self.answers.get(path) or (200, usual[path]())

    def _document(self) -> dict[str, Any]:
        names = {"authorization_endpoint": "auth", "token_endpoint": "token", "jwks_uri": "jwks"}
        usual = {name: f"{self.url}/{path}" for name, path in names.items()}
        return {"issuer": self.url} | usual | self.document

    def _token(self) -> dict[str, Any]:
        usual = {"access_token": "at", "token_type": "Bearer", "id_token": self._id_token()}
        return {name: value for name, value in (usual | self.token).items() if value is not None}

    def _id_token(self) -> str:
        return self.sign(self._claims())

    def _claims(self) -> dict[str, Any]:
        now = int(time.time())
        usual = {"iss": self.url, "aud": "bowline", "iat": now, "exp": now + 300}
        usual |= {"sub": SUBJECT, "nonce": self.nonce, "name": "Amina Diallo"}
        usual |= {"email": "amina@example.org", "email_verified": True}
        return {name: value for name, value in (usual | self.claims).items() if value is not None}


class Handler(BaseHTTPRequestHandler):
    fake: Fake

    def do_GET(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, content = self.fake.answer(urlsplit(self.path).path)
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def server() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def fake(server, use_providers, monkeypatch) -> Fake:
    monkeypatch.setattr(oidc, "TIMEOUT_SECONDS", 0.4)
    Handler.fake = Fake(f"http://127.0.0.1:{server.server_port}")
    use_providers(oidc=Handler.fake.url)
    return Handler.fake


def go_and_return(browser, fake, **query):
    """Leave for the provider and come back with a code, as if its pages were filled in."""
    away = browser.get("/sign-in/with/oidc")
    if away.location == "/sign-in":
        return away
    asked = parse_qs(urlsplit(away.location).query)
    fake.nonce = asked["nonce"][0] if fake.nonce == "" else fake.nonce
    back = {"code": "any", "state": asked["state"][0]} | query
    return browser.get("/sign-in/with/oidc/back", query_string=back)


def assert_plainly_refused(browser, answer, words):
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    page = browser.get("/sign-in")
    assert page.status_code == 200
    assert words in browser.text
    assert browser.get("/sign-in/welcome").location == "/sign-in"
    assert browser.get("/me").status_code == 303


def b64(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def without_signature(claims):
    return f"{b64({'alg': 'none'})}.{b64(claims)}."


def signed_with(secret: bytes):
    def sign(claims):
        text = f"{b64({'alg': 'HS256', 'kid': 'one'})}.{b64(claims)}"
        return f"{text}.{b64(hmac.digest(secret, text.encode(), hashlib.sha256))}"

    return sign


def with_another_key(fake):
    other = make_key("another", "one")
    fake.sign = lambda claims: fake.signed(claims, other)


def with_an_unknown_key(fake):
    other = make_key("another", "two")
    fake.sign = lambda claims: fake.signed(claims, other, "two")


def with_changed_claims(fake):
    def sign(claims):
        head, _, signature = fake.signed(claims).split(".")
        return f"{head}.{b64(claims | {'sub': 'ben'})}.{signature}"

    fake.sign = sign


def unsigned(fake):
    fake.sign = without_signature


def unsigned_and_said_so(fake):
    fake.sign = without_signature
    fake.document["id_token_signing_alg_values_supported"] = ["none", "RS256"]


def signed_with_the_client_secret(fake):
    fake.sign = signed_with(SECRET.encode())
    fake.document["id_token_signing_alg_values_supported"] = ["HS256"]


def signed_with_the_public_key(fake):
    fake.sign = signed_with(fake.key.as_pem(private=False))
    fake.document["id_token_signing_alg_values_supported"] = ["HS256", "RS256"]


def claiming(**claims: Any):
    def bend(fake):
        fake.claims |= claims

    return bend


def answering(path: str, status: int, content: Any):
    def bend(fake):
        fake.answers[path] = (status, content)

    return bend


def token(**parts: Any):
    def bend(fake):
        fake.token |= parts

    return bend


def nonce(value: str):
    def bend(fake):
        fake.nonce = value

    return bend


def no_id_token_but_user_info_beside_it(fake):
    fake.token |= {"id_token": None, "userinfo": {"iss": fake.url, "sub": SUBJECT}}


def user_info_about_somebody_else(fake):
    fake.document["userinfo_endpoint"] = f"{fake.url}/me"
    fake.claims["email"] = None
    fake.answers["/me"] = (200, {"sub": "ben", "email": "x@example.org", "email_verified": True})


def slow_token(fake):
    fake.delays["/token"] = 1


def slow_keys(fake):
    fake.delays["/jwks"] = 1


HOUR_AGO = int(time.time()) - 3600
BROKEN_RETURNS = {
    "wrong signature": with_another_key,
    "unknown key": with_an_unknown_key,
    "changed claims": with_changed_claims,
    "wrong issuer": claiming(iss="https://evil.example"),
    "LinkedIn's issuer": claiming(iss="https://www.linkedin.com/oauth"),
    "no issuer": claiming(iss=None),
    "wrong audience": claiming(aud="somebody-else"),
    "wrong audience though asked for by us": claiming(aud="somebody-else", azp="bowline"),
    "no audience": claiming(aud=None),
    "asked for by another": claiming(aud=["bowline", "other"], azp="other"),
    "expired": claiming(exp=HOUR_AGO),
    "never expires": claiming(exp=None),
    "not yet": claiming(nbf=HOUR_AGO + 7200),
    "wrong nonce": nonce("another nonce"),
    "missing nonce": claiming(nonce=None),
    "nonce of another kind": claiming(nonce=["x"]),
    "alg none": unsigned,
    "alg none, announced": unsigned_and_said_so,
    "signed with the client secret": signed_with_the_client_secret,
    "signed with the public key": signed_with_the_public_key,
    "missing sub": claiming(sub=None),
    "empty sub": claiming(sub=""),
    "sub that is a number": claiming(sub=7),
    "sub with a NUL": claiming(sub="am\0ina"),
    "sub without end": claiming(sub="a" * 3000),
    "access token's hash is wrong": claiming(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "no id token": token(id_token=None),
    "no id token but user info beside it": no_id_token_but_user_info_beside_it,
    "id token is no token": token(id_token="a.b"),
    "id token is a number": token(id_token=7),
    "user info about somebody else": user_info_about_somebody_else,
    "token error": answering("/token", 400, {"error": "invalid_grant"}),
    "token 401": answering("/token", 401, {"error": "invalid_client"}),
    "token 500": answering("/token", 500, {"oh": "no"}),
    "token is a page": answering("/token", 200, b"<html>Sorry</html>"),
    "token is a list": answering("/token", 200, [1, 2]),
    "token is null": answering("/token", 200, None),
    "token expires when?": token(expires_in="soon"),
    "token slow": slow_token,
    "keys 500": answering("/jwks", 500, {}),
    "keys are a page": answering("/jwks", 200, b"<html>Sorry</html>"),
    "keys are a list": answering("/jwks", 200, ["x"]),
    "no keys": answering("/jwks", 200, {"keys": []}),
    "keys slow": slow_keys,
}


@pytest.mark.parametrize("way", BROKEN_RETURNS)
def test_a_broken_return_is_refused_plainly(way, fake, browser, counts):
    before = counts()
    BROKEN_RETURNS[way](fake)
    started = time.monotonic()
    answer = go_and_return(browser, fake)
    assert time.monotonic() - started < 5
    assert_plainly_refused(browser, answer, "Kora ID did not sign you in. Please try again.")
    assert counts() == before


def test_without_a_fault_the_same_provider_signs_people_in(fake, browser, session):
    answer = go_and_return(browser, fake)
    assert answer.location == "/sign-in/welcome"
    browser.get(answer.location)
    assert "E-mail: amina@example.org" in browser.text


@pytest.mark.parametrize(
    "query",
    [
        {"state": "another"},
        {"state": ""},
        {"error": "server_error"},
        {"error": "access_denied", "error_description": "no"},
        {"code": ""},
    ],
    ids=str,
)
def test_a_return_that_was_not_asked_for_is_refused(query, fake, browser, counts):
    fake.answers["/token"] = (400, {"error": "invalid_grant"}) if query == {"code": ""} else None
    before = counts()
    answer = go_and_return(browser, fake, **query)
    assert_plainly_refused(browser, answer, "Kora ID did not sign you in. Please try again.")
    assert counts() == before


@pytest.mark.parametrize("path", ["", "?code=x", "?state=x", "?code=x&state=x&state=y"])
def test_a_return_without_a_departure_is_refused(path, fake, browser, counts):
    before = counts()
    answer = browser.get(f"/sign-in/with/oidc/back{path}")
    assert_plainly_refused(browser, answer, "Kora ID did not sign you in. Please try again.")
    assert counts() == before


BROKEN_DISCOVERIES: dict[str, Any] = {
    "text": b"hello",
    "page": b"<html>Sign in to the Wi-Fi</html>",
    "list": [1],
    "null": None,
    "number": 7,
    "empty": {},
    "another issuer": {"issuer": "https://evil.example"},
    "LinkedIn as issuer": {"issuer": "https://www.linkedin.com/oauth"},
    "issuer is a list": {"issuer": ["x"]},
    "no token endpoint": {"token_endpoint": None},
    "no keys": {"jwks_uri": None},
    "endpoint is a number": {"authorization_endpoint": 7},
    "endpoint is a script": {"authorization_endpoint": "javascript:alert(1)"},
    "endpoint has no scheme": {"token_endpoint": "//127.0.0.1/token"},
}


@pytest.mark.parametrize("kind", BROKEN_DISCOVERIES)
def test_garbage_for_discovery_is_refused_plainly_and_not_kept(kind, fake, browser, counts):
    before, content = counts(), BROKEN_DISCOVERIES[kind]
    if isinstance(content, dict) and content:
        fake.document |= content
    else:
        fake.answers[WELL_KNOWN] = (200, content)
    answer = go_and_return(browser, fake)
    assert_plainly_refused(browser, answer, "Kora ID cannot be reached just now.")
    assert counts() == before
    fake.document.clear()
    fake.answers.clear()
    assert go_and_return(browser, fake).location == "/sign-in/welcome"


@pytest.mark.parametrize(("status", "delay"), [(500, 0), (404, 0), (200, 3)])
def test_discovery_that_fails_or_is_slow_is_refused_plainly(status, delay, fake, browser, counts):
    before = counts()
    fake.answers[WELL_KNOWN] = (status, {})
    fake.delays[WELL_KNOWN] = delay
    started = time.monotonic()
    answer = go_and_return(browser, fake)
    assert time.monotonic() - started < 2.9
    assert_plainly_refused(browser, answer, "Kora ID cannot be reached just now.")
    assert counts() == before


def test_nobody_there_is_answered_plainly(fake, use_providers, browser, counts):
    use_providers(oidc="http://127.0.0.1:9")
    before = counts()
    answer = browser.get("/sign-in/with/oidc")
    assert_plainly_refused(browser, answer, "Kora ID cannot be reached just now.")
    assert counts() == before


def test_a_provider_gone_in_the_middle_is_answered_plainly(fake, browser, counts, monkeypatch):
    fake.document["token_endpoint"] = "http://127.0.0.1:9/token"
    before = counts()
    answer = go_and_return(browser, fake)
    assert_plainly_refused(browser, answer, "Kora ID did not sign you in. Please try again.")
    assert counts() == before


def test_a_key_changed_meanwhile_is_fetched_again(fake, browser):
    assert go_and_return(browser, fake).location == "/sign-in/welcome"
    fake.key = make_key("own", "two")
    fake.sign = lambda claims: fake.signed(claims, kid="two")
    fake.nonce = ""
    assert go_and_return(browser, fake).location == "/sign-in/welcome"


@pytest.mark.parametrize("verified", [False, None, "false", "True", 1, 0, {}, ["true"]], ids=str)
def test_an_address_counts_only_if_it_is_verified_in_so_many_words(verified, fake, browser):
    fake.claims["email_verified"] = verified
    assert go_and_return(browser, fake).location == "/sign-in/welcome"
    browser.get("/sign-in/welcome")
    assert "amina@example.org" not in browser.text


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"name": None}, ""),
        ({"name": {"first": "A"}}, ""),
        ({"name": "A\0m\u202ei\nna"}, "Ami na"),
        ({"name": "x" * 50_000}, "x" * 120),
        ({"email": 7}, "Amina Diallo"),
        ({"email": "a@b.example\r\nBcc: all@example.org"}, "Amina Diallo"),
    ],
    ids=range(6),
)
def test_odd_names_and_addresses_do_no_harm(claims, name, fake, browser):
    fake.claims |= claims
    assert go_and_return(browser, fake).location == "/sign-in/welcome"
    browser.get("/sign-in/welcome")
    found = {one.get("name"): one.get("value") for one in browser.page.all("input")}
    assert found["name"] == name
    assert ("E-mail:" in browser.text) == ("email" not in claims)


def test_a_thin_id_token_is_filled_up_from_the_user_info(fake, browser):
    fake.document["userinfo_endpoint"] = f"{fake.url}/me"
    fake.claims |= {"name": None, "email": None, "email_verified": None}
    told = {"name": "Amina Diallo", "email": "amina@example.org", "email_verified": True}
    fake.answers["/me"] = (200, {"sub": SUBJECT, "iss": "https://evil.example"} | told)
    assert go_and_return(browser, fake).location == "/sign-in/welcome"
    browser.get("/sign-in/welcome")
    assert "E-mail: amina@example.org" in browser.text


def test_the_secret_goes_to_nobody_but_https_where_discovery_was_https():
    provider = OidcProvider(
        name="oidc",
        label="Kora ID",
        discovery_url=f"https://id.example.org{WELL_KNOWN}",
        client_id="bowline",
        client_secret=SECRET,
    )
    document = {
        "issuer": "https://id.example.org",
        "authorization_endpoint": "https://id.example.org/auth",
        "token_endpoint": "https://id.example.org/token",
        "jwks_uri": "https://id.example.org/jwks",
        "verify": False,
        "client_id": "other",
    }
    assert set(oidc.discovered(document, provider)) == {
        "issuer",
        "authorization_endpoint",
        "token_endpoint",
        "jwks_uri",
        "id_token_signing_alg_values_supported",
    }
    with pytest.raises(ValueError, match="not https"):
        oidc.discovered(document | {"token_endpoint": "http://id.example.org/token"}, provider)
