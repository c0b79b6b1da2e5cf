"""Codes of badges: how they are made, what they are looked up by, and how long they live."""

import base64
import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from people import badge_of, make_attendee
from webapp.badges import codes, queries
from webapp.badges.models import Badge
from webapp.badges.queries import badge_by_printed_code, read_code
from webapp.badges.rules import Way, steps_to_try
from webapp.badges.services import issue_badge
from webapp.core import clock
from webapp.core.db import Base
from webapp.core.ids import new_id
from webapp.security.tokens import CROCKFORD, as_typed, code_of

RFC_SECRET = base64.b32encode(b"12345678901234567890123456789012").decode()
RFC_STEP = 30
RFC_VECTORS = {
    59: "46119246",
    1111111109: "68084774",
    1111111111: "67062674",
    1234567890: "91819424",
    2000000000: "90698825",
    20000000000: "77737706",
}
"""RFC 6238, appendix B, mode SHA256."""


@pytest.fixture
def badge(cast, session):
    return badge_of(session, cast.amina)


def some_badges(number: int) -> list[Badge]:
    return [
        Badge(event_id="event", id=new_id(), attendee_id="-", handle="-") for _ in range(number)
    ]


@pytest.mark.parametrize(("seconds", "expected"), RFC_VECTORS.items())
def test_the_value_of_a_step_is_that_of_the_standard(seconds, expected):
    value = codes.live_value(RFC_SECRET, seconds // RFC_STEP)
    assert f"{value % 10**8:08}" == expected


def test_a_proof_is_the_low_30_bits_of_the_value():
    for step in range(200):
        value = codes.live_value(RFC_SECRET, step) % 2**30
        read = 0
        for character in codes.live_proof(RFC_SECRET, step):
            read = read * 32 + CROCKFORD.index(character)
        assert read == value


def test_a_printed_code_holds_80_bits(app):
    made = [codes.printed_code(badge) for badge in some_badges(1000)]
    assert {len(code) for code in made} == {80 / 5}
    assert len(set(made)) == 1000
    for place in range(16):
        assert {code[place] for code in made} == set(CROCKFORD)


def test_codes_of_different_purposes_have_nothing_in_common(app):
    for badge in some_badges(200):
        secret = base64.b32decode(codes.live_secret(badge))
        made = {
            codes.printed_code(badge)[:6],
            codes.printed_code(badge)[-6:],
            codes.short_code(badge)[:6],
            codes.claim_code(badge)[:6],
            codes.live_proof(codes.live_secret(badge), 1),
            code_of(secret, length=6),
        }
        assert len(made) == 6


def test_without_the_key_no_code_can_be_made(app, badge, monkeypatch):
    settings = app.extensions["bowline"]
    before = all_codes(badge)
    monkeypatch.setitem(app.extensions, "bowline", replace(settings, badge_key="another key"))
    assert not before & all_codes(badge)


def test_codes_outlive_a_change_of_the_session_key(app, badge, monkeypatch):
    settings = app.extensions["bowline"]
    before = all_codes(badge)
    monkeypatch.setitem(app.extensions, "bowline", replace(settings, secret_key="another key"))
    assert all_codes(badge) == before


def all_codes(badge: Badge) -> set[str]:
    return {
        codes.printed_code(badge),
        codes.short_code(badge),
        codes.claim_code(badge),
        codes.live_secret(badge),
    }


def test_the_same_badge_number_at_another_event_has_other_codes(app):
    here, there = (Badge(event_id=event, id="same", handle="-") for event in ("here", "there"))
    assert not all_codes(here) & all_codes(there)


def stored_text(session) -> str:
    """Return everything the database holds, as text."""
    rows = [row for table in Base.metadata.sorted_tables for row in session.execute(table.select())]
    return repr(rows).lower()


def test_nothing_that_is_stored_forges_a_badge(badge, session):
    secret = base64.b32decode(codes.live_secret(badge))
    written = {
        *all_codes(badge),
        secret.hex(),
        base64.b64encode(secret).decode(),
        base64.urlsafe_b64encode(secret).decode().rstrip("="),
    }
    plain = {hashlib.sha256(code.encode()).hexdigest() for code in all_codes(badge)}
    stored = stored_text(session)
    assert badge.code_digest in stored
    assert [one for one in written | plain if one.lower() in stored] == []
    assert not any(code.startswith(badge.handle) for code in all_codes(badge))


def test_a_printed_code_is_found_however_it_is_written(badge, session):
    code = codes.printed_code(badge)
    spaced = " ".join(code[at : at + 4] for at in range(0, 16, 4))
    for typed in (code, code.lower(), spaced, f" {spaced.replace(' ', '-')} "):
        assert badge_by_printed_code(session, typed).badge.id == badge.id


def test_what_is_misread_is_forgiven():
    assert as_typed("oOiIlL-0 1") == "00111101"


def test_only_the_printed_code_is_looked_up_as_one(badge, session):
    others = all_codes(badge) - {codes.printed_code(badge)}
    for code in (*others, badge.handle, badge.code_digest, badge.id, ""):
        assert badge_by_printed_code(session, code) is None


def read(session, code, badge):
    return read_code(session, code, event_id=badge.event_id, now=clock.now())


def test_printed_and_short_codes_are_read_as_printed(badge, session):
    for code in (
        codes.printed_code(badge),
        codes.short_code(badge),
        codes.short_code(badge).lower(),
    ):
        assert read(session, code, badge).badge_id == badge.id
        assert read(session, code, badge).way is Way.PRINTED


def test_a_claim_code_is_read_as_nothing(badge, session):
    assert read(session, codes.claim_code(badge), badge) is None


def test_a_code_is_read_at_its_own_event_alone(badge, session):
    step = codes.step_at(clock.now())
    for code in (codes.printed_code(badge), codes.short_code(badge), codes.live_code(badge, step)):
        assert read_code(session, code, event_id=new_id(), now=clock.now()) is None


@pytest.mark.parametrize(
    ("seconds", "is_accepted"),
    [(-0.001, False), (0, True), (14.999, True), (15, True), (29.999, True), (30, False)],
)
def test_a_live_code_lives_for_its_own_step_and_the_next(badge, session, seconds, is_accepted):
    step = codes.step_at(clock.now())
    shown_at = clock.now() + timedelta(seconds=step * 15 - clock.now().timestamp())
    found = read_code(
        session,
        codes.live_code(badge, step),
        event_id=badge.event_id,
        now=shown_at + timedelta(seconds=seconds),
    )
    assert bool(found) is is_accepted
    if found:
        assert (found.way, found.live_step, found.badge_id) == (Way.LIVE, step, badge.id)


def test_two_steps_are_tried_the_current_one_first():
    assert list(steps_to_try(100)) == [100, 99]


def test_a_wrong_proof_is_read_as_nothing(badge, session):
    right = codes.live_code(badge, codes.step_at(clock.now()))
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    assert read(session, right, badge)
    assert read(session, wrong, badge) is None


def test_a_proof_belongs_to_one_badge(cast, badge, session):
    other, step = badge_of(session, cast.ben), codes.step_at(clock.now())
    mixed = other.handle + codes.live_proof(codes.live_secret(badge), step)
    assert read(session, mixed, badge) is None


def test_secrets_that_were_typed_are_compared_in_constant_time(cast, session, badge, monkeypatch):
    compared = []
    monkeypatch.setattr(queries, "same", lambda *both: compared.append(both) or True)
    live, now = codes.live_code(badge, codes.step_at(clock.now())), clock.now()
    assert read_code(session, live, event_id=cast.event.id, now=now)
    proof = live[codes.HANDLE_LENGTH :]
    assert compared == [(proof, proof)]


def test_everybody_gets_the_live_secret_of_their_own_badge(cast, session, browser_of):
    people = {cast.amina: cast.attendee, cast.ben: cast.other, cast.rita: cast.recruiter}
    for place, person in people.items():
        told = browser_of(person).get(f"/events/{cast.event.id}/live-key").json
        mine = badge_of(session, place)
        assert (told["badge"], told["secret"]) == (mine.id, codes.live_secret(mine))


def test_every_badge_of_an_event_has_its_own_handle(cast, session):
    for number in range(100):
        make_attendee(session, event=cast.event, name=f"Guest {number}")
    handles = [row.handle for row in session.query(Badge).filter_by(event_id=cast.event.id)]
    assert len(handles) > 100
    assert len(set(handles)) == len(handles)


def test_a_revoked_badge_is_read_as_nothing(cast, badge, session):
    step = codes.step_at(clock.now())
    old = [codes.printed_code(badge), codes.short_code(badge), codes.live_code(badge, step)]
    new = issue_badge(session, attendee=cast.amina, now=clock.now())
    assert [read(session, code, badge) for code in old] == [None, None, None]
    assert badge_by_printed_code(session, old[0]) is None
    assert read(session, codes.printed_code(new), badge).badge_id == new.id
    assert not all_codes(badge) & all_codes(new)


@pytest.mark.parametrize(
    "code", ["", "0", "0" * 7, "0" * 9, "0" * 17, "U" * 8, "é" * 16, "\0" * 10]
)
def test_what_cannot_be_a_code_is_read_as_nothing(badge, session, code):
    assert read(session, code, badge) is None
