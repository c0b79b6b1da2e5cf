"""Which rows become guests, which do not count, and what is wrong with the others."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from webapp.accounts.rules import normal_address
from webapp.core.text import LONGEST_LINE
from webapp.exchange.guests.rules.matching import Match
from webapp.exchange.guests.rules.tables import Line
from webapp.exchange.guests.rules.words import NAMES, Field, plain

LONGEST_FOUND = 80
LONGEST_PLAIN = 64
PLAIN_LOCAL = re.compile(r"[a-zA-Z0-9]+(?:[._+-][a-zA-Z0-9]+)*", re.ASCII)
"""The part before the @ of most addresses; others are looked at more closely."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """What one row says about one person; empty where it says nothing."""

    row: int
    key: str = ""
    """What the source calls this guest."""
    name: str
    organisation: str = ""
    headline: str = ""
    group_name: str = ""
    address: str = ""


class Wrong(StrEnum):
    """What can be wrong with a row."""

    NO_NAME = "no_name"
    ADDRESS = "address"
    LONG = "long"
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot be imported: where, what was expected there, and what stands there."""

    line: Line
    column: str
    wrong: Wrong
    expected: Any
    found: str

    @property
    def row(self) -> int:
        """The number a spreadsheet shows beside it."""
        return self.line.number


@dataclass(frozen=True, slots=True)
class Checked:
    """Everything a list says."""

    guests: list[Guest]
    rejected: list[Rejected]
    not_counted: int
    """Rows of people who are not coming, and of tickets that are nobody's yet."""


class Checker:
    """Checks the rows of one list; what stands in it twice is known from the start."""

    def __init__(self, match: Match) -> None:
        self.match = match
        self.numbers = {field: column.number for field in Field if (column := match.column(field))}
        self.key_columns = self._key_columns()
        self.domains: dict[str, str] = {}
        self.first_rows: dict[tuple[str, ...], int] = {}
        self.with_address: dict[tuple[str, ...], int] = {}
        for line in match.lines:
            if self._name(line) and self._counts(line):
                self._note(line)

    def check(self, lines: Iterable[Line] | None = None) -> Checked:
        """Check all rows, or some of them."""
        guests: list[Guest] = []
        rejected: list[Rejected] = []
        not_counted = 0
        for line in self.match.lines if lines is None else lines:
            if self._is_nobody(line) or not self._counts(line):
                not_counted += 1
                continue
            if self._is_blank(line):
                continue
            found = self._guest(line)
            if isinstance(found, Guest):
                guests.append(found)
            else:
                rejected.append(found)
        return Checked(guests, rejected, not_counted)

    def _key_columns(self) -> list[int]:
        """Return the columns that tell one guest from another, if the source has such."""
        source, headers = self.match.source, self.match.plain_headers
        for choice in source.key if source else ():
            if all(one in headers for one in choice):
                return [headers.index(one) for one in choice]
        return []

    def _cell(self, line: Line, number: int | None) -> str:
        return line.cells[number] if number is not None and number < len(line.cells) else ""

    def _value(self, line: Line, field: Field) -> str:
        return self._cell(line, self.numbers.get(field))

    def _name(self, line: Line) -> str:
        """Return the full name, or the first and the last one."""
        whole = self._value(line, Field.NAME)
        parts = (self._value(line, Field.FIRST_NAME), self._value(line, Field.LAST_NAME))
        return whole or " ".join(part for part in parts if part)

    def _key(self, line: Line) -> str:
        parts = [self._cell(line, number) for number in self.key_columns]
        return " / ".join(parts) if parts and all(parts) else ""

    def _is_blank(self, line: Line) -> bool:
        return not any(self._value(line, field) for field in self.numbers)

    def _is_nobody(self, line: Line) -> bool:
        """Tell whether this is a ticket nobody has been named for yet."""
        source = self.match.source
        is_possible = source is not None and source.may_be_nobody
        return is_possible and not self._name(line) and not self._value(line, Field.EMAIL)

    def _counts(self, line: Line) -> bool:
        """Tell whether the source says that this person comes."""
        source = self.match.source
        for rule in (source.counts, source.void) if source else ():
            if rule and rule[0] in self.match.plain_headers:
                number = self.match.plain_headers.index(rule[0])
                if plain(self._cell(line, number)) not in rule[1]:
                    return False
        return True

    def _identity(self, line: Line) -> tuple[str, ...]:
        """Return what must not stand in a list twice."""
        key, address = self._key(line), self._value(line, Field.EMAIL).lower()
        if key:
            return "key", key
        return ("address", address) if address else self._spelled(line)

    def _spelled(self, line: Line) -> tuple[str, ...]:
        return "name", self._name(line), self._value(line, Field.ORGANISATION)

    def _note(self, line: Line) -> None:
        self.first_rows.setdefault(self._identity(line), line.number)
        if not self.key_columns and self._value(line, Field.EMAIL):
            self.with_address.setdefault(self._spelled(line), line.number)

    def _guest(self, line: Line) -> Guest | Rejected:
        name, typed = self._name(line), self._value(line, Field.EMAIL)
        if not name:
            return self._rejected(line, NAMES, Wrong.NO_NAME, _l("a name"), "")
        address = self._address(typed) if typed else ""
        if address is None:
            expected = _l("an e-mail address")
            return self._rejected(line, (Field.EMAIL,), Wrong.ADDRESS, expected, typed)
        return (
            next(self._too_long(line, name), None)
            or self._twice(line)
            or Guest(
                row=line.number,
                key=self._key(line),
                name=name,
                organisation=self._value(line, Field.ORGANISATION),
                headline=self._value(line, Field.HEADLINE),
                group_name=self._value(line, Field.GROUP),
                address=address,
            )
        )

    def _address(self, typed: str) -> str | None:
        """Return an address as it is compared; a domain that was good once is good again."""
        local, _, domain = typed.rpartition("@")
        if not PLAIN_LOCAL.fullmatch(local) or len(typed) > LONGEST_PLAIN:
            return normal_address(typed)
        if domain not in self.domains:
            self.domains[domain] = (normal_address(f"a@{domain}") or "").removeprefix("a")
        return local.lower() + self.domains[domain] if self.domains[domain] else None

    def _too_long(self, line: Line, name: str) -> Iterator[Rejected]:
        expected = _l("at most 120 characters")
        if len(name) > LONGEST_LINE:
            yield self._rejected(line, NAMES, Wrong.LONG, expected, name)
        for field in (Field.ORGANISATION, Field.HEADLINE, Field.GROUP):
            if len(value := self._value(line, field)) > LONGEST_LINE:
                yield self._rejected(line, (field,), Wrong.LONG, expected, value)

    def _twice(self, line: Line) -> Rejected | None:
        """Reject a row whose person stands in another row, which is the one to keep."""
        identity = self._identity(line)
        first = self.first_rows[identity]
        if identity[0] == "name":
            first = self.with_address.get(identity, first)
        if first == line.number:
            return None
        expected = _l("each person once; row %(row)s has the same", row=first)
        fields = (Field.EMAIL,) if identity[0] == "address" else NAMES
        return self._rejected(line, fields, Wrong.TWICE, expected, identity[1])

    def _rejected(
        self, line: Line, fields: Iterable[Field], wrong: Wrong, expected: Any, found: str
    ) -> Rejected:
        columns = (self.match.column(field) for field in fields)
        header = next((one.header for one in columns if one), "")
        return Rejected(line, header, wrong, expected, found[:LONGEST_FOUND])
