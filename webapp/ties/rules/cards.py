"""A person's card as a file for the phone's contacts."""

from unicodedata import category

from webapp.ties.rules.links import MAILTO, shown_as


def vcard(*, name: str, organisation: str, headline: str, urls: list[str], met: str) -> str:
    """Return a vCard 3.0 (RFC 2426) with CRLF line ends, folded at 75 octets."""
    family, given = _family_and_given(name)
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
    clean = "".join(" " if category(c) == "Cc" and c != "\n" else c for c in unix)
    for character, replacement in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        clean = clean.replace(character, replacement)
    return clean


def _folded(line: str) -> str:
    """Fold a line at 75 octets, never inside a character (RFC 2425, section 5.8.1)."""
    parts: list[bytes] = []
    current = b""
    for character in line:
        octets = character.encode()
        if len(current) + len(octets) > 75 - bool(parts):
            parts.append(current)
            current = b""
        current += octets
    return b"\r\n ".join([*parts, current]).decode()
