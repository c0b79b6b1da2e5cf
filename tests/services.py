"""Real servers for tests: found on the machine, started for the session, stopped by their id.

Where one is missing the test is skipped with the reason; with CI=true it fails instead.
"""

import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from configparser import ConfigParser
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

IN_CI = os.environ.get("CI") == "true"


def missing(what: str) -> None:
    """Skip the test that needs `what`, or fail it where nothing may be missing."""
    if IN_CI:
        pytest.fail(f"{what} is not installed, and CI must not skip this")
    pytest.skip(f"{what} is not installed")


def find(*names: str, folders: str = "") -> str | None:
    """Return the path of the first program found, on the PATH or in folders by pattern."""
    for name in names:
        if path := shutil.which(name):
            return path
        for folder in sorted(Path("/").glob(folders), reverse=True) if folders else ():
            if (folder / name).exists():
                return str(folder / name)
    return None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, *, seconds: float = 20) -> None:
    """Wait until something listens on a port of this machine."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port}")


class Cluster:
    """A PostgreSQL of our own on a socket, in a folder of its own."""

    def __init__(self) -> None:
        initdb = find("initdb", folders="usr/lib/postgresql/*/bin")
        server = find("postgres", folders="usr/lib/postgresql/*/bin")
        if not (initdb and server):
            missing("PostgreSQL")
        self._server = server
        self.folder = Path(tempfile.mkdtemp(prefix="bowline-pg-"))
        self._as_owner: list[str] = []
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
            self._as_owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        self.folder.chmod(0o755)
        options = ["-D", self.folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        subprocess.run(
            [*self._as_owner, initdb, *options], check=True, capture_output=True, cwd=self.folder
        )

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/postgres?host={self.folder}"

    def start(self, *, fsync: str = "on") -> None:
        """Start the server and wait until it lets somebody in."""
        settings = {"listen_addresses": "", "unix_socket_directories": self.folder, "fsync": fsync}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [*self._as_owner, self._server, "-D", self.folder / "data", *options]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
        _wait_for_socket(self.folder / ".s.PGSQL.5432", self.process)
        _wait_until_started(self.url)

    def kill(self) -> None:
        """Kill the server and each of its processes at once."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for one in (pid, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        self.process.wait(20)
        for one in children:
            while Path(f"/proc/{one}").exists():
                time.sleep(0.005)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it; SIGINT ("fast") does not wait for clients, SIGQUIT for nothing at all."""
        self.process.send_signal(how)
        self.process.wait(20)


@contextmanager
def postgresql(*, fsync: str = "off") -> Iterator[str]:
    """Run a PostgreSQL cluster of our own on a socket; gives the URL of its server."""
    cluster = Cluster()
    try:
        cluster.start(fsync=fsync)
        yield cluster.url
    finally:
        cluster.stop()
        shutil.rmtree(cluster.folder, ignore_errors=True)


@contextmanager
def pgbouncer(server_url: str, written: str) -> Iterator[str]:
    """Run a PgBouncer of our own before a server, as an operator wrote it down; gives its URL.

    Only where things are is ours: everything on sockets, and everybody let in.
    """
    program = find("pgbouncer", folders="usr/sbin")
    if program is None:
        missing("PgBouncer")
    server = psycopg.conninfo.conninfo_to_dict(server_url)
    folder = Path(tempfile.mkdtemp(prefix="bowline-pooler-"))
    said = ConfigParser(interpolation=None)
    said.read_string(written)
    said["databases"] = {server["dbname"]: f"host={server['host']} user={server['user']}"}
    said["pgbouncer"].update(
        {
            "listen_addr": "",
            "unix_socket_dir": str(folder),
            "auth_type": "any",
        }
    )
    as_owner: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        as_owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
    folder.chmod(0o755)
    with (folder / "pgbouncer.ini").open("w") as file:
        said.write(file)
    with (folder / "log").open("ab") as log:
        command = [*as_owner, program, folder / "pgbouncer.ini"]
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        port = said["pgbouncer"]["listen_port"]
        _wait_for_socket(folder / f".s.PGSQL.{port}", process)
        yield f"postgresql://{server['user']}@/{server['dbname']}?host={folder}&port={port}"
    finally:
        process.kill()
        process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for_socket(path: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server of {path} stopped at once: {_log_beside(path)}")
        if path.exists():
            with socket.socket(socket.AF_UNIX) as probe:
                if probe.connect_ex(str(path)) == 0:
                    return
        time.sleep(0.05)
    raise TimeoutError(f"nothing answers at {path}")


def _wait_until_started(url: str) -> None:
    """Wait until PostgreSQL lets somebody in: it listens before it does."""
    for _ in range(400):
        with suppress(psycopg.OperationalError), psycopg.connect(url):
            return
        time.sleep(0.05)
    raise TimeoutError("PostgreSQL lets nobody in")


def _log_beside(path: Path) -> str:
    log = path.parent / "log"
    return log.read_text() if log.exists() else ""


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """Run a Redis of our own on a socket; gives its URL."""
    server = find("redis-server")
    if server is None:
        missing("Redis")
    path = folder / "redis.sock"
    options = ["--port", "0", "--unixsocket", path, "--save", "", "--dir", folder]
    process = subprocess.Popen([server, *options], stdout=subprocess.DEVNULL)
    try:
        _wait_for_socket(path, process)
        yield f"unix://{path}"
    finally:
        process.kill()
        process.wait(10)


def node_modules() -> Path:
    """Return what tests need from Node, installed again where its lock file is newer."""
    if not (find("node") and find("npm")):
        missing("Node")
    folder = Path(__file__).resolve().parent / "node"
    installed = folder / "node_modules" / ".package-lock.json"
    with (folder / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted_at = os.fstat(lock.fileno()).st_mtime
        if not installed.exists() or installed.stat().st_mtime < wanted_at:
            command = ["npm", "ci", "--prefix", folder, "--no-audit", "--no-fund"]
            subprocess.run(command, check=True, capture_output=True)
    return folder / "node_modules"


def run_node_tests(folder: Path, *, at_least: int) -> None:
    """Run the tests of scripts in a folder by Node; each of their failures is one of ours."""
    node = find("node")
    if node is None:
        missing("Node")
    files = sorted(folder.glob("*.test.mjs"))
    assert len(files) >= at_least
    done = subprocess.run(
        [node, "--test", *files], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout


def opened_by_libreoffice(files: list[Path], *, separators: str, profile: Path) -> list[Path]:
    """Let LibreOffice open CSV files, cells split at any of the separators; gives workbooks.

    Beginning a profile takes it longer than opening a file: several calls may share one.
    """
    program = find("soffice")
    if program is None:
        missing("LibreOffice Calc")
    codes = "/".join(str(ord(separator)) for separator in separators)
    options = [
        f"-env:UserInstallation=file://{profile}",
        "--headless",
        f"--infilter=CSV:{codes},34,76,1",  # quotes are double, the text is UTF-8
        *("--convert-to", "xlsx", "--outdir", files[0].parent),
    ]
    subprocess.run([program, *options, *files], check=True, capture_output=True, timeout=120)
    return [file.with_suffix(".xlsx") for file in files]


def told_operators(language: str) -> str:
    """Return the example in a language from the page for operators."""
    page = Path(__file__).resolve().parents[1] / "docs" / "operating.md"
    (found,) = re.findall(
        rf"^```{language}\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL
    )
    return str(found)
