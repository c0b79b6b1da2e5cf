"""Making a backup, and bringing one back."""

import hashlib
import hmac
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from webapp.accounts.models import Device, Person, SignInCode
from webapp.core import db as database
from webapp.core import door, tables
from webapp.core.config import Config
from webapp.operating import queries
from webapp.operating.backup import archive, postgresql, sqlite
from webapp.operating.backup.archive import Manifest, Unusable
from webapp.retention.withdrawn import listing
from webapp.retention.withdrawn.rules import Kind, Withdrawal
from webapp.retention.withdrawn.services import AGAIN, do_again

MakeApp = Callable[[Config], Flask]


@dataclass(frozen=True, slots=True)
class BroughtBack:
    """What came of a restore."""

    made_at: str
    people: int
    again: Counter[Kind] = field(default_factory=Counter)
    """How much of what people took back since was taken back once more."""
    aside: str | None = None
    """Where the database of before is kept."""
    has_same_key: bool = True


def back_up(config: Config, file: Path, *, now: datetime) -> Manifest:
    """Write the whole database into one file, while it is in use.

    Raises:
        Unusable: it cannot be done; the message says why.
    """
    with archive.written_whole(file) as unfinished, _workshop(file.parent) as folder:
        copy = folder / archive.COPY
        with database.reading() as session:
            stands_at = queries.stands_at(session)
            if stands_at is None:
                raise Unusable("There is no database yet.")
            people = _count_people(session)
        if _is_sqlite(config):
            sqlite.copy_out(_file_of(config), copy)
        else:
            postgresql.refuse_pooler(config.database_url)
            postgresql.copy_out(config.database_url, copy)
        manifest = Manifest(
            made_at=now.isoformat(timespec="seconds"),
            kind=_kind(config),
            migration=stands_at,
            people=people,
            badge_key=_fingerprint(config),
            sha256=archive.digest_of(copy),
            bytes=copy.stat().st_size,
        )
        archive.pack(unfinished, copy=copy, manifest=manifest, at=folder)
    return manifest


def bring_back(
    config: Config,
    file: Path,
    *,
    lists: list[Path],
    may_replace: bool,
    make_app: MakeApp,
    now: datetime,
) -> BroughtBack:
    """Put the database of a backup in place of the one there is.

    It is brought up to date, what people took back since is taken back again, and all devices are
    signed out, before anybody can open it. Cut short, it is done once more.

    Raises:
        Occupied: somebody is at work with the database.
        Unusable: the backup does not fit, or there is a database it would replace.
    """
    with _workshop(config.data_folder) as folder:
        manifest, copy = archive.unpack(file, into=folder)
        if manifest.kind != _kind(config):
            raise Unusable(f"This backup is for {manifest.kind}; the database is {_kind(config)}.")
        _free_database()
        if not _is_sqlite(config):
            postgresql.refuse_pooler(config.database_url)
        with door.locked(config.database_url):
            found = _found_there(config)
            if found and not may_replace:
                raise Unusable(
                    f"There is {found} here. With --yes-replace it is put aside, and the backup"
                    " takes its place."
                )
            said = list(listing.read([config.withdrawn_file, *lists]).values())
            put = _put_sqlite if _is_sqlite(config) else _put_postgresql
            again, aside = put(config, copy, said, make_app=make_app, now=now)
    return BroughtBack(
        made_at=manifest.made_at,
        people=manifest.people,
        again=again,
        aside=aside,
        has_same_key=hmac.compare_digest(manifest.badge_key, _fingerprint(config)),
    )


def _put_sqlite(
    config: Config, copy: Path, said: list[Withdrawal], *, make_app: MakeApp, now: datetime
) -> tuple[Counter[Kind], str | None]:
    """Finish the copy beside the database, then let it take its place."""
    target = _file_of(config)
    ready = target.with_name(f"{target.name}.restored")
    sqlite.check(copy)
    for ending in sqlite.BESIDE:
        ready.with_name(ready.name + ending).unlink(missing_ok=True)
    shutil.move(copy, ready)
    again = _finish(make_app(replace(config, database_url=f"sqlite:///{ready}")), said, now=now)
    sqlite.settle(ready)
    aside = target.with_name(f"{target.name}.before-{now:%Y%m%dT%H%M%S%f}")
    was_there = target.exists()
    sqlite.put_in_place(ready, target, aside=aside)
    ready.with_name(f"{ready.name}.door").unlink(missing_ok=True)
    return again, str(aside) if was_there else None


def _put_postgresql(
    config: Config, copy: Path, said: list[Withdrawal], *, make_app: MakeApp, now: datetime
) -> tuple[Counter[Kind], str | None]:
    """Fill a new schema; if anything goes wrong, the one of before comes back."""
    aside = f"{postgresql.ASIDE}{now:%Y%m%dt%H%M%S%f}"
    postgresql.move_aside(config.database_url, aside)
    try:
        postgresql.bring_in(config.database_url, copy)
        again = _finish(make_app(config), said, now=now)
    except BaseException:
        postgresql.move_back(config.database_url, aside)
        raise
    return again, f"schema {aside}"


def _finish(app: Flask, said: list[Withdrawal], *, now: datetime) -> Counter[Kind]:
    """Bring a copy up to date and do what it must not forget."""
    with app.app_context():
        try:
            tables.bring_up_to_date()
            return _take_back_again(said, now=now)
        finally:
            _free_database()


def _take_back_again(said: list[Withdrawal], *, now: datetime) -> Counter[Kind]:
    done: Counter[Kind] = Counter()
    for kind in AGAIN:
        for one in said:
            if one.kind is kind:
                with database.transaction() as session:
                    done[kind] += do_again(session, one, now=now)
    with database.transaction() as session:
        session.execute(sa.delete(Device))
        session.execute(sa.delete(SignInCode))
    return +done


def _found_there(config: Config) -> str | None:
    """Say what there is in the place of the copy, and complete the list of what was taken back."""
    if _is_sqlite(config) and not _file_of(config).exists():
        return None
    try:
        with database.reading() as session:
            if queries.stands_at(session) is None:
                return None
            people = _count_people(session)
        with database.reading() as session, suppress(SQLAlchemyError):
            listing.complete(session, config.withdrawn_file)
    except SQLAlchemyError:
        return "a database that cannot be read"
    finally:
        _free_database()
    return f"a database of {people} people" if people else None


def _free_database() -> None:
    """Close all connections of the app."""
    database.db.session.remove()
    database.db.engine.dispose()


def _count_people(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Person)) or 0


def _kind(config: Config) -> str:
    return sa.make_url(config.database_url).get_backend_name()


def _is_sqlite(config: Config) -> bool:
    return _kind(config) == "sqlite"


def _file_of(config: Config) -> Path:
    return Path(sa.make_url(config.database_url).database or "")


def _fingerprint(config: Config) -> str:
    return hmac.new(config.badge_key.encode(), b"backup", hashlib.sha256).hexdigest()[:16]


@contextmanager
def _workshop(beside: Path) -> Iterator[Path]:
    """Give a folder that only we can open and that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix=".bowline-", dir=beside))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def app_maker() -> MakeApp:
    """Return what builds an app from settings."""
    made: MakeApp = current_app.extensions["bowline-make-app"]
    return made
