"""Backups and migrations at full length: their tests, with many drills and a million rows."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from durability.figures import Figure
from durability.installation import ROOT

DRILLS, MIGRATED, KILLS = 30, 1_000_000, 5
DRILLS_SHORT, MIGRATED_SHORT, KILLS_SHORT = 1, 300, 1
"""On each database; a short run of them is what every run of the tests does."""


@dataclass(frozen=True)
class Run:
    """What pytest says of some tests."""

    passed: int
    failed: int
    seconds: float

    @property
    def is_fine(self) -> bool:
        """True if they ran and all passed."""
        return self.passed > 0 and not self.failed


def back_up(*, is_short: bool) -> Iterator[Figure]:
    """Back up under load, lose or replace the database, bring it back."""
    drills = DRILLS_SHORT if is_short else DRILLS
    drilled = run("tests/operating/test_backup.py::test_drill", DRILLS=drills)
    rest = run("tests/operating/test_backup.py", DRILLS=0)
    yield Figure(
        what="backup and restore",
        asked=f"{drills} drills on each database, 0 failures; erasures are redone",
        measured=(
            f"{drilled.passed} drills in {drilled.seconds:.0f} s, {drilled.failed} failures; "
            f"{rest.passed} other ways, {rest.failed} failures"
        ),
        is_met=drilled.is_fine and drilled.passed == 2 * drills and rest.is_fine,
    )


def migrate(*, is_short: bool) -> Iterator[Figure]:
    """Bring a full database up to date, killed half way and run again."""
    rows, kills = (MIGRATED_SHORT, KILLS_SHORT) if is_short else (MIGRATED, KILLS)
    found = run("tests/operating/test_migrating_killed.py", ROWS=rows, KILLS=kills)
    yield Figure(
        what="migrations",
        asked=f"{rows:,} talks, on each database: 0 lost, also when killed {kills} times",
        measured=f"{found.passed} ways in {found.seconds:.0f} s, {found.failed} with a loss",
        is_met=found.is_fine,
    )


def run(tests: str, **sizes: int) -> Run:
    """Run tests with other sizes, in a process of their own."""
    with tempfile.TemporaryDirectory(prefix="bowline-durability-") as folder:
        told = Path(folder) / "told.xml"
        plain = ["-q", "-p", "no:cacheprovider", "-n", "0", "--junit-xml", str(told)]
        subprocess.run(
            [sys.executable, "-m", "pytest", *plain, tests],
            cwd=ROOT,
            env=os.environ | {name: str(size) for name, size in sizes.items()},
            stdout=subprocess.DEVNULL,
            check=False,
        )
        suite = ET.parse(told).getroot().find("testsuite")  # noqa: S314
    assert suite is not None
    ran, missed = int(suite.attrib["tests"]), int(suite.attrib["skipped"])
    failed = int(suite.attrib["failures"]) + int(suite.attrib["errors"])
    return Run(ran - failed - missed, failed, float(suite.attrib["time"]))
