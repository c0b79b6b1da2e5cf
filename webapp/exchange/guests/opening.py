"""A list that waits, opened: its columns as matched and chosen, and its rows checked."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webapp.core.errors import DomainError
from webapp.exchange.guests.models import GuestList
from webapp.exchange.guests.packing import unpack
from webapp.exchange.guests.queries import known_attendees
from webapp.exchange.guests.rules.checking import Checked, Checker
from webapp.exchange.guests.rules.comparing import Fate, Room
from webapp.exchange.guests.rules.matching import Match, choose, match
from webapp.exchange.guests.rules.tables import Table
from webapp.exchange.guests.rules.words import Field
from webapp.exchange.guests.services import CHUNK_ROWS, Chunk

NO_SOURCE = "sheet"


@dataclass(frozen=True)
class OpenList:
    """A table, what was guessed about its columns, and what somebody chose."""

    table: Table
    guessed: Match
    match: Match

    @property
    def source(self) -> str:
        """What the list comes from, as it is stored."""
        return self.match.source.name if self.match.source else NO_SOURCE

    @property
    def is_settled(self) -> bool:
        """True if every column has found its place."""
        return self.match.has_names and not self.match.questions

    @cached_property
    def checker(self) -> Checker:
        """Made once: it reads all rows for what stands in them twice."""
        return Checker(self.match)

    @cached_property
    def checked(self) -> Checked:
        """All rows, checked."""
        return self.checker.check()

    def chunk(self, start: int) -> Chunk:
        """Return the next rows to import.

        Raises:
            DomainError: the columns are not matched.
        """
        if not self.is_settled:
            raise DomainError(_("Please match the columns first."))
        stop = start + CHUNK_ROWS
        guests = self.checker.check(self.match.lines[start:stop]).guests
        return Chunk(start, stop, guests, is_last=stop >= len(self.match.lines))

    def chunks(self) -> Iterator[Chunk]:
        """Give all chunks, one after the other."""
        for start in range(0, len(self.match.lines), CHUNK_ROWS):
            yield self.chunk(start)

    def fates(self, session: Session, event_id: str) -> Counter[Fate]:
        """Count what importing would do, in one query."""
        known = known_attendees(session, event_id=event_id, source=self.source)
        return Counter(one.fate for one in Room(known).judge(self.checked.guests))


def open_table(table: Table, chosen: Mapping[int, Field | None]) -> OpenList:
    """Match the columns of a table, as somebody chose.

    Raises:
        NotAList: it holds no people.
    """
    guessed = match(table)
    return OpenList(table, guessed, choose(guessed, chosen))


def open_list(waiting: GuestList) -> OpenList:
    """Open a list as it was last left."""
    chosen = {
        int(number): Field(field) if field else None for number, field in waiting.chosen.items()
    }
    return open_table(unpack(waiting.content), chosen)
