"""A copy of the project in which guards are taken away and put back."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree as ET

from guards.guard import Guard

ROOT = Path(__file__).resolve().parents[2]
LINKED = "tests/node/node_modules"
AFTERWARDS = "failed on teardown"
"""How the message of what could not be put away after a failed test begins."""
UNWANTED = frozenset({"PYTHONDONTWRITEBYTECODE", "PYTHONPATH"})
BY_ASSERTION = ("assert ", "AssertionError", "Failed: ")
"""How the message of a test begins that failed because something was not as it says."""
TEST_FAILED = 1


class Scratch:
    """A copy of all files of the project that git knows or would take."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seconds = count(60)
        """How much newer each change is, so that nothing compiled before is taken for it."""
        listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout
        for name in filter(None, names.split("\0")):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)
        if (ROOT / LINKED).exists():
            (folder / LINKED).symlink_to(ROOT / LINKED)
        compiled = [sys.executable, "-m", "compileall", "-q", "webapp", "tests"]
        subprocess.run(compiled, cwd=folder, check=False, stdout=subprocess.DEVNULL)

    @contextmanager
    def without(self, guard: Guard) -> Iterator[None]:
        """Take a guard away for a while."""
        file = self.folder / guard.file
        held, at = file.read_text(), file.stat()
        if held.count(guard.old) != 1:
            raise LookupError(f"{guard.file} does not have exactly one {guard.old!r}")
        file.write_text(held.replace(guard.old, guard.new))
        later = at.st_mtime + next(self._seconds)
        os.utime(file, (later, later))
        try:
            yield
        finally:
            file.write_text(held)
            os.utime(file, ns=(at.st_atime_ns, at.st_mtime_ns))

    def run(self, tests: Sequence[str], *, on: str) -> "Run":
        """Run tests on one kind of database."""
        where = [] if on == "postgresql" else ["-k", "not postgresql"]
        report = self.folder / "report.xml"
        report.unlink(missing_ok=True)
        options = ["-q", "-x", "-n0", "-p", "no:cacheprovider", f"--junitxml={report}"]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *options, *where, *tests],
            cwd=self.folder,
            env={name: value for name, value in os.environ.items() if name not in UNWANTED},
            capture_output=True,
            text=True,
            check=False,
        )
        return Run(done.returncode, done.stdout[-3_000:] + done.stderr[-1_000:], _troubles(report))


class Run:
    """What came of running tests."""

    def __init__(self, status: int, told: str, troubles: Sequence[tuple[str, str]]) -> None:
        self.status, self.told, self.troubles = status, told, troubles

    @property
    def passed(self) -> bool:
        """True if there were tests, and none failed."""
        return self.status == 0 and " passed" in self.told

    @property
    def failed_by_assertion(self) -> bool:
        """True if a test itself found that something is not as it says.

        pytest ends with 1, not with a status of its own trouble; its report names a failure of
        the test and no error of what it needs to begin; and the message is that of an assertion.
        """
        failures = [message for kind, message in self.troubles if kind == "failure"]
        errors = [message for kind, message in self.troubles if kind == "error"]
        return (
            self.status == TEST_FAILED
            and bool(failures)
            and all(message.startswith(BY_ASSERTION) for message in failures)
            and all(message.startswith(AFTERWARDS) for message in errors)
        )

    @property
    def why(self) -> str:
        """The first line of what was wrong."""
        messages = [message for _, message in self.troubles]
        return next(iter(" ".join(messages).splitlines()), self.told.strip()[-300:])


def _troubles(report: Path) -> list[tuple[str, str]]:
    """Read which tests failed or could not begin, and what they said."""
    if not report.exists():
        return []
    found = ET.parse(report).getroot()  # noqa: S314  # pytest has written it just now
    return [
        (one.tag, one.get("message", ""))
        for case in found.iter("testcase")
        for one in case
        if one.tag in {"failure", "error"}
    ]


@contextmanager
def scratch() -> Iterator[Scratch]:
    """A copy that is gone afterwards."""
    with TemporaryDirectory(prefix="bowline-guards-") as name:
        yield Scratch(Path(name))
