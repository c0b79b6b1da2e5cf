"""Passkeys: made for one's own account, and signing nobody else in, nor twice."""

from dataclasses import replace
from datetime import timedelta

import pytest
from accounts.soft_keys import PRESENT, SoftKey, add_key, sign_in_with

from people import make_person, sign_in
from webapp.accounts.keys.models import Challenge, Passkey
from webapp.accounts.keys.rules import handle_of
from webapp.accounts.models import Device, Proof
from webapp.accounts.services import Vouched, sign_in_vouched
from webapp.core import clock
from webapp.mail.models import Mail

BEGIN, SIGN_IN = "/sign-in/passkey/begin", "/sign-in/passkey"


@pytest.fixture
def amina(evening, session):
    return make_person(session, address="amina@example.org")


@pytest.fixture
def hers(browser_of, amina):
    """Her browser, signed in just now, by a code."""
    return browser_of(amina, proof=Proof.CODE)


@pytest.fixture
def key(hers):
    """A passkey of hers."""
    made = SoftKey()
    assert add_key(hers, made).status_code == 303
    return made


def is_signed_in(browser):
    return browser.get("/me").status_code == 200


def test_a_passkey_is_made_for_whoever_has_just_signed_in(hers, amina, session):
    answer = add_key(hers, SoftKey(), name="Blue phone")
    assert answer.location == "/me/keys"
    made = session.query(Passkey).one()
    assert (made.person_id, made.name) == (amina.id, "Blue phone")
    hers.get("/me/keys")
    assert "Blue phone" in hers.text
    assert session.query(Device).one().proof is Proof.PASSKEY


def test_its_owner_is_told_by_mail(hers, key, session):
    (mail,) = session.query(Mail)
    assert mail.recipient == "amina@example.org"
    assert mail.subject == "A passkey was added to your Bowline account"
    assert "http://localhost/me/keys" in mail.text


def test_a_passkey_signs_in_by_itself(browser, key, amina, session):
    answer = sign_in_with(browser, key, next="/people")
    assert answer.location == "/people"
    browser.get("/me")
    assert "amina@example.org" in browser.text
    assert session.query(Passkey).one().used_at == clock.now()
    devices = session.query(Device).filter_by(person_id=amina.id)
    assert {one.proof for one in devices} == {Proof.PASSKEY}


def test_it_goes_nowhere_else_afterwards(browser, key):
    assert sign_in_with(browser, key, next="//example.com").location == "/"


def test_signed_out_any_passkey_is_asked_for_and_signed_in_ones_own(browser, hers, key):
    asked = browser.send(BEGIN).get_json()
    assert asked["allowCredentials"] == []
    assert asked["userVerification"] == "required"
    assert asked["rpId"] == "localhost"
    assert len(hers.send(BEGIN).get_json()["allowCredentials"]) == 1


def test_a_new_one_is_asked_to_be_found_without_a_name_and_by_a_finger(hers, amina):
    asked = hers.send("/me/keys/begin").get_json()
    wanted = asked["authenticatorSelection"]
    assert (wanted["residentKey"], wanted["userVerification"]) == ("required", "required")
    assert asked["user"]["name"] == "amina@example.org"
    assert amina.id not in asked["user"]["id"]


def refused(browser, sent, session):
    """Send an assertion that must sign nobody in."""
    before = session.query(Device).count()
    answer = browser.send(SIGN_IN, credential=sent)
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    browser.get("/sign-in")
    assert "That passkey did not sign you in." in browser.text
    assert not is_signed_in(browser)
    assert session.query(Device).count() == before


def test_what_was_signed_once_signs_nobody_in_again(app, browser, key, session):
    options = browser.send(BEGIN).get_json()
    with browser.session_transaction() as cookie:
        copied = dict(cookie)
    sent = key.signed(options)
    assert browser.send(SIGN_IN, credential=sent).location == "/"
    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie.update(copied)
    refused(thief, sent, session)


def test_a_refused_answer_uses_the_question_up_too(app, browser, key, session):
    options = browser.send(BEGIN).get_json()
    with browser.session_transaction() as cookie:
        copied = dict(cookie)
    refused(browser, key.signed(options, kind="webauthn.create"), session)
    with browser.session_transaction() as cookie:
        cookie["asked"] = copied["asked"]
    refused(browser, key.signed(options), session)
    assert session.query(Challenge).count() == 0


def test_an_old_question_is_not_answered_any_more(browser, key, session, evening):
    options = browser.send(BEGIN).get_json()
    evening.shift(timedelta(minutes=5))
    refused(browser, key.signed(options), session)


def test_a_question_of_another_browser_is_not_answered_here(app, browser, key, session):
    options = app.test_client().send(BEGIN).get_json()
    refused(browser, key.signed(options), session)
    browser.send(BEGIN)
    refused(browser, key.signed(options), session)


def test_old_questions_are_swept(browser, session, evening):
    browser.send(BEGIN)
    evening.shift(timedelta(minutes=6))
    browser.send(BEGIN)
    assert session.query(Challenge).count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://localhost"},
        {"origin": "http://localhost:5000"},
        {"origin": "http://evil.example.org"},
        {"host": "evil.example.org"},
        {"flags": PRESENT},
        {"flags": 0},
        {"handle": b"somebody else"},
        {"handle": b""},
        {"private": SoftKey().private},
        {"id": b"another passkey"},
    ],
    ids=range(10),
)
def test_what_is_not_as_it_must_be_signs_nobody_in(browser, key, session, wrong):
    right = {name: getattr(key, name) for name in wrong}
    vars(key).update(wrong)
    options = browser.send(BEGIN).get_json()
    refused(browser, key.signed(options), session)
    vars(key).update(right)
    assert sign_in_with(browser, key).location == "/"


@pytest.mark.parametrize("wrong", [{"origin": "http://evil.example.org"}, {"flags": PRESENT}])
def test_what_is_not_as_it_must_be_is_not_added(hers, session, wrong):
    answer = add_key(hers, SoftKey(**wrong))
    assert answer.location == "/me/keys/new"
    assert session.query(Passkey).count() == 0


def test_what_was_made_on_another_question_is_not_added(hers, session):
    options = hers.send("/me/keys/begin").get_json()
    sent = SoftKey().made(options)
    hers.send("/me/keys/begin")
    assert hers.send("/me/keys/new", name="Mine", credential=sent).location == "/me/keys/new"
    assert session.query(Passkey).count() == 0


def test_the_host_a_request_names_changes_nothing(browser, key, session):
    token = browser.token()
    cookie = browser.get_cookie("bowline").value
    browser.set_cookie("bowline", cookie, domain="evil.example.org")
    options = browser.post(
        BEGIN, base_url="http://evil.example.org", headers={"X-CSRFToken": token}
    ).get_json()
    assert options["rpId"] == "localhost"


def test_a_copy_whose_count_does_not_grow_signs_nobody_in(browser, key, session):
    key.count = 5
    assert sign_in_with(browser, key).location == "/"
    copy = browser.application.test_client()
    for count in (5, 4, 0):
        key.count = count
        refused(copy, key.signed(copy.send(BEGIN).get_json()), session)
    key.count = 6
    assert sign_in_with(copy, key).location == "/"


def test_somebody_elses_passkey_proves_nothing_for_me(app, browser_of, key, session):
    ben = make_person(session, name="Ben", address="ben@example.org")
    his = browser_of(ben, proof=Proof.CODE)
    add_key(his, SoftKey())
    weak = browser_of(ben, proof=Proof.CODE)
    assert sign_in_with(weak, key, next="/people").location == "/sign-in/prove?next=/people"
    weak.get("/me")
    assert "ben@example.org" in weak.text
    assert Proof.CODE in {one.proof for one in session.query(Device).filter_by(person_id=ben.id)}


def test_a_key_stands_for_one_account(browser_of, key, session):
    ben = browser_of(make_person(session, name="Ben"), proof=Proof.CODE)
    assert add_key(ben, key).status_code == 409
    assert session.query(Passkey).count() == 1


def test_a_proof_on_ones_own_device_is_all_that_changes_there(browser_of, amina, key, session):
    weak = browser_of(amina, proof=Proof.CODE)
    before = session.query(Device).count()
    assert sign_in_with(weak, key, next="/people").location == "/people"
    assert session.query(Device).count() == before


NAMED = '{"id": "KEY", "rawId": "KEY", "type": "public-key", "response": %s}'
WRONG_SHAPES = (
    "",
    "?",
    "[]",
    "{}",
    "null",
    '{"id": 1}',
    '{"id": "a", "rawId": "a", "type": "public-key", "response": {}}',
    NAMED % '{"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"}',
    NAMED % '{"clientDataJSON": "W10", "authenticatorData": "", "signature": "", "userHandle": 1}',
    NAMED % '{"clientDataJSON": "e30", "attestationObject": "oA"}',
    "[" * 100_000,
    '{"id":' * 50_000,
    "\x00",
)


@pytest.mark.parametrize("sent", WRONG_SHAPES, ids=range(len(WRONG_SHAPES)))
def test_nothing_breaks_whatever_is_sent(browser, hers, key, session, sent):
    sent = sent.replace("KEY", session.query(Passkey).one().credential_id)
    browser.send(BEGIN)
    refused(browser, sent, session)
    hers.send("/me/keys/begin")
    answer = hers.send("/me/keys/new", name="Mine", credential=sent)
    assert answer.location == "/me/keys/new"


def test_without_a_question_there_is_no_answer(browser, key, session):
    refused(browser, key.signed({"challenge": ""}), session)


def test_a_passkey_needs_a_name(hers, session):
    options = hers.send("/me/keys/begin").get_json()
    sent = SoftKey().made(options)
    answer = hers.send("/me/keys/new", name=" ", credential=sent, next="/people")
    assert answer.status_code == 422
    assert "Please give it a name." in hers.text
    assert session.query(Passkey).count() == 0


def test_there_are_ten_at_most(hers, session):
    statuses = [add_key(hers, SoftKey()).status_code for _number in range(11)]
    assert statuses == [303] * 10 + [409]


def test_one_removes_ones_own(hers, key, browser, session):
    (one,) = session.query(Passkey)
    path = f"/me/keys/{one.id}/remove"
    hers.get(path)
    assert "It is the last you have." in hers.text
    assert hers.submit(path).location == "/me/keys"
    assert session.query(Passkey).count() == 0
    refused(browser, key.signed(browser.send(BEGIN).get_json()), session)
    subjects = [mail.subject for mail in session.query(Mail)]
    assert "A passkey was removed from your Bowline account" in subjects


def test_nobody_removes_somebody_elses(browser_of, key, session):
    ben = browser_of(make_person(session, name="Ben"))
    (one,) = session.query(Passkey)
    for method in (ben.get, ben.send):
        assert method(f"/me/keys/{one.id}/remove").status_code == 404
    assert session.query(Passkey).count() == 1


def test_without_the_last_one_no_device_counts_as_proven(hers, key, amina, session):
    add_key(hers, SoftKey())
    for one in session.query(Passkey).all():
        before = {one.proof for one in session.query(Device)}
        assert before == {Proof.PASSKEY}
        hers.send(f"/me/keys/{one.id}/remove")
    session.expire_all()
    assert {one.proof for one in session.query(Device)} == {Proof.CODE}


def test_who_leaves_can_take_it_back_by_a_passkey(hers, browser, key):
    assert hers.send("/me/leave").status_code == 303
    assert sign_in_with(browser, key).location == "/me/leaving"


def test_what_a_squatter_added_ends_when_the_mailbox_speaks(
    app, session, browser, browser_of, mailed_code
):
    vouched = Vouched(
        provider="Kora ID",
        issuer="https://id.example.org",
        subject="squatter",
        name="",
        address="amina@example.org",
    )
    squatter = sign_in_vouched(session, vouched=vouched, name="Squatter", now=clock.now())
    theirs = browser_of(squatter, proof=Proof.PROVIDER)
    key = SoftKey()
    add_key(theirs, key)
    assert session.query(Passkey).count() == 1
    browser.send("/sign-in", address="amina@example.org")
    browser.send("/sign-in/code", code=mailed_code("amina@example.org"))
    assert is_signed_in(browser)
    assert session.query(Passkey).count() == 0
    assert not is_signed_in(theirs)
    late = app.test_client()
    refused(late, key.signed(late.send(BEGIN).get_json()), session)


def test_keepers_call_each_person_something_else_that_is_not_their_id():
    first, second = handle_of("a" * 16), handle_of("b" * 16)
    assert first != second
    assert len(first) == 32
    assert b"aaaa" not in first


def test_passkeys_outlive_a_change_of_all_keys(app, browser, key, monkeypatch):
    keys = dict.fromkeys(("secret_key", "badge_key"), "x" * 40)
    monkeypatch.setitem(app.extensions, "bowline", replace(app.extensions["bowline"], **keys))
    assert sign_in_with(browser, key).location == "/"


def test_devices_say_how_they_were_proven(hers, key, browser_of, amina, app, session):
    weak = app.test_client()
    sign_in(weak, session, amina, proof=Proof.CODE)
    weak.get("/me/devices")
    assert "with a passkey" in weak.text
    assert "with a code by mail" in weak.text
