"""Signing in with a real provider, as itself and as LinkedIn with its quirks."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import time_machine

from people import make_person
from webapp.accounts.access import DEVICE
from webapp.accounts.models import EmailAddress, Identity, Person
from webapp.core import clock
from webapp.ties.models import Link

pytestmark = pytest.mark.service

BOTH = pytest.mark.parametrize("face", ["oidc", "linkedin"])
LABELS = {"oidc": "Kora ID", "linkedin": "LinkedIn"}
WELCOME = "/sign-in/welcome"


def issuer_of(face, faces):
    return {"oidc": faces.own, "linkedin": "https://www.linkedin.com/oauth"}[face]


def is_signed_in(browser):
    return browser.get("/me").status_code == 200


def typed(browser, name):
    return next(one.get("value") for one in browser.page.all("input") if one.get("name") == name)


@BOTH
def test_a_first_sign_in_brings_name_and_verified_address(
    face, both_faces, browser, come_from, session
):
    come_from(browser, face, "amina")
    assert typed(browser, "name") == "Amina Diallo"
    assert "E-mail: amina@example.org" in browser.text
    answer = browser.submit(WELCOME, linkedin_url="http://de.linkedin.com/in/amina-d/?trk=mail")
    assert answer.status_code == 303
    assert is_signed_in(browser)
    person = session.query(Person).one()
    assert person.name == "Amina Diallo"
    identity = session.query(Identity).one()
    assert (identity.issuer, identity.subject) == (issuer_of(face, both_faces), "amina")
    assert identity.person_id == person.id
    address = session.query(EmailAddress).one()
    assert (address.address, address.person_id) == ("amina@example.org", person.id)
    assert address.code_proven_at is None
    assert session.query(Link).one().url == "https://www.linkedin.com/in/amina-d"


@BOTH
def test_what_was_typed_counts_not_what_the_provider_told(
    face, both_faces, browser, come_from, session
):
    come_from(browser, face, "amina")
    browser.submit(WELCOME, name="Amy D.")
    assert session.query(Person).one().name == "Amy D."


@pytest.mark.parametrize(
    "profile",
    [
        "https://example.org/in/amina",
        "linkedin.com/company/kora",
        "https://linkedin.com.example.org/in/amina",
        "https://linkedin.com@example.org/in/amina",
        "linkedin.com:x/in/amina",
        "linkedin.com:99999/in/amina",
        "https://[",
        "javascript:alert(1)//linkedin.com/in/amina",
        "just words",
    ],
)
def test_a_bad_profile_is_422_and_what_was_typed_stays(
    profile, both_faces, browser, come_from, counts
):
    come_from(browser, "linkedin", "amina")
    before = counts()
    answer = browser.submit(WELCOME, name="Amy Typed", linkedin_url=profile)
    assert answer.status_code == 422
    assert "A profile looks like linkedin.com/in/your-name" in browser.text
    assert typed(browser, "name") == "Amy Typed"
    assert typed(browser, "linkedin_url") == profile
    assert counts() == before
    assert browser.submit(WELCOME, linkedin_url="linkedin.com/in/amina").status_code == 303
    assert is_signed_in(browser)


def test_a_name_is_needed(both_faces, browser, come_from, counts):
    come_from(browser, "oidc", "amina")
    before = counts()
    assert browser.submit(WELCOME, name=" ").status_code == 422
    assert "Please tell us your name." in browser.text
    assert counts() == before


@BOTH
def test_signing_in_again_is_the_same_person(face, both_faces, app, come_from, session):
    for _ in range(2):
        browser = app.test_client()
        come_from(browser, face, "ben")
        browser.submit(WELCOME)
        assert is_signed_in(browser)
    assert session.query(Person).count() == 1
    assert session.query(Identity).count() == 1


@BOTH
def test_the_same_address_from_another_subject_does_not_open_the_account(
    face, both_faces, app, come_from, session
):
    owner, impostor = app.test_client(), app.test_client()
    come_from(owner, face, "amina")
    owner.submit(WELCOME)
    come_from(impostor, face, "impostor")
    answer = impostor.submit(WELCOME)
    assert answer.location == "/sign-in"
    impostor.get("/sign-in")
    assert (
        "amina@example.org already has an account. Sign in with a code sent there, "
        f"then connect {LABELS[face]} under Me." in impostor.text
    )
    assert not is_signed_in(impostor)
    assert session.query(Person).count() == 1
    assert {row.subject for row in session.query(Identity)} == {"amina"}


def test_the_same_subject_at_another_issuer_is_somebody_else(both_faces, app, come_from, session):
    for face in ("oidc", "linkedin"):
        browser = app.test_client()
        come_from(browser, face, "uma")
        browser.submit(WELCOME)
        assert is_signed_in(browser)
    assert session.query(Person).count() == 2


@BOTH
def test_an_address_with_an_account_is_refused_with_the_words(
    face, both_faces, browser, come_from, session
):
    make_person(session, name="Amina", address="amina@example.org")
    come_from(browser, face, "amina")
    assert browser.submit(WELCOME).location == "/sign-in"
    browser.get("/sign-in")
    assert "amina@example.org already has an account" in browser.text
    assert not is_signed_in(browser)
    assert session.query(Identity).count() == 0
    assert session.query(Person).count() == 1


@BOTH
def test_connecting_while_signed_in(face, both_faces, browser_of, come_from, session):
    person = make_person(session, name="Amina", address="amina@example.org")
    browser = browser_of(person)
    browser.get("/me")
    assert f"Connect {LABELS[face]}" in browser.text
    come_from(browser, face, "amina")
    assert f"Connect {LABELS[face]}" in browser.text
    assert browser.submit(WELCOME, linkedin_url="linkedin.com/in/amina").location == "/me"
    assert session.query(Identity).one().person_id == person.id
    assert session.query(Link).one().person_id == person.id
    session.refresh(person)
    assert person.name == "Amina"

    elsewhere = browser.application.test_client()
    come_from(elsewhere, face, "amina")
    elsewhere.submit(WELCOME)
    elsewhere.get("/me")
    assert "amina@example.org" in elsewhere.text
    assert session.query(Person).count() == 1


def test_a_sign_in_that_is_anothers_cannot_be_connected(
    both_faces, app, browser_of, come_from, session
):
    first = app.test_client()
    come_from(first, "oidc", "ben")
    first.submit(WELCOME)
    second = browser_of(make_person(session, name="Amina", address="amina@example.org"))
    come_from(second, "oidc", "ben")
    second.submit(WELCOME)
    second.get("/me")
    assert "This sign-in already belongs to another account." in second.text
    ben = session.query(Person).filter_by(name="Ben Ng").one()
    assert session.query(Identity).one().person_id == ben.id


@BOTH
def test_connecting_does_not_take_an_address_from_its_account(
    face, both_faces, browser_of, come_from, session
):
    owner = make_person(session, name="Amina", address="amina@example.org")
    other = make_person(session, name="Other", address="other@example.org")
    browser = browser_of(other)
    come_from(browser, face, "amina")
    browser.submit(WELCOME)
    assert session.get_one(EmailAddress, "amina@example.org").person_id == owner.id


@BOTH
def test_no_get_writes_anything(face, both_faces, browser, come_from, counts):
    before = counts()
    come_from(browser, face, "amina")
    browser.get(WELCOME)
    assert counts() == before
    browser.submit(WELCOME)
    after = counts()
    changed = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert changed == {"person": 1, "email_address": 1, "identity": 1, "device": 1}


@BOTH
def test_an_unverified_address_is_not_taken(face, both_faces, browser, come_from, session):
    come_from(browser, face, "uma")
    assert typed(browser, "name") == "Uma Unverified"
    assert "uma@example.org" not in browser.text
    browser.submit(WELCOME)
    assert is_signed_in(browser)
    assert session.query(EmailAddress).count() == 0


def test_an_unverified_address_does_not_bar_its_reader(both_faces, app, come_from, session):
    make_person(session, name="The real Uma", address="uma@example.org")
    browser = app.test_client()
    come_from(browser, "oidc", "uma")
    assert browser.submit(WELCOME).status_code == 303
    assert session.get_one(EmailAddress, "uma@example.org").code_proven_at is not None
    browser.get("/me")
    assert "uma@example.org" not in browser.text


@BOTH
def test_the_sign_in_goes_on_where_it_was_asked_for(face, both_faces, browser, come_from):
    come_from(browser, face, "amina", next="/events?x=1")
    assert browser.submit(WELCOME).location == "/events?x=1"


def test_the_sign_in_goes_nowhere_else(both_faces, browser, come_from):
    come_from(browser, "oidc", "amina", next="https://example.com/")
    assert browser.submit(WELCOME).location == "/"


@BOTH
def test_coming_back_twice_works_once(face, both_faces, browser, come_from):
    come_from(browser, face, "amina")
    away = browser.get(f"/sign-in/with/{face}")
    query = parse_qs(urlsplit(away.location).query)
    answer = browser.get(
        f"/sign-in/with/{face}/back", query_string={"code": "spent", "state": query["state"][0]}
    )
    assert answer.location == "/sign-in"
    again = browser.get(
        f"/sign-in/with/{face}/back", query_string={"code": "spent", "state": query["state"][0]}
    )
    assert again.location == "/sign-in"
    browser.get("/sign-in")
    assert f"{LABELS[face]} did not sign you in." in browser.text


def test_one_providers_departure_is_not_anothers_return(both_faces, browser, counts):
    before = counts()
    away = browser.get("/sign-in/with/linkedin")
    state = parse_qs(urlsplit(away.location).query)["state"][0]
    answer = browser.get("/sign-in/with/oidc/back", query_string={"code": "x", "state": state})
    assert answer.location == "/sign-in"
    assert browser.get(WELCOME).location == "/sign-in"
    assert counts() == before


def test_another_browser_cannot_come_back_for_this_one(both_faces, app):
    mine, theirs = app.test_client(), app.test_client()
    away = mine.get("/sign-in/with/oidc")
    state = parse_qs(urlsplit(away.location).query)["state"][0]
    answer = theirs.get("/sign-in/with/oidc/back", query_string={"code": "x", "state": state})
    assert answer.location == "/sign-in"
    assert theirs.get(WELCOME).location == "/sign-in"


@BOTH
def test_saying_no_at_the_provider_is_answered_plainly(face, both_faces, browser, counts):
    before = counts()
    browser.get(f"/sign-in/with/{face}")
    refused = {"error": "access_denied", "error_description": "<b>no</b>\nForged: line"}
    answer = browser.get(f"/sign-in/with/{face}/back", query_string=refused)
    assert answer.location == "/sign-in"
    browser.get("/sign-in")
    assert f"{LABELS[face]} did not sign you in. Please try again." in browser.text
    assert "Forged" not in browser.text
    assert counts() == before


def test_leaving_many_times_does_not_overfill_the_cookie(both_faces, browser, come_from):
    sizes = [len(browser.get("/sign-in/with/oidc").headers["Set-Cookie"]) for _ in range(12)]
    assert max(sizes) < sizes[0] + 50
    come_from(browser, "oidc", "amina")
    browser.submit(WELCOME)
    assert is_signed_in(browser)


def test_what_was_vouched_for_is_forgotten_after_ten_minutes(
    both_faces, browser, come_from, counts
):
    come_from(browser, "oidc", "amina")
    before = counts()
    with time_machine.travel(clock.now() + timedelta(minutes=9)):
        assert browser.get(WELCOME).status_code == 200
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        assert browser.get(WELCOME).location == "/sign-in"
        assert browser.send(WELCOME, name="Amina").location == "/sign-in"
    assert counts() == before


def test_signing_in_leaves_nothing_of_the_trip_in_the_cookie(both_faces, browser, come_from):
    come_from(browser, "oidc", "amina")
    browser.submit(WELCOME)
    with browser.session_transaction() as cookie:
        assert set(cookie) == {DEVICE, "seen", "_permanent", "csrf_token"}


def test_the_welcome_needs_a_provider_first(both_faces, browser, counts):
    before = counts()
    assert browser.get(WELCOME).location == "/sign-in"
    assert browser.send(WELCOME, name="Amina").location == "/sign-in"
    assert counts() == before


@pytest.mark.parametrize("path", ["/sign-in/with/nobody", "/sign-in/with/nobody/back"])
def test_an_unknown_provider_is_not_there(path, both_faces, browser):
    assert browser.get(path).status_code == 404


def test_only_configured_providers_are_offered(use_providers, browser):
    use_providers()
    browser.get("/sign-in")
    assert "Continue with" not in browser.text
    assert browser.get("/sign-in/with/linkedin").status_code == 404


def test_each_provider_is_asked_in_its_own_way(both_faces, browser):
    own, linkedin = (
        parse_qs(urlsplit(browser.get(f"/sign-in/with/{face}").location).query)
        for face in ("oidc", "linkedin")
    )
    assert own["code_challenge_method"] == ["S256"]
    assert len(own["code_challenge"][0]) == 43
    assert own["nonce"][0]
    assert not {"nonce", "code_challenge", "code_challenge_method"} & set(linkedin)
    for face, query in (("oidc", own), ("linkedin", linkedin)):
        assert query["redirect_uri"] == [f"http://localhost/sign-in/with/{face}/back"]
        assert query["scope"] == ["openid profile email"]
        assert query["response_type"] == ["code"]


def test_the_real_provider_has_each_faces_demands(faces):
    form = {"grant_type": "authorization_code", "code": "x", "redirect_uri": "http://localhost/"}
    secret = {"client_id": "bowline", "client_secret": "a secret only the two of us know"}
    verifier = {"code_verifier": "v" * 43}

    def ask(url, **how):
        answer = http.post(f"{url}/token", **how)
        return answer.status_code, answer.json()["error"]

    with requests.Session() as http:
        taken, refused = (400, "invalid_grant"), (401, "invalid_client")
        assert ask(faces.linkedin, data=form | secret) == taken
        assert ask(faces.linkedin, data=form | secret | verifier) == refused
        assert ask(faces.linkedin, data=form, auth=tuple(secret.values())) == refused
        assert ask(faces.own, data=form | verifier, auth=tuple(secret.values())) == taken
        assert ask(faces.own, data=form | secret | verifier) == refused
        bare = {"client_id": "bowline", "response_type": "code", "scope": "openid"}
        bare["redirect_uri"] = "http://localhost/sign-in/with/oidc/back"
        answer = http.get(f"{faces.own}/auth", params=bare, allow_redirects=False)
        assert "PKCE" in answer.headers["Location"]
