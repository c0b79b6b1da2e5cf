"""Which row is the header, and what each column becomes."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from webapp.exchange.guests.rules.sources import (
    HEADERS,
    INDICO,
    INDICO_COLUMNS,
    Source,
    recognise,
)
from webapp.exchange.guests.rules.tables import Line, NotAList, Table
from webapp.exchange.guests.rules.words import (
    ALIASES,
    EXACT,
    FIRST_OR_FULL,
    FORMS_OF_ADDRESS,
    NAMES,
    PHONES,
    Field,
    asked_for,
    plain,
)

TITLE_ROWS = 20
"""How far down a header may stand."""

LOOKED_AT = 200
SAMPLES = 2
MOST = 0.6
"""The share of a column's cells that have to look alike before it is taken for something."""

ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]{2,}")
NUMBER = re.compile(r"[+(]?[0-9][0-9 ()./-]{5,20}")
NAME = re.compile(r"[^\W\d_][^\d_@/:;]*(?: [^\W\d_][^\d_@/:;]*){1,4}")
OWN_TO_SOURCE = frozenset({*NAMES, Field.EMAIL})


class Why(StrEnum):
    """How a column came to its field."""

    SOURCE = "source"
    EXACT = "exact"
    ALIAS = "alias"
    CONTENT = "content"
    CHOSEN = "chosen"
    ASKED = "asked"
    """Several columns could be it; somebody has to choose."""
    NEVER = "never"
    """Phone numbers."""
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list, its first cells, and what it becomes."""

    number: int
    header: str
    samples: tuple[str, ...]
    field: Field | None
    why: Why


@dataclass(frozen=True, slots=True)
class Question:
    """A field that several columns could be."""

    field: Field
    headers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A list with its header found and its columns matched."""

    source: Source | None
    plain_headers: tuple[str, ...]
    """Empty where the file has no header row."""
    columns: tuple[Column, ...]
    lines: Sequence[Line]
    """The rows below the header."""

    def column(self, field: Field) -> Column | None:
        """Return the column that becomes a field."""
        return next((one for one in self.columns if one.field is field), None)

    @property
    def questions(self) -> tuple[Question, ...]:
        """What has to be chosen before anything can be imported."""
        return tuple(
            Question(field, tuple(one.header for one in rivals))
            for field in Field
            if len(rivals := [one for one in self.columns if one.field is field]) > 1
        )

    @property
    def has_names(self) -> bool:
        """True if some column says what people are called."""
        return any(self.column(field) for field in NAMES)


def match(table: Table) -> Match:
    """Find the header and guess the columns.

    Raises:
        NotAList: there is no row below the header, or nothing that looks like a list of people.
    """
    at = _header_row(table.lines)
    if at is None:
        return _without_header(table.lines)
    header, below = table.lines[at], table.lines[at + 1 :]
    if not below:
        raise NotAList(_l("There is no row below the header."))
    width = max(len(line.cells) for line in (header, *below))
    written = (*header.cells, *[""] * (width - len(header.cells)))
    headers = tuple(plain(one) for one in written)
    source = recognise(headers)
    columns = [_column(number, text, below) for number, text in enumerate(written)]
    guessed = [_guess(one, headers[one.number], source, below) for one in columns]
    return _settled(Match(source, headers, tuple(guessed), below))


def choose(guessed: Match, chosen: Mapping[int, Field | None]) -> Match:
    """Return the match as a person wants it; what they left as it was stays a guess."""
    columns = [_chosen(one, chosen) for one in guessed.columns]
    settled = {one.field for one in columns if one.why is Why.CHOSEN}
    answered = (
        replace(one, field=None, why=Why.NOTHING)
        if one.why is Why.ASKED and one.field in settled
        else one
        for one in columns
    )
    return replace(guessed, columns=tuple(answered))


def _chosen(column: Column, chosen: Mapping[int, Field | None]) -> Column:
    if column.number not in chosen or column.why is Why.NEVER:
        return column
    field = chosen[column.number]
    is_same = field is column.field and column.why is not Why.ASKED
    return column if is_same else replace(column, field=field, why=Why.CHOSEN)


def _header_row(lines: Sequence[Line]) -> int | None:
    """Return the row that names the most columns; titles above it name none or one."""
    known = [_names(line) for line in lines[:TITLE_ROWS]]
    best = max(range(len(known)), key=lambda at: (known[at], -at))
    if known[best]:
        return best
    return _header_by_contents(lines)


def _names(line: Line) -> int:
    if any(ADDRESS.fullmatch(cell) for cell in line.cells):
        return 0
    headers = [plain(cell) for cell in line.cells if cell]
    if recognise(headers):
        return len(headers) + LOOKED_AT
    words = (EXACT, ALIASES, PHONES, HEADERS)
    return sum(any(one in known for known in words) for one in headers)


def _header_by_contents(lines: Sequence[Line]) -> int | None:
    """Take a full row without an address above rows with one for a header in a foreign language."""
    width = Counter(_filled(line) for line in lines[:LOOKED_AT]).most_common(1)[0][0]
    for at, line in enumerate(lines[:TITLE_ROWS]):
        if any(ADDRESS.fullmatch(cell) for cell in line.cells):
            return None
        if _filled(line) >= max(width, 2) and at + 1 < len(lines):
            has_addresses = any(
                ADDRESS.fullmatch(cell) for below in lines[at + 1 :] for cell in below.cells
            )
            return at if has_addresses else None
    return None


def _filled(line: Line) -> int:
    return sum(bool(cell) for cell in line.cells)


def _without_header(lines: Sequence[Line]) -> Match:
    """Match a list that has people from its first row on; Indico writes such lists."""
    width = max(len(line.cells) for line in lines)
    columns = [_column(number, _letter(number), lines) for number in range(width)]
    if width == len(INDICO_COLUMNS) and _share(lines, width - 1, _is_address) >= MOST:
        fields = [
            replace(one, field=field, why=Why.SOURCE if field else Why.NEVER)
            for one, field in zip(columns, INDICO_COLUMNS, strict=True)
        ]
        return Match(INDICO, (), tuple(fields), lines)
    guessed = _settled(
        Match(None, (), tuple(_guess(one, "", None, lines) for one in columns), lines)
    )
    if guessed.column(Field.EMAIL) is None and not guessed.has_names:
        raise NotAList(_l("We found no names and no e-mail addresses in this file."))
    return guessed


def _letter(number: int) -> str:
    """Return what a spreadsheet writes over a column: A, B, ... AA."""
    name, rest = "", number + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def _column(number: int, header: str, lines: Sequence[Line]) -> Column:
    first = [cell for cell in _cells(lines[:LOOKED_AT], number) if cell][:SAMPLES]
    return Column(number, header or _letter(number), tuple(first), None, Why.NOTHING)


def _guess(column: Column, header: str, source: Source | None, lines: Sequence[Line]) -> Column:
    """Match one column by its header, else by what stands in it; an empty one is nothing."""
    if header in PHONES:
        return replace(column, why=Why.NEVER)
    if not column.samples or (source and header in source.never):
        return column
    if source and header in source.columns:
        return replace(column, field=source.columns[header], why=Why.SOURCE)
    field, why = _by_header(column, header, lines)
    if field is None and not (source and source.columns):
        field, why = _by_contents(column, lines)
    if source and field in OWN_TO_SOURCE:
        return column
    return replace(column, field=field, why=why)


def _by_header(column: Column, header: str, lines: Sequence[Line]) -> tuple[Field | None, Why]:
    if header in EXACT:
        return EXACT[header], Why.EXACT
    field = ALIASES.get(header) or asked_for(column.header)
    is_mister = field is Field.HEADLINE and _share(lines, column.number, _is_address_form) >= MOST
    return (field, Why.ALIAS) if field and not is_mister else (None, Why.NOTHING)


def _by_contents(column: Column, lines: Sequence[Line]) -> tuple[Field | None, Why]:
    if _share(lines, column.number, _is_address) >= MOST:
        return Field.EMAIL, Why.CONTENT
    if _share(lines, column.number, lambda cell: bool(NUMBER.fullmatch(cell))) >= MOST:
        return None, Why.NEVER if _has_plus(column) else Why.NOTHING
    return None, Why.NOTHING


def _has_plus(column: Column) -> bool:
    return any(sample.startswith(("+", "00", "(")) for sample in column.samples)


def _settled(guessed: Match) -> Match:
    """Decide what only the columns together can tell, and ask where two could be the same."""
    guessed = replace(guessed, columns=tuple(_with_last_name(guessed.columns)))
    if not guessed.has_names and guessed.source is None:
        guessed = _with_name_by_contents(guessed)
    if guessed.source is None:
        guessed = _with_rival_addresses(guessed)
    rivals = Counter(one.field for one in guessed.columns if one.field)
    columns = (
        replace(one, why=Why.ASKED) if one.field and rivals[one.field] > 1 else one
        for one in guessed.columns
    )
    return replace(guessed, columns=tuple(columns))


def _with_last_name(columns: Iterable[Column]) -> Iterable[Column]:
    """Read "Name" beside a first name alone as the last name, and the other way round."""
    columns = list(columns)
    fields = {one.field for one in columns}
    has_first, has_last = Field.FIRST_NAME in fields, Field.LAST_NAME in fields
    if has_first is has_last:
        return columns
    other = Field.LAST_NAME if has_first else Field.FIRST_NAME
    return [
        replace(one, field=other, why=Why.ALIAS)
        if one.field is Field.NAME and plain(one.header) in FIRST_OR_FULL
        else one
        for one in columns
    ]


def _with_name_by_contents(guessed: Match) -> Match:
    """Take the first column that looks most like names."""
    free = [one for one in guessed.columns if one.field is None and one.why is Why.NOTHING]
    shares = [(_share(guessed.lines, one.number, _is_name), -one.number) for one in free]
    share, number = max(shares, default=(0, 0))
    if share < MOST:
        return guessed
    return _with_field(guessed, -number, Field.NAME)


def _with_rival_addresses(guessed: Match) -> Match:
    """Let a second column full of addresses compete with the one that is called e-mail."""
    for column in guessed.columns:
        is_free = column.field is None and column.samples and column.why is Why.NOTHING
        if is_free and _share(guessed.lines, column.number, _is_address) >= MOST:
            guessed = _with_field(guessed, column.number, Field.EMAIL)
    return guessed


def _with_field(guessed: Match, number: int, field: Field) -> Match:
    columns = (
        replace(one, field=field, why=Why.CONTENT) if one.number == number else one
        for one in guessed.columns
    )
    return replace(guessed, columns=tuple(columns))


def _share(lines: Sequence[Line], number: int, looks: Callable[[str], bool]) -> float:
    """Return the share of a column's filled cells, of the first rows, that look a certain way."""
    cells = [cell for cell in _cells(lines[:LOOKED_AT], number) if cell]
    return sum(looks(cell) for cell in cells) / len(cells) if cells else 0.0


def _cells(lines: Iterable[Line], number: int) -> Iterable[str]:
    return (line.cells[number] for line in lines if number < len(line.cells))


def _is_address(cell: str) -> bool:
    return bool(ADDRESS.fullmatch(cell))


def _is_name(cell: str) -> bool:
    return bool(NAME.fullmatch(cell))


def _is_address_form(cell: str) -> bool:
    return plain(cell) in FORMS_OF_ADDRESS
