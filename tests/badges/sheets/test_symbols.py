"""A symbol put together by XOR is the one the library makes."""

import random

import pytest

from webapp.badges.sheets.symbols import ALPHABET, Symbols
from webapp.core.pictures import as_number, dark_runs, symbol_of
from webapp.security.tokens import CROCKFORD

PREFIXES = [
    "HTTPS://A.ORG/B/",
    "HTTPS://AB.ORG/B/",
    "HTTPS://MEET.EXAMPLE.ORG/B/",
    "HTTP://LOCALHOST:5000/B/",
    "HTTPS://BOWLINE.MEETUP.SOMEWHERE.EXAMPLE.ORG:8443/B/",
    "HTTP://[::1]:5000/B/",
]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_it_is_the_symbol_of_the_library(prefix):
    symbols, chance = Symbols(prefix, 16), random.Random(prefix)
    for _ in range(30):
        code = "".join(chance.choices(CROCKFORD, k=16))
        rows = symbol_of(prefix + code)
        assert symbols.size == len(rows)
        assert symbols.number_of(code) == as_number(rows)


def test_every_character_can_stand_anywhere():
    symbols = Symbols("HTTPS://A.ORG/B/", 16)
    for character in CROCKFORD:
        assert symbols.number_of(character * 16) == as_number(
            symbol_of("HTTPS://A.ORG/B/" + character * 16)
        )


def test_the_alphabet_is_that_of_the_standard():
    assert len(ALPHABET) == 45
    assert ALPHABET[10:36] == "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def test_runs_cover_the_dark_modules_once():
    rows = symbol_of("HTTPS://A.ORG/B/0123456789ABCDEF")
    drawn = [
        (x + step, y)
        for x, y, width in dark_runs(as_number(rows), len(rows))
        for step in range(width)
    ]
    dark = {(x, y) for y, row in enumerate(rows) for x, module in enumerate(row) if module}
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == dark
