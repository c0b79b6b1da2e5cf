"""Passkeys in a real browser, whose keeper of keys is a virtual one."""

import pytest
from playwright.sync_api import expect

from people import make_event, make_person
from webapp.accounts.keys.models import Passkey
from webapp.accounts.models import Device, Proof

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
"""What a browser does does not depend on the database."""

KEEPER = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Keeper:
    """What keeps the passkeys of a phone, and asks for a finger that is always there."""

    def __init__(self, phone):
        self.cdp = phone.context.new_cdp_session(phone.page)
        self.cdp.send("WebAuthn.enable", {"enableUI": False})
        made = self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": KEEPER})
        self.id = {"authenticatorId": made["authenticatorId"]}

    def held(self):
        return self.cdp.send("WebAuthn.getCredentials", self.id)["credentials"]

    def count_on(self, count):
        for key in self.held():
            named = {"credentialId": key["credentialId"]}
            self.cdp.send("WebAuthn.removeCredential", self.id | named)
            changed = key | {"signCount": count}
            self.cdp.send("WebAuthn.addCredential", self.id | {"credential": changed})

    def verify(self, is_verified):
        self.cdp.send("WebAuthn.setUserVerified", self.id | {"isUserVerified": is_verified})


@pytest.fixture
def olga(session):
    person = make_person(session, name="Olga Organiser", address="olga@example.org")
    session.commit()
    return person


@pytest.fixture
def hers(session, olga):
    event = make_event(session, by=olga)
    session.commit()
    return f"/events/{event.id}/desk"


def weak_phone(phone, olga):
    one = phone(olga, proof=Proof.CODE)
    return one, Keeper(one)


def set_up(one, path):
    one.open(path)
    one.page.get_by_role("link", name="Set it up").click()
    one.tap("Add a passkey")
    one.page.wait_for_url(one.origin + path)


def sign_out(one):
    one.open("/me/devices")
    one.tap("Sign out here")
    one.page.wait_for_url(one.origin + "/")


def test_who_has_nothing_sets_a_passkey_up_and_is_where_they_were(phone, session, olga, hers):
    one, keeper = weak_phone(phone, olga)
    one.open(hers)
    assert one.page.get_by_role("heading", name="One more step").is_visible()
    set_up(one, hers)
    assert one.page.get_by_role("heading", name="One more step").count() == 0
    assert [key["isResidentCredential"] for key in keeper.held()] == [True]
    assert session.query(Device).filter_by(person_id=olga.id).one().proof is Proof.PASSKEY


def test_a_passkey_signs_in_and_opens_an_organisers_page(phone, session, olga, hers):
    one, _keeper = weak_phone(phone, olga)
    set_up(one, hers)
    sign_out(one)
    one.open(f"/sign-in?next={hers}")
    one.tap("Sign in with a passkey")
    one.page.wait_for_url(one.origin + hers)
    assert one.page.get_by_role("heading", name="One more step").count() == 0
    session.expire_all()
    assert session.query(Passkey).one().used_at is not None


def test_a_copy_whose_count_does_not_grow_signs_nobody_in(phone, session, olga, hers):
    one, keeper = weak_phone(phone, olga)
    set_up(one, hers)
    sign_out(one)
    session.query(Passkey).one().sign_count = 100
    session.commit()
    one.open(f"/sign-in?next={hers}")
    one.tap("Sign in with a passkey")
    one.page.get_by_text("That passkey did not sign you in.").wait_for()
    keeper.count_on(101)
    one.tap("Sign in with a passkey")
    one.page.wait_for_url(one.origin + hers)
    assert session.query(Device).filter_by(person_id=olga.id).count() == 1


def test_a_finger_that_is_not_known_adds_and_signs_nothing(phone, session, olga):
    one, keeper = weak_phone(phone, olga)
    keeper.verify(False)
    one.open("/me/keys/new")
    one.tap("Add a passkey")
    one.page.get_by_text("No passkey was made.").wait_for()
    assert one.page.get_by_role("button", name="Add a passkey").is_enabled()
    assert session.query(Passkey).count() == 0


def test_a_device_that_has_a_passkey_says_so_instead_of_making_another(phone, session, olga, hers):
    one, keeper = weak_phone(phone, olga)
    set_up(one, hers)
    one.open("/me/keys/new")
    one.tap("Add a passkey")
    one.page.get_by_text("A passkey of yours is on this device already.").wait_for()
    assert len(keeper.held()) == session.query(Passkey).count() == 1


def test_without_javascript_nothing_of_passkeys_is_offered_that_does_not_work(phone, olga):
    one = phone(java_script_enabled=False)
    one.open("/sign-in")
    assert one.page.get_by_role("button").all_inner_texts() == ["Send me a code"]
    two = phone(olga, proof=Proof.CODE, java_script_enabled=False)
    two.open("/me/keys/new")
    assert two.page.get_by_role("button").count() == 0
    two.page.get_by_role("link", name="Use an authenticator app instead").click()
    expect(two.page.get_by_role("heading", name="Add an authenticator app")).to_be_visible()
