"""What people type, made safe to print and easy to find."""

import unicodedata

LONGEST_LINE = 120
LONGEST_FINDABLE = 300
"""Fits into an index in every script; a few rare characters are folded into many."""

_ALIKE = str.maketrans(
    {"ß": "ss", "ς": "\u03c3", "\u0131": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
    | {"æ": "ae", "œ": "oe"}
    | dict.fromkeys("'`\u2018\u2019\u02bc", "")
)
_PLAIN = str.maketrans({chr(number): " " for number in range(128) if not chr(number).isalnum()})


def one_line(text: str) -> str:
    """Return text as one clean line: no control or direction characters, single blanks.

    What holds nothing that can be seen is empty.
    """
    if _is_one_line(text):
        return text
    kept = (" " if c.isspace() else c for c in unicodedata.normalize("NFC", text))
    visible = (c for c in kept if unicodedata.category(c) not in {"Cc", "Cs", "Cn"})
    harmless = (
        c for c in visible if c not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )
    line = " ".join("".join(harmless).split())
    return line if any(unicodedata.category(c) not in {"Cf", "Zs"} for c in line) else ""


def _is_one_line(text: str) -> bool:
    """Tell at once of most texts that nothing has to be changed: lists hold thousands of them."""
    has_room = "  " in text or text != text.strip()
    return text.isprintable() and not has_room and unicodedata.is_normalized("NFC", text)


def folded(text: str) -> str:
    """Return the words of a text as they are compared: without case, accents and signs.

    Phones fold what they keep the same way (`static/js/desk/folding.js`).
    """
    if text.isascii():
        return " ".join(text.lower().replace("'", "").replace("`", "").translate(_PLAIN).split())
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).lower())
    plain = "".join(c for c in bare if unicodedata.category(c) != "Mn").translate(_ALIKE)
    return " ".join("".join(c if _is_of_a_word(c) else " " for c in plain).split())


def findable(*texts: str) -> str:
    """Return texts as they are searched: folded, a blank before each word, a bar between texts."""
    return " |".join(f" {folded(text)}" for text in texts)[:LONGEST_FINDABLE]


def _is_of_a_word(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "LN" or category == "Mc"
