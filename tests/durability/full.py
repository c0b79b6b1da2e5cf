"""The disk is full, and later it has room again."""

import random
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from durability.acts import FEWEST_GUESTS, everything
from durability.figures import Figure
from durability.guests import hold_party
from durability.installation import Installation, installation, sqlite_url
from durability.ledger import Ledger, judge
from durability.load import Load, load
from durability.servers import few_processes

SIZE = 64 * 1024 * 1024
FULL, FULL_SHORT = 20, 1
"""How often the disk is full."""
BETWEEN = 60
"""Acknowledgements with room on the disk."""
SECONDS_FULL = 2.0
BLOCK = bytes(4096)

Fill = Callable[[], Callable[[], None]]
"""Fills the disk, and gives what makes room again."""


def measure(*, is_short: bool) -> Iterator[Figure]:
    """Fill the disk and empty it again while people scan."""
    few = few_processes(is_short=is_short)
    with (
        tempfile.TemporaryDirectory(prefix="bowline-full-") as name,
        small_disk(Path(name)) as disk,
        tempfile.TemporaryDirectory(prefix="bowline-full-") as data,
        installation(Path(data), sqlite_url(disk or Path(name)), **few) as one,
    ):
        times = FULL_SHORT if is_short else FULL
        if disk:
            yield _figure(one, times, lambda: _ballast(disk), "a disk of 64 MB")
        else:
            yield _figure(one, times, lambda: _no_longer_file(one), "files that may not grow")


@contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """Put a small disk into a folder, where that is allowed."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", folder]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def _ballast(disk: Path) -> Callable[[], None]:
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(BLOCK) == len(BLOCK):
                pass
        except OSError:
            pass
    return ballast.unlink


def _no_longer_file(one: Installation) -> Callable[[], None]:
    longest = max(file.stat().st_size for file in one.folder.parent.glob("bowline-full-*/bowline*"))
    for pid in one.processes():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (longest, resource.RLIM_INFINITY))

    def make_room() -> None:
        for pid in one.processes():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)

    return make_room


def _figure(one: Installation, times: int, fill: Fill, how: str) -> Figure:
    ledger = Ledger()
    party = hold_party(one.app, FEWEST_GUESTS)
    one.start()
    reads, waits = [], []
    with load(one.port, everything(party, random.Random(5)), ledger) as running:
        for number in range(times):
            running.wait_until((number + 1) * BETWEEN)
            make_room = fill()
            time.sleep(SECONDS_FULL)
            reads.append(one.answers())
            before = ledger.acknowledged
            make_room()
            waits.append(_seconds_until_more_than(before, running))
    one.stop()
    verdict = judge(one.app, ledger)
    return Figure(
        what="disk full",
        asked=f"{times} times: 503 with Retry-After, 0 lost, works again without a restart",
        measured=(
            f"{how}: {ledger.asked_to_wait} asked to wait, {ledger.wrong} other answers, "
            f"{ledger.acknowledged} acknowledged, {verdict.lost} lost, "
            f"{'whole' if verdict.is_whole else 'DAMAGED'}; pages opened meanwhile {sum(reads)} "
            f"of {times}; went on after {max(waits):.1f} s"
        ),
        is_met=verdict.is_fine
        and not (ledger.wrong or ledger.without_answer)
        and ledger.asked_to_wait > 0
        and all(reads),
    )


def _seconds_until_more_than(before: int, running: Load) -> float:
    began = time.monotonic()
    running.wait_until(before + 1)
    return time.monotonic() - began
