"""What people type, made safe to print."""

import unicodedata

LONGEST_LINE = 120


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
