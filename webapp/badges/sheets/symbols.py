"""QR symbols of many texts that differ only at their ends, without computing each anew.

With version, level and mask fixed, a module is an affine function over GF(2) of the data bits:
placing and masking keep that, and so does Reed-Solomon, a linear code (ISO/IEC 18004). So a symbol
is a first one, XORed with one pattern for each data bit in which the texts differ.
"""

from functools import cached_property

from webapp.core.pictures import as_number, symbol_of

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
"""The alphanumeric mode: two characters in 11 bits, a last odd one in 6."""

PAIR_BITS, ODD_BITS = 11, 6


class Symbols:
    """The symbols of one prefix followed by codes of one length."""

    def __init__(self, prefix: str, code_length: int) -> None:
        self.prefix = prefix
        self.blank = prefix + ALPHABET[0] * code_length
        self.size = len(symbol_of(self.blank))
        self._start = len(prefix) // 2 * 2
        self._first = as_number(symbol_of(self.blank))
        self._is_alphanumeric = set(prefix) <= set(ALPHABET)

    def number_of(self, code: str) -> int:
        """Return the symbol of prefix and code, as `as_number` writes it."""
        text = self.prefix + code
        if not self._is_alphanumeric:
            return as_number(symbol_of(text))
        found = self._first
        for patterns, value, start in zip(
            self._patterns, _values(text[self._start :]), self._starts, strict=True
        ):
            difference = value ^ start
            while difference:
                lowest = difference & -difference
                found ^= patterns[lowest]
                difference ^= lowest
        return found

    @cached_property
    def _starts(self) -> list[int]:
        return _values(self.blank[self._start :])

    @cached_property
    def _patterns(self) -> list[dict[int, int]]:
        """For each pair of characters, what each of its bits changes."""
        return [self._of_pair(place) for place in range(self._start, len(self.blank), 2)]

    def _of_pair(self, place: int) -> dict[int, int]:
        """Learn the patterns of a pair from symbols with one bit of it set each."""
        length = len(self.blank[place : place + 2])
        bits = PAIR_BITS if length > 1 else ODD_BITS
        zero = self._with(place, ALPHABET[0] * length)
        return {
            1 << bit: zero ^ self._with(place, _characters(1 << bit, length)) for bit in range(bits)
        }

    def _with(self, place: int, characters: str) -> int:
        text = self.blank[:place] + characters + self.blank[place + len(characters) :]
        return as_number(symbol_of(text))


def _values(text: str) -> list[int]:
    """Return the values of pairs of characters, and of a last odd one."""
    pairs = (text[place : place + 2] for place in range(0, len(text), 2))
    return [
        ALPHABET.index(pair[0]) * len(ALPHABET) + ALPHABET.index(pair[1])
        if len(pair) > 1
        else ALPHABET.index(pair)
        for pair in pairs
    ]


def _characters(value: int, length: int) -> str:
    """Return the characters of a value: the inverse of `_values`."""
    if length == 1:
        return ALPHABET[value]
    return ALPHABET[value // len(ALPHABET)] + ALPHABET[value % len(ALPHABET)]
