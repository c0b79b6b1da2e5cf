"""Ten codes on paper: shown once, each good once, for nobody else."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from accounts.soft_keys import SoftKey, add_key

from people import make_person
from webapp.accounts.keys import services
from webapp.accounts.keys.models import Passkey, RecoveryCode
from webapp.accounts.models import Device, Person, Proof
from webapp.core import clock
from webapp.core import db as database
from webapp.core.db import Base
from webapp.mail.models import Mail
from webapp.security.limits import limiter

MAKE, TRY = "/me/keys/recovery", "/sign-in/recovery"


@pytest.fixture
def amina(evening, session):
    return make_person(session, address="amina@example.org")


@pytest.fixture
def hers(browser_of, amina):
    browser = browser_of(amina, proof=Proof.CODE)
    add_key(browser, SoftKey())
    return browser


def made(browser):
    """Make codes by the page's own button, and read them off the page."""
    browser.get(MAKE)
    assert browser.submit(MAKE).status_code == 200
    (shown,) = browser.page.all("pre")
    return "".join(shown.itertext()).strip().splitlines()


@pytest.fixture
def codes(hers):
    return made(hers)


@pytest.fixture
def weak(browser_of, amina):
    return browser_of(amina, proof=Proof.CODE)


def tried(browser, code):
    return browser.send(TRY, recovery=code, next="/people").location == "/people"


def test_there_are_ten_and_all_differ(codes):
    assert len(set(codes)) == 10
    assert {len(code.replace(" ", "")) for code in codes} == {10}


def test_they_are_shown_this_once(hers, codes, session):
    for path in (MAKE, "/me/keys"):
        hers.get(path)
        assert not [code for code in codes if code in hers.text]
    told = [
        str(one)
        for table in Base.metadata.sorted_tables
        for row in session.execute(sa.select(table))
        for one in row
    ]
    bare = [code.replace(" ", "") for code in codes]
    assert told
    assert not [one for one in told if any(code in one for code in (*codes, *bare))]


def test_a_code_proves_it_once(weak, browser_of, amina, codes, session):
    assert tried(weak, codes[3])
    weak.get("/me/devices")
    assert "with a recovery code" in weak.text
    again = browser_of(amina, proof=Proof.CODE)
    assert not tried(again, codes[3])
    again.get("/sign-in/prove")
    assert "it was used before" in again.text
    assert tried(again, codes[4])
    weak.get("/me/keys")
    assert "8 codes left" in weak.text


def test_its_owner_is_told(weak, codes, session):
    session.query(Mail).delete()
    session.commit()
    assert tried(weak, codes[0])
    told = [mail.subject for mail in session.query(Mail)]
    assert told == ["A recovery code of your Bowline account was used"]


def test_a_code_may_be_typed_as_people_type(weak, codes):
    typed = codes[0].lower().replace(" ", "-").replace("0", "o").replace("1", "l")
    assert tried(weak, f" {typed} ")


def test_a_code_of_somebody_else_proves_nothing(browser_of, session, codes):
    ben = browser_of(make_person(session, name="Ben"), proof=Proof.CODE)
    add_key(ben, SoftKey())
    again = browser_of(session.query(Person).filter_by(name="Ben").one(), proof=Proof.CODE)
    assert not tried(again, codes[0])


@pytest.mark.parametrize("typed", ["", "0", "00000 00000", "\x00" * 10, "é" * 10, "A" * 5000])
def test_what_is_no_code_proves_nothing(weak, codes, typed, session):
    assert not tried(weak, typed)
    assert session.query(RecoveryCode).filter_by(used_at=None).count() == 10


def test_new_ones_end_the_old_ones(hers, weak, codes):
    new = made(hers)
    assert not tried(weak, codes[0])
    assert tried(weak, new[0])


def test_after_five_tries_even_a_right_one_waits(weak, codes, evening):
    for _number in range(5):
        assert not tried(weak, "00000 00000")
    answer = weak.send(TRY, recovery=codes[0])
    assert answer.status_code == 429
    evening.shift(int(answer.headers["Retry-After"]))
    assert tried(weak, codes[0])


def test_of_ten_at_once_one_is_taken(app, amina, codes, session):
    gate = threading.Barrier(10)
    person_id = amina.id
    session.commit()

    def use(_number):
        with app.app_context():
            gate.wait(30)
            with database.transaction() as inner:
                person = inner.get_one(Person, person_id)
                return services.use_recovery_code(
                    inner, person=person, typed=codes[0], now=clock.now()
                )

    with ThreadPoolExecutor(10) as pool:
        assert sorted(pool.map(use, range(10))) == [False] * 9 + [True]


def test_there_is_nothing_to_recover_without_a_passkey_or_an_app(browser_of, session):
    ben = browser_of(make_person(session, name="Ben"), proof=Proof.CODE)
    ben.get(MAKE)
    assert "Please add one first." in ben.text
    assert ben.send(MAKE).status_code == 409
    assert session.query(RecoveryCode).count() == 0


def test_without_the_last_passkey_they_are_gone(hers, weak, codes, session):
    hers.send(f"/me/keys/{session.query(Passkey).one().id}/remove")
    assert session.query(RecoveryCode).count() == 0
    limiter.reset()
    assert not tried(weak, codes[0])


def test_who_lost_everything_starts_again(hers, amina, codes, session):
    services.forget_all(session, person=amina, now=clock.now())
    for model in (Passkey, RecoveryCode, Device):
        assert session.query(model).count() == 0
    told = [mail.subject for mail in session.query(Mail)]
    assert "All passkeys, apps and recovery codes of your account were removed" in told
    assert hers.get("/me").status_code == 303


def forget_keys(app, session, address):
    session.commit()
    with app.app_context():
        return app.test_cli_runner().invoke(args=["forget-keys", address]).exit_code


def test_who_runs_the_installation_helps_who_lost_everything(app, hers, amina, codes, session):
    assert forget_keys(app, session, "nobody@example.org") == 1
    assert session.query(Passkey).count() == 1
    assert forget_keys(app, session, "AMINA@example.org") == 0
    for model in (Passkey, RecoveryCode, Device):
        assert session.query(model).count() == 0
