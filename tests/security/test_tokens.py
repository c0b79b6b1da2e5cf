"""Codes people can read out, and digests that forge nothing."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.security.keys import signer
from webapp.security.tokens import (
    CROCKFORD,
    as_typed,
    code_of,
    derive,
    digest,
    grouped,
    in_base_32,
    new_token,
    plain_digest,
    same,
)

SHOWN = {"0": "0oO", "1": "1iIlL"}


def read_back(code):
    """Decode Crockford's base 32, as somebody else would write it."""
    number = 0
    for character in code:
        number = number * 32 + CROCKFORD.index(character)
    return number


def test_the_alphabet_is_crockfords():
    assert CROCKFORD == "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    assert len(set(CROCKFORD)) == 32
    assert not set(CROCKFORD) & set("ILOU")


@given(st.integers(0, 2**80 - 1))
def test_a_number_comes_back_from_its_code(number):
    code = in_base_32(number, length=16)
    assert len(code) == 16
    assert read_back(code) == number


@given(st.integers(0, 2**100 - 1), st.integers(1, 16))
def test_a_code_has_the_low_bits(number, length):
    assert read_back(in_base_32(number, length=length)) == number % 32**length


@given(st.binary(min_size=10, max_size=32))
def test_a_code_of_bytes_has_their_first_bits(value):
    code = code_of(value, length=16)
    assert read_back(code) == int.from_bytes(value[:10])


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (bytes(10), "0000000000000000"),
        (b"\xff" * 10, "ZZZZZZZZZZZZZZZZ"),
        (bytes.fromhex("00443214c74254b635cf"), "0123456789ABCDEF"),
        (bytes.fromhex("84653a56d7c675be77df"), "GHJKMNPQRSTVWXYZ"),
    ],
)
def test_known_codes(value, code):
    assert code_of(value, length=16) == code


@st.composite
def typings(draw):
    """A code and one of the ways people type it."""
    code = draw(st.text(CROCKFORD, min_size=1, max_size=16))
    typed = ""
    for character in code:
        shown = SHOWN.get(character, character + character.lower())
        typed += draw(st.sampled_from(shown))
        typed += draw(st.sampled_from(["", "", "", " ", "-", " - "]))
    return code, draw(st.sampled_from(["", " ", "\t"])) + typed


@given(typings())
def test_a_code_is_taken_as_it_was_meant(typing):
    code, typed = typing
    assert as_typed(typed) == code


@given(st.text(CROCKFORD, max_size=40))
def test_what_is_shown_in_groups_is_read_as_one(code):
    shown = grouped(code)
    assert as_typed(shown) == code
    assert all(len(group) <= 4 for group in shown.split(" "))
    assert shown.replace(" ", "") == code


@given(st.text(max_size=30))
def test_nothing_that_is_typed_breaks_the_reading(text):
    assert as_typed(as_typed(text)) == as_typed(text)


def test_a_derived_secret_is_hmac_sha256():
    expected = hmac.new(b"key", b"badge\0about", hashlib.sha256).digest()
    assert derive("key", purpose="badge", about="about") == expected
    assert derive("key", purpose="badge", about="about", size=10) == expected[:10]


def test_key_purpose_and_subject_keep_uses_apart():
    uses = [("key", "a", "b"), ("yek", "a", "b"), ("key", "c", "b"), ("key", "a", "d")]
    uses += [("key", "ab", ""), ("key", "", "ab")]
    secrets = {derive(key, purpose=purpose, about=about) for key, purpose, about in uses}
    assert len(secrets) == len(uses)


def test_a_digest_is_of_fixed_length_and_shows_nothing():
    found = digest("key", purpose="p", value="12345678")
    assert len(found) == 64
    assert "12345678" not in found
    assert found == digest("key", purpose="p", value="12345678")


def test_a_plain_digest_is_sha256():
    assert plain_digest("abc") == hashlib.sha256(b"abc").hexdigest()


@given(st.text(), st.text())
def test_secrets_are_compared_whatever_they_are(left, right):
    assert same(left, right) == (left == right)


def test_comparing_takes_no_shorter_way(monkeypatch):
    asked = []

    def compare(left, right):
        asked.append((left, right))
        return False

    monkeypatch.setattr(hmac, "compare_digest", compare)
    assert not same("equal", "equal")
    assert asked == [(b"equal", b"equal")]


def test_a_token_is_long_and_new():
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) >= 43 for token in tokens)


def test_a_ticket_is_for_one_purpose(app):
    with app.app_context():
        ticket = signer("one").dumps("said")
        assert signer("one").loads(ticket) == "said"
        assert not signer("two").loads_unsafe(ticket)[0]
