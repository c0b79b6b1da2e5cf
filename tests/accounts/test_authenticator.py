"""An authenticator app: its codes work once, for one person, and not for whoever guesses."""

import base64
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import sqlalchemy as sa

from people import make_person
from webapp.accounts.keys import rules, services
from webapp.accounts.keys.models import Authenticator
from webapp.accounts.keys.rules import STEP_SECONDS, step_at, step_of
from webapp.accounts.models import Device, Proof
from webapp.core import clock
from webapp.core import db as database
from webapp.core.db import Base
from webapp.mail.models import Mail

ADD, TRY = "/me/keys/app", "/sign-in/app"
RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
RFC_CODES = {59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"}
"""RFC 6238, appendix B, SHA-1: the last six of its eight digits."""


@pytest.fixture
def amina(evening, session):
    return make_person(session, address="amina@example.org")


@pytest.fixture
def hers(browser_of, amina):
    return browser_of(amina, proof=Proof.CODE)


def shown_secret(browser):
    """Read the secret off the page, as somebody does who cannot scan it."""
    browser.get(ADD)
    parts = [one for one in browser.page.all("p") if one.get("class") == "digits"]
    return "".join("".join(parts[0].itertext()).split())


def code_now(secret, steps=0):
    return pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=steps * STEP_SECONDS))


@pytest.fixture
def secret(hers, evening):
    """What her app knows, added half a minute and more ago."""
    found = shown_secret(hers)
    assert hers.submit(ADD, code=code_now(found)).location == "/me/keys"
    evening.shift(timedelta(seconds=2 * STEP_SECONDS))
    return found


def tried(browser, code):
    return browser.send(TRY, code=code, next="/people").location == "/people"


@pytest.mark.parametrize("second", RFC_CODES)
def test_codes_are_those_of_the_standard(second):
    moment = datetime.fromtimestamp(second, UTC)
    assert step_of(RFC_CODES[second], RFC_SECRET, after=0, now=moment) == second // 30
    assert step_of(RFC_CODES[second], RFC_SECRET, after=second // 30, now=moment) is None
    assert step_of("000000", RFC_SECRET, after=0, now=moment) is None


def test_the_picture_and_the_text_say_the_same(hers):
    secret = shown_secret(hers)
    (link,) = [one for one in hers.page.links() if one.startswith("otpauth:")]
    parsed = pyotp.parse_uri(link)
    assert (parsed.secret, parsed.issuer, parsed.name) == (secret, "Bowline", "amina@example.org")
    assert len(base64.b32decode(secret)) == 20


def test_an_app_is_added_by_its_first_code(hers, secret, session):
    hers.get("/me/keys")
    assert "An app that shows codes" in hers.text
    assert session.query(Device).one().proof is Proof.AUTHENTICATOR
    assert session.query(Mail).one().subject == (
        "An authenticator app was added to your Bowline account"
    )


def test_a_wrong_first_code_keeps_the_same_secret(hers, session):
    secret = shown_secret(hers)
    answer = hers.submit(ADD, code="123")
    assert answer.status_code == 422
    assert hers.page.form(ADD).find(".//input[@name='code']").get("value") == "123"
    assert session.query(Authenticator).count() == 0
    assert (
        hers.submit(ADD, code=f" {code_now(secret)[:3]} {code_now(secret)[3:]} ").status_code == 303
    )


@pytest.mark.parametrize("salt", ["", "?", "0" * 31, "g" * 32])
def test_a_made_up_salt_begins_again(hers, session, salt):
    assert hers.send(ADD, salt=salt, code="123456").location == ADD
    assert session.query(Authenticator).count() == 0


def test_the_same_salt_is_another_secret_for_somebody_else(hers, browser_of, session, app):
    salt = "0" * 32
    one, other = make_person(session), make_person(session)
    assert rules.app_secret("key", person_id=one.id, salt=salt) != rules.app_secret(
        "key", person_id=other.id, salt=salt
    )


def test_there_is_one_app_a_person(hers, secret, session):
    assert hers.get(ADD).location == "/me/keys"
    assert hers.send(ADD, salt="0" * 32, code="123456").status_code == 409
    assert session.query(Authenticator).count() == 1


def test_no_secret_lies_in_the_database(app, session, secret):
    raw = base64.b32decode(secret)
    told = [
        value
        for table in Base.metadata.sorted_tables
        for row in session.execute(sa.select(table))
        for value in row
    ]
    assert told
    assert not [one for one in told if str(one) and (secret in str(one) or raw.hex() in str(one))]


def test_a_secret_hangs_on_our_key_on_whose_it_is_and_on_its_salt():
    usual = {"person_id": "amina", "salt": "salt"}
    secrets = [
        rules.app_secret("key", **usual),
        rules.app_secret("another key", **usual),
        rules.app_secret("key", **usual | {"person_id": "ben"}),
        rules.app_secret("key", **usual | {"salt": "another salt"}),
    ]
    assert len(set(secrets)) == 4


def test_a_change_of_the_session_key_locks_nobody_out(app, monkeypatch, amina, session, secret):
    changed = replace(app.extensions["bowline"], secret_key="another one, also long enough")
    monkeypatch.setitem(app.extensions, "bowline", changed)
    found = services.try_app(session, person=amina, typed=code_now(secret), now=clock.now())
    assert found is services.Tried.RIGHT


def test_a_code_of_the_app_proves_it(browser_of, amina, secret, session):
    weak = browser_of(amina, proof=Proof.CODE)
    assert tried(weak, code_now(secret))
    weak.get("/me/devices")
    assert "This device · since Thu, Nov 19 · with an authenticator app" in weak.text


def test_a_code_is_taken_once(browser_of, amina, secret):
    one, other = (browser_of(amina, proof=Proof.CODE) for _ in range(2))
    code = code_now(secret)
    assert tried(one, code)
    assert not tried(other, code)
    assert not tried(one, code)


def test_the_code_that_added_it_is_not_taken_again(hers, browser_of, amina):
    secret = shown_secret(hers)
    hers.submit(ADD, code=code_now(secret))
    assert not tried(browser_of(amina, proof=Proof.CODE), code_now(secret))


@pytest.mark.parametrize(("steps", "is_right"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_off_by_half_a_minute(browser_of, amina, secret, evening, steps, is_right):
    evening.shift(timedelta(minutes=5))
    assert tried(browser_of(amina, proof=Proof.CODE), code_now(secret, steps)) is is_right


def test_after_a_code_no_older_one_is_taken(browser_of, amina, secret, evening):
    evening.shift(timedelta(minutes=5))
    weak = browser_of(amina, proof=Proof.CODE)
    assert tried(weak, code_now(secret, 1))
    assert not tried(weak, code_now(secret))
    assert not tried(weak, code_now(secret, -1))


def wrong(secret):
    around = {code_now(secret, steps) for steps in range(-2, 3)}
    return next(code for code in map("{:06}".format, range(10)) if code not in around)


def test_after_five_wrong_ones_even_the_right_one_waits(browser_of, amina, secret, evening):
    weak = browser_of(amina, proof=Proof.CODE)
    for _number in range(5):
        assert not tried(weak, wrong(secret))
    assert not tried(weak, code_now(secret))
    weak.get("/sign-in/prove")
    assert "Five codes were wrong. Please wait 10 minutes" in weak.text
    evening.shift(timedelta(minutes=10, seconds=-1))
    assert not tried(weak, code_now(secret))
    evening.shift(timedelta(seconds=1))
    assert tried(weak, code_now(secret))


def test_after_the_wait_there_are_five_more(browser_of, amina, secret, evening, session):
    weak = browser_of(amina, proof=Proof.CODE)
    for _round in range(2):
        for _number in range(6):
            assert not tried(weak, wrong(secret))
        assert session.query(Authenticator).one().tries == 5
        evening.shift(timedelta(minutes=10))


def test_a_right_one_forgets_the_wrong_ones(browser_of, amina, secret, evening, session):
    weak = browser_of(amina, proof=Proof.CODE)
    for _number in range(4):
        tried(weak, wrong(secret))
    assert tried(weak, code_now(secret))
    assert session.query(Authenticator).one().tries == 0


def test_of_thirty_wrong_ones_at_once_five_are_evaluated(app, amina, secret, session, monkeypatch):
    evaluated, plain = [], services.step_of
    gate = threading.Barrier(30)

    def counted(typed, *args, **kwargs):
        evaluated.append(typed)
        return plain(typed, *args, **kwargs)

    monkeypatch.setattr(services, "step_of", counted)
    person_id, code = amina.id, wrong(secret)
    session.commit()

    def send(_number):
        with app.app_context():
            gate.wait(30)
            with database.transaction() as inner:
                person = inner.get_one(type(amina), person_id)
                return services.try_app(inner, person=person, typed=code, now=clock.now())

    with ThreadPoolExecutor(30) as pool:
        answers = list(pool.map(send, range(30)))
    assert len(evaluated) == 5
    assert answers.count(services.Tried.WAITING) == 25


def test_one_persons_wrong_codes_make_nobody_else_wait(app, browser_of, secret, session):
    ben = browser_of(make_person(session, name="Ben"), proof=Proof.CODE)
    theirs = shown_secret(ben)
    for _number in range(6):
        tried(ben, "000000")
    assert ben.send(ADD, salt="0" * 32, code="000000").status_code == 422
    assert theirs != secret


def test_who_has_no_app_proves_nothing_by_it(browser_of, session):
    ben = browser_of(make_person(session, name="Ben"), proof=Proof.CODE)
    assert not tried(ben, "123456")


def test_a_removed_app_proves_nothing(hers, amina, browser_of, secret, session):
    path = f"{ADD}/remove"
    hers.get(path)
    assert hers.submit(path).location == "/me/keys"
    assert session.query(Authenticator).count() == 0
    assert not tried(browser_of(amina, proof=Proof.CODE), code_now(secret))
    assert hers.get(path).location == "/me/keys"
    assert {one.proof for one in session.query(Device)} == {Proof.CODE}


def test_steps_are_half_minutes():
    assert step_at(datetime(1970, 1, 1, 0, 1, 1, tzinfo=UTC)) == 2
