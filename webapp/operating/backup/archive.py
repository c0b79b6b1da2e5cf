"""The file of a backup: a tar with a copy of the database, and a manifest that says of what."""

import hashlib
import json
import os
import secrets
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FORMAT = 1
MANIFEST, COPY = "manifest.json", "database"
CHUNK = 1024 * 1024


class Unusable(Exception):
    """A backup that is damaged or does not fit; its message is one plain line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup holds."""

    made_at: str
    kind: str
    """Which database it is for: sqlite or postgresql."""
    migration: str
    people: int
    badge_key: str
    """Tells whether badges were made with the same key, and nothing of the key."""
    sha256: str
    bytes: int
    format: int = FORMAT


@contextmanager
def written_whole(file: Path) -> Iterator[Path]:
    """Write a file under another name; it gets its own when all of it is on the disk.

    Raises:
        Unusable: there is such a file already.
    """
    if file.exists():
        raise Unusable(f"{file} is there already; a backup is never written over another.")
    unfinished = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield unfinished
        sync(unfinished)
        unfinished.rename(file)
        sync(file.parent)
    finally:
        unfinished.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def pack(file: Path, *, copy: Path, manifest: Manifest, at: Path) -> None:
    """Put manifest and copy into a tar."""
    said = at / MANIFEST
    told = asdict(manifest)
    said.write_text(json.dumps(told | {"seal": _seal(told)}, indent=1))
    with tarfile.open(file, "w:gz", compresslevel=3) as tar:
        for path, name in ((said, MANIFEST), (copy, COPY)):
            tar.add(path, name, recursive=False, filter=_nameless)


def _nameless(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uname = member.gname = ""
    member.uid = member.gid = 0
    member.mode = 0o600
    return member


def unpack(file: Path, *, into: Path) -> tuple[Manifest, Path]:
    """Take a backup apart and check it.

    Raises:
        Unusable: it is no backup, or not whole.
    """
    try:
        with tarfile.open(file, "r:gz") as tar:
            for name in (MANIFEST, COPY):
                tar.extract(tar.getmember(name), into, filter="data")
        told = json.loads((into / MANIFEST).read_text())
        seal = told.pop("seal")
        manifest = Manifest(**told)
    except OSError as error:
        raise Unusable(f"{file} cannot be read: {error.strerror or error}.") from None
    except (tarfile.TarError, EOFError, KeyError, TypeError, ValueError):
        raise Unusable(f"{file} is no backup of Bowline, or only a part of one.") from None
    copy = into / COPY
    with suppress(OSError):
        copy.chmod(0o600)
    if manifest.format != FORMAT:
        raise Unusable(f"{file} was written by a newer Bowline.")
    if seal != _seal(told) or digest_of(copy) != manifest.sha256:
        raise Unusable(f"{file} is damaged: its content does not match its digests.")
    return manifest, copy


def _seal(told: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a file."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
