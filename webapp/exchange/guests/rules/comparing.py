"""Who of a list is at the event already, and what the list would change about them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from webapp.exchange.guests.rules.checking import Guest

NEVER_NONE = ("name", "organisation", "headline")
PRINTED = (*NEVER_NONE, "group_name", "address")
"""What a list can change about an attendee."""


class Fate(StrEnum):
    """What importing does with a guest."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    THEIRS = "theirs"
    """The list says something else, but the badge has been claimed: what it says is its owner's."""


@dataclass(frozen=True, slots=True)
class Known:
    """An attendee as far as a list may know them."""

    id: str
    name: str
    organisation: str
    headline: str
    group_name: str
    address: str
    is_claimed: bool
    key: str
    """What the source of this list calls them; empty if they came from elsewhere."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One guest of a list, who they are at the event, and what would happen."""

    guest: Guest
    known: Known | None
    fate: Fate

    @property
    def printed(self) -> dict[str, str | None]:
        """All columns as they would be afterwards; what a list leaves empty stays."""
        return {name: self._said(name) or None for name in PRINTED} | {
            name: self._said(name) for name in NEVER_NONE
        }

    def _said(self, name: str) -> str:
        return getattr(self.guest, name) or (getattr(self.known, name) if self.known else "")


def is_same(guest: Guest, known: Known) -> bool:
    """Tell whether a list says nothing new; silence is nothing new."""
    return all(getattr(guest, name) in {"", getattr(known, name)} for name in PRINTED)


class Room:
    """Finds the guests of a list among the attendees of an event, each attendee once."""

    def __init__(self, known: Iterable[Known]) -> None:
        self.by_key: dict[str, Known] = {}
        self.by_address: defaultdict[str, list[Known]] = defaultdict(list)
        self.by_name: defaultdict[tuple[str, str], list[Known]] = defaultdict(list)
        self.taken: set[str] = set()
        for one in known:
            if one.key:
                self.by_key[one.key] = one
            if one.address:
                self.by_address[one.address].append(one)
            else:
                self.by_name[one.name, one.organisation].append(one)

    def judge(self, guests: Iterable[Guest]) -> list[Verdict]:
        """Say what importing would do with each guest, in the order of the list."""
        return [self._verdict(guest) for guest in guests]

    def _verdict(self, guest: Guest) -> Verdict:
        known = self._find(guest)
        if known is None:
            return Verdict(guest, None, Fate.NEW)
        self.taken.add(known.id)
        if is_same(guest, known):
            return Verdict(guest, known, Fate.UNCHANGED)
        return Verdict(guest, known, Fate.THEIRS if known.is_claimed else Fate.UPDATED)

    def _find(self, guest: Guest) -> Known | None:
        """Look by the source's own key, then by address, then by name and organisation.

        An address may be shared (one orders for many), so a guest with a key, and one among
        several with an address, has to have the same name too.
        """
        if guest.key and guest.key in self.by_key:
            return self.by_key[guest.key]
        at_address = self._free(self.by_address.get(guest.address, ()), guest)
        if len(at_address) == 1 and not guest.key:
            return at_address[0]
        alike = (one for one in at_address if one.name == guest.name)
        spelled = self._free(self.by_name.get((guest.name, guest.organisation), ()), guest)
        return next(alike, None) or next(iter(spelled), None)

    def _free(self, found: Iterable[Known], guest: Guest) -> list[Known]:
        """Leave out whom this list has named already, by another row or another key."""
        return [one for one in found if one.id not in self.taken and not (guest.key and one.key)]
