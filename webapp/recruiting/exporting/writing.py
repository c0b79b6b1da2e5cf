"""People as a file, in chunks: however many they are, no more than one chunk is kept."""

from collections.abc import Iterable, Iterator
from datetime import date
from urllib.parse import quote

from webapp.core.spreadsheets import csv_lines
from webapp.recruiting.exporting.cells import (
    Form,
    Wording,
    as_text,
    form_of,
    name_of,
    person_of,
    said_of,
)
from webapp.recruiting.exporting.presets import Field, Preset
from webapp.recruiting.exporting.rows import ExportRow
from webapp.ties.rules import MAILTO, vcard

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel takes UTF-8 for something else; machines need none."""
CHUNK = 65_536
"""Characters."""


def written(
    rows: Iterable[ExportRow], preset: Preset, wording: Wording, *, has_bom: bool = False
) -> Iterator[bytes]:
    """Yield a file of people in UTF-8; a vCard never has a byte order mark."""
    if preset.columns:
        texts = csv_lines(_table(rows, form_of(preset, wording)))
        return _chunks(texts, beginning=BYTE_ORDER_MARK if has_bom else "")
    return _chunks((_card(row, wording) for row in rows), beginning="")


def file_name(preset: Preset, *, on: date) -> str:
    """Return a name that every target takes: small letters, digits, - and _."""
    return f"bowline_{preset.key}_{on.isoformat()}.{preset.ending}"


def _table(rows: Iterable[ExportRow], form: Form) -> Iterator[list[str]]:
    yield [column.header for column in form.preset.columns]
    for row in rows:
        yield person_of(row, form).cells


def _card(row: ExportRow, wording: Wording) -> str:
    """Return somebody's card: how to reach them, where we met, and what they know about."""
    name, contacts = name_of(row), row.contacts
    said = said_of(row, name)
    urls = [f"{MAILTO}{quote(said[Field.EMAIL], safe='@')}"] if said[Field.EMAIL] else []
    urls += [url for url in (contacts.linkedin, contacts.website, *contacts.others) if url]
    met = (Field.MET_AT, Field.MET_ON, Field.MET_WITH, Field.TOPICS)
    lines = [f"{wording.labels[one]}: {said[one]}" for one in met if said[one]]
    return vcard(
        name=said[Field.NAME] or wording.not_given,
        organisation=said[Field.ORGANISATION],
        headline=said[Field.HEADLINE],
        urls=urls,
        met=as_text("\n".join(lines)),
        family_and_given=(name.last, name.first),
    )


def _chunks(texts: Iterable[str], *, beginning: str) -> Iterator[bytes]:
    kept, size = [beginning], len(beginning)
    for text in texts:
        kept.append(text)
        size += len(text)
        if size >= CHUNK:
            yield "".join(kept).encode()
            kept, size = [], 0
    if size:
        yield "".join(kept).encode()
