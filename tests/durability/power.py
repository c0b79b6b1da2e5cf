"""The power goes: what was not synced is lost, kept, or torn, and the database is opened again.

A cut stops the diary of a real run at any entry. What had been synced by then is on the disk. Of
every later write the disk has kept all, nothing, or some sectors: disks write in any order.
"""

import json
import random
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from durability.acts import FEWEST_GUESTS, everything
from durability.figures import Figure
from durability.guests import hold_party
from durability.installation import installation, sqlite_url
from durability.ledger import Ledger
from durability.load import load
from durability.trace import (
    DATABASE,
    DIARY,
    LOG,
    SYNC,
    SYNCED,
    SYNCHRONOUS,
    TOLD,
    TRUNCATE,
    Diary,
    Entry,
    entries,
)

CUTS, CUTS_SHORT = 1_000, 30
ACKNOWLEDGEMENTS, ACKNOWLEDGEMENTS_SHORT = 2_000, 100
SECTOR = 512


class ToldLedger(Ledger):
    """A ledger whose lines stand in the diary too."""

    def note_in(self, diary: Diary) -> None:
        """Write into this diary from now on."""
        self.diary = diary

    def count(self, by_id: str, nonce: str, where: str, *, is_proven: bool) -> None:
        """Note that a scan counted, and in which talk."""
        self.diary.note(TOLD, data=json.dumps([by_id, nonce]).encode())
        super().count(by_id, nonce, where, is_proven=is_proven)

    def confirm(self, where: str) -> None:
        """Note that the other side said yes."""
        self.diary.note(TOLD, data=json.dumps([where.rsplit("/", 1)[1]]).encode())
        super().confirm(where)


@dataclass
class Disk:
    """What a file surely holds, and what was asked for since."""

    kept: bytearray
    asked: list[tuple[int, Entry]] = field(default_factory=list)
    syncing: dict[int, int] = field(default_factory=dict)
    """Until which entry each sync under way will have written all."""

    def take(self, at: int, entry: Entry) -> None:
        """Do what an entry says."""
        if entry.kind == SYNC:
            self.syncing[entry.by] = at
        elif entry.kind == SYNCED:
            until = self.syncing.pop(entry.by)
            for number, one in self.asked:
                if number < until:
                    _apply(self.kept, one)
            self.asked = [(number, one) for number, one in self.asked if number >= until]
        else:
            self.asked.append((at, entry))

    def after_cut(self, chance: random.Random) -> bytes:
        """Return what the file holds when the power is back."""
        found = bytearray(self.kept)
        for _, one in self.asked:
            match chance.randrange(3):
                case 0:
                    _apply(found, one)
                case 1 if one.kind != TRUNCATE:
                    _apply_torn(found, one, chance)
        return bytes(found)


def _apply(content: bytearray, entry: Entry) -> None:
    if entry.kind == TRUNCATE:
        del content[entry.offset :]
        return
    _put(content, entry.offset, entry.data)


def _put(content: bytearray, offset: int, data: bytes) -> None:
    content.extend(bytes(max(0, offset - len(content))))
    content[offset : offset + len(data)] = data


def _apply_torn(content: bytearray, entry: Entry, chance: random.Random) -> None:
    """Keep some sectors of a write."""
    end = entry.offset + len(entry.data)
    edges = [entry.offset, *range(entry.offset // SECTOR * SECTOR + SECTOR, end, SECTOR), end]
    for start, stop in pairwise(edges):
        if chance.random() < 0.5:
            _put(content, start, entry.data[start - entry.offset : stop - entry.offset])


@dataclass
class Tally:
    """What was found after all cuts of a run."""

    cuts: int = 0
    told: int = 0
    lost: int = 0
    cuts_with_loss: int = 0
    damaged: int = 0
    torn: int = 0
    """Cuts at which something was not synced."""


def measure(*, is_short: bool) -> Iterator[Figure]:
    """Cut the power of a run as it is meant to be, and of one that syncs less often."""
    cuts, enough = (CUTS, ACKNOWLEDGEMENTS)
    if is_short:
        cuts, enough = CUTS_SHORT, ACKNOWLEDGEMENTS_SHORT
    ours, control = run(cuts, enough), run(cuts, enough, level="NORMAL")
    yield Figure(
        what="power cut below SQLite, torn writes included",
        asked=f"{cuts} cuts: 0 acknowledged lost; synchronous=NORMAL must lose some",
        measured=(
            f"{ours.told} acknowledged, {ours.cuts} cuts ({ours.torn} amid writes): "
            f"{ours.lost} lost, {ours.damaged} damaged; NORMAL lost some in "
            f"{control.cuts_with_loss} of {control.cuts}, {control.damaged} damaged"
        ),
        is_met=not ours.lost and not ours.damaged and control.lost > 0,
    )


def run(cuts: int, enough: int, *, level: str = "") -> Tally:
    """Keep a diary of people scanning, and cut the power at random entries of it."""
    with tempfile.TemporaryDirectory(prefix="bowline-power-") as name:
        folder = Path(name)
        diary = folder / "diary"
        more = {DIARY: str(diary)} | ({SYNCHRONOUS: level} if level else {})
        before = _scan(folder, diary, enough, more)
        return cut_often(entries(diary), before, cuts, folder)


def _scan(folder: Path, diary: Path, enough: int, more: dict[str, str]) -> bytes:
    """Let people scan; gives what the database held before."""
    ledger = ToldLedger()
    ledger.note_in(Diary(diary))
    with installation(folder, sqlite_url(folder), wsgi="durability.recorded:app") as one:
        party = hold_party(one.app, FEWEST_GUESTS)
        one.close_database()
        before = (folder / "bowline.sqlite").read_bytes()
        one.start(**more)
        with load(one.port, everything(party, random.Random(5)), ledger) as running:
            running.wait_until(enough)
        one.kill()
    return before


def cut_often(found: Iterator[Entry], before: bytes, cuts: int, folder: Path) -> Tally:
    """Cut at random entries, half of them right after somebody was told that a scan counts."""
    chance, diary = random.Random(5), list(found)
    told = [at for at, entry in enumerate(diary) if entry.kind == TOLD]
    others = [at for at in range(told[0], len(diary)) if diary[at].kind != TOLD]
    wanted = {*chance.sample(told, cuts // 2), *chance.sample(others, cuts - cuts // 2)}
    disks = {DATABASE: Disk(bytearray(before)), LOG: Disk(bytearray())}
    tally, heard = Tally(), []
    for at, entry in enumerate(diary):
        if entry.kind == TOLD:
            heard.append(json.loads(entry.data))
        else:
            disks[entry.file].take(at, entry)
        if at in wanted:
            _cut(disks, heard, tally, folder, chance)
    tally.told = len(heard)
    return tally


def _cut(
    disks: dict[bytes, Disk],
    heard: list[list[str]],
    tally: Tally,
    folder: Path,
    chance: random.Random,
) -> None:
    path = folder / "after.sqlite"
    path.write_bytes(disks[DATABASE].after_cut(chance))
    path.with_name("after.sqlite-wal").write_bytes(disks[LOG].after_cut(chance))
    path.with_name("after.sqlite-shm").unlink(missing_ok=True)
    missing, is_whole = _looked_into(path, heard)
    tally.cuts += 1
    tally.torn += any(disk.asked for disk in disks.values())
    tally.lost += missing
    tally.cuts_with_loss += missing > 0
    tally.damaged += not is_whole


def _looked_into(path: Path, heard: list[list[str]]) -> tuple[int, bool]:
    """Return how much of what was heard is not there, and whether the database is whole."""
    connection = sqlite3.connect(path)
    try:
        is_whole = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        kept = {tuple(row) for row in connection.execute("SELECT by_id, nonce FROM claim")}
        proven = connection.execute("SELECT id FROM conversation WHERE proven_at IS NOT NULL")
        kept |= {tuple(row) for row in proven}
    except sqlite3.DatabaseError:
        return len(heard), False
    finally:
        connection.close()
    return sum(tuple(one) not in kept for one in heard), is_whole
