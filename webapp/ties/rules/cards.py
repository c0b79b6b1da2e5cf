"""A person's card as a file for the phone's contacts."""

from webapp.ties.rules.links import MAILTO, shown_as

_CONTROLS_AS_BLANKS = {code: " " for code in (*range(32), *range(127, 160)) if chr(code) != "\n"}
_CONTINUES = range(0b1000_0000, 0b1100_0000)
"""Octets in UTF-8 that continue a character."""


def vcard(
    *,
    name: str,
    organisation: str,
    headline: str,
    urls: list[str],
    met: str,
    family_and_given: tuple[str, str] | None = None,
) -> str:
    """Return a vCard 3.0 (RFC 2426) with CRLF line ends, folded at 75 octets.

    Where nobody says which of the names is the family's, it is the last.
    """
    family, given = family_and_given or _family_and_given(name)
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"N:{_escaped(family)};{_escaped(given)};;;",
        f"FN:{_escaped(name)}",
    ]
    if organisation:
        lines.append(f"ORG:{_escaped(organisation)}")
    if headline:
        lines.append(f"TITLE:{_escaped(headline)}")
    for url in urls:
        if url.startswith(MAILTO):
            lines.append(f"EMAIL;TYPE=WORK:{_escaped(shown_as(url))}")
        else:
            lines.append(f"URL;TYPE=WORK:{_escaped(url)}")
    lines += [f"NOTE:{_escaped(met)}", "END:VCARD"]
    return "".join(_folded(line) + "\r\n" for line in lines)


def _family_and_given(name: str) -> tuple[str, str]:
    given, _, family = name.rpartition(" ")
    return (family, given) if given else ("", name)


def _escaped(text: str) -> str:
    unix = text.replace("\r\n", "\n")
    clean = unix.translate(_CONTROLS_AS_BLANKS)
    for character, replacement in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        clean = clean.replace(character, replacement)
    return clean


def _folded(line: str) -> str:
    """Fold a line at 75 octets, never inside a character (RFC 2425, section 5.8.1)."""
    parts: list[bytes] = []
    rest = line.encode()
    while len(rest) > (most := 75 - bool(parts)):
        while rest[most] in _CONTINUES:
            most -= 1
        parts.append(rest[:most])
        rest = rest[most:]
    return b"\r\n ".join([*parts, rest]).decode()
