"""SocioPatterns contact files in, conversations out (Genois & Barrat 2018)."""

import gzip
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

WINDOW_S = 20
LONGEST_SILENCE_S = 600
SHORTEST_CONTACT_S = 60
LARGEST_FILE_BYTES = 64 * 1024 * 1024
LONGEST_QUOTE = 80
GZIP_MAGIC = b"\x1f\x8b"
INTEGER = "(-?[0-9]{1,18})"
CONTACT_ROW = re.compile(rf"{INTEGER}[ \t]+{INTEGER}[ \t]+{INTEGER}")
GROUP_ROW = re.compile(rf"{INTEGER}(?: *\t *([^\t]+)| +(\S+))")


class UnreadableFile(ValueError):
    """The file as a whole cannot be read."""


class MalformedRow(ValueError):
    """One row is not what the format says; lines count from 1."""

    def __init__(self, line: int, found: str, expected: str) -> None:
        self.line = line
        self.found = found[:LONGEST_QUOTE]
        self.expected = expected
        super().__init__(f'line {line}: expected {expected}, found "{self.found}"')


class Contact(NamedTuple):
    """Two badges facing each other during the 20 s that end at t (seconds)."""

    t: int
    i: str
    j: str


@dataclass(frozen=True, slots=True)
class ContactConversation:
    """One conversation formed from contacts; times in seconds, a before b in numeric order."""

    start_s: int
    end_s: int
    a: str
    b: str
    contact_s: int


def read_contacts(path: Path) -> list[Contact]:
    """Read a `t i j` file, plain or gzip.

    Times in seconds. Raises MalformedRow, UnreadableFile, and OSError if it cannot be opened.
    Source of the format: sociopatterns.org.
    """
    return [_contact(line, text) for line, text in _rows(path)]


def read_groups(path: Path) -> dict[str, str]:
    """Read an `id group` file, plain or gzip, as the group of each person.

    A group's name may have blanks if a tab stands before it. Raises MalformedRow (also for a
    person in two groups), UnreadableFile, and OSError if it cannot be opened.
    """
    groups: dict[str, str] = {}
    for line, text in _rows(path):
        person, group = _membership(line, text)
        if groups.setdefault(person, group) != group:
            raise MalformedRow(line, text, "one group per person")
    return groups


def people(contacts: Iterable[Contact]) -> list[str]:
    """All ids in the contacts, in numeric order."""
    return sorted({person for contact in contacts for person in contact[1:]}, key=int)


def form_conversations(contacts: Iterable[Contact]) -> list[ContactConversation]:
    """Merge the contacts of each pair into conversations, sorted by start, a and b.

    A silence of at most 600 s does not end a conversation; under 60 s of contact it is dropped;
    it starts 20 s before its first row. Repeated rows count once. Source: the conversation rule
    for the data of Genois & Barrat 2018.
    """
    found = [
        (first - WINDOW_S, a, b, last, rows * WINDOW_S)
        for (a, b), times in _times_by_pair(contacts).items()
        for first, last, rows in _runs(sorted(times))
        if rows * WINDOW_S >= SHORTEST_CONTACT_S
    ]
    return [
        ContactConversation(start, end, str(a), str(b), contact_s)
        for start, a, b, end, contact_s in sorted(found)
    ]


def _times_by_pair(contacts: Iterable[Contact]) -> dict[tuple[int, int], set[int]]:
    """The distinct times (seconds) of each pair, the smaller id first."""
    times: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
    for t, i, j in contacts:
        a, b = int(i), int(j)
        times[(a, b) if a < b else (b, a)].add(t)
    return times


def _runs(times: list[int]) -> Iterator[tuple[int, int, int]]:
    """First time, last time and number of rows of each stretch without a long silence."""
    first = last = times[0]
    rows = 0
    for t in times:
        if t - WINDOW_S - last > LONGEST_SILENCE_S:
            yield first, last, rows
            first, rows = t, 0
        last = t
        rows += 1
    yield first, last, rows


def _contact(line: int, text: str) -> Contact:
    """One `t i j` row; raises MalformedRow."""
    row = CONTACT_ROW.fullmatch(text)
    if row is None:
        raise MalformedRow(line, text, '"time person person"')
    t, i, j = map(int, row.groups())
    if t < 0:
        raise MalformedRow(line, text, "a time of 0 or more")
    if i == j:
        raise MalformedRow(line, text, "two different people")
    return Contact(t, str(i), str(j))


def _membership(line: int, text: str) -> tuple[str, str]:
    """One `id group` row; raises MalformedRow."""
    row = GROUP_ROW.fullmatch(text)
    if row is None:
        raise MalformedRow(line, text, '"person group"')
    person, after_tab, after_blank = row.groups()
    return str(int(person)), (after_tab or after_blank).strip()


def _rows(path: Path) -> list[tuple[int, str]]:
    """Line number and stripped text of each row that is not blank; raises UnreadableFile."""
    lines = _text(path).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    rows = [(number, text.strip()) for number, text in enumerate(lines, 1) if text.strip()]
    if not rows:
        raise UnreadableFile("the file is empty")
    return rows


def _text(path: Path) -> str:
    """The whole file as text, without a byte order mark; raises UnreadableFile."""
    data = _content(path)
    if len(data) > LARGEST_FILE_BYTES:
        raise UnreadableFile(f"the file holds more than {LARGEST_FILE_BYTES // 2**20} MiB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile("the file is not UTF-8 text") from error


def _content(path: Path) -> bytes:
    """The file's bytes up to one over the limit, unpacked if gzip; raises UnreadableFile."""
    with path.open("rb") as file:
        is_packed = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
        file.seek(0)
        if not is_packed:
            return file.read(LARGEST_FILE_BYTES + 1)
        try:
            with gzip.GzipFile(fileobj=file) as unpacked:
                return unpacked.read(LARGEST_FILE_BYTES + 1)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise UnreadableFile("the gzip file is damaged or cut short") from error
