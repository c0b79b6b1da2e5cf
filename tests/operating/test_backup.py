"""A backup is one file; bringing it back loses nothing, and forgets what people took back since."""

import json
import os
import random
import shutil
import stat
import tarfile
import threading
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from click.testing import Result
from flask import Flask

from people import make_attendee, make_event, make_person, talk
from webapp.accounts.models import Device, EmailAddress, Erasure, Person
from webapp.accounts.services import open_device
from webapp.badges.models import Badge
from webapp.conversations.models import Block, Conversation
from webapp.conversations.services import block
from webapp.core import clock, door
from webapp.core import db as database
from webapp.events.models import Event
from webapp.exchange.mydata.services import leave, take_back
from webapp.mail.models import LetterKind, Wish
from webapp.operating.backup import postgresql
from webapp.operating.backup.archive import Unusable
from webapp.recruiting.models import Agreement, Team
from webapp.recruiting.services.consent import agree, withdraw
from webapp.recruiting.services.teams import grant_team
from webapp.retention.tasks import erase_events
from webapp.retention.withdrawn import listing
from webapp.retention.withdrawn.rules import Kind, Withdrawal
from webapp.retention.withdrawn.tasks import list_withdrawals
from webapp.ties.models import Tie
from webapp.ties.queries import tie_between
from webapp.ties.services import untie

DRILLS = int(os.environ.get("DRILLS", "1"))
"""On each kind of database; 30 by hand."""


@dataclass
class Installation:
    """An app with a database of its own, and its commands."""

    app: Flask
    folder: Path

    def run(self, *command: str) -> Result:
        database.db.session.remove()
        return self.app.test_cli_runner().invoke(args=list(command))

    def free(self) -> None:
        """Let go of the database, as when web and worker are stopped."""
        database.db.session.remove()
        with self.app.app_context():
            database.db.session.remove()
            database.db.engine.dispose()

    def back_up(self, name: str = "copy") -> Path:
        file = self.folder / name
        done = self.run("backup", str(file))
        assert done.exit_code == 0, done.output
        return file

    def restore(self, file: Path, *more: str) -> Result:
        self.free()
        return self.run("restore", str(file), *more)

    def bring_back(self, file: Path, *more: str) -> str:
        done = self.restore(file, "--yes-replace", *more)
        assert done.exit_code == 0, done.output
        return done.output

    def lose(self) -> None:
        """Lose the whole database, as with its disk."""
        self.free()
        with self.app.app_context():
            url = database.db.engine.url
            if url.get_backend_name() == "sqlite":
                for file in Path(url.database).parent.glob(f"{Path(url.database).name}*"):
                    file.unlink()
            else:
                with database.transaction() as session:
                    session.execute(sa.text("DROP SCHEMA public CASCADE"))
                    session.execute(sa.text("CREATE SCHEMA public"))
        self.free()

    @property
    def kind(self) -> str:
        return sa.make_url(self.app.config["SQLALCHEMY_DATABASE_URI"]).get_backend_name()


@pytest.fixture
def place(build, migrated_url, tmp_path) -> Installation:
    app = build(migrated_url)
    with app.app_context():
        place = Installation(app, tmp_path)
        yield place
        place.free()


@dataclass
class Evening:
    """Whom a test is about."""

    event: str
    team: str
    amina: str
    ben: str
    cora: str
    dora: str


def hold_evening() -> Evening:
    """Amina has talked with everybody; Ben agreed to be seen by Rita's team."""
    with database.transaction() as session:
        olga = make_person(session, name="Olga", address="olga@example.org")
        event = make_event(session, by=olga)
        names = ("Amina", "Ben", "Cora", "Dora")
        people = [
            make_person(session, name=name, address=f"{name.lower()}@example.org") for name in names
        ]
        amina, ben, cora, dora = people
        places = [make_attendee(session, event=event, person=person) for person in people]
        for other in places[1:]:
            talk(session, event=event, by=places[0], about=other)
        asked = {"address": "rita@example.org", "by": olga, "now": clock.now()}
        team = grant_team(session, event=event, name="Kora", **asked)
        agree(session, team=team, person=ben, now=clock.now())
        open_device(session, person=amina, label="Phone", now=clock.now())
        return Evening(event.id, team.id, amina.id, ben.id, cora.id, dora.id)


def take_it_back(held: Evening) -> None:
    """Dora leaves; Amina unties from Ben and blocks Cora; Ben takes his yes back."""
    now = clock.now() + timedelta(seconds=1)
    with database.transaction() as session:
        people = {one.name: one for one in session.scalars(sa.select(Person))}
        leave(session, person=people["Dora"], now=now)
        tie = tie_between(session, *sorted((held.amina, held.ben)))
        untie(session, tie=tie, by=people["Amina"], now=now)
        block(session, blocker_id=held.amina, blocked_id=held.cora, now=now)
        team = session.get_one(Team, (held.event, held.team))
        withdraw(session, team=team, person=people["Ben"], now=now)
        wish = Wish(person_id=held.ben, kind=LetterKind.MORNING, is_wanted=False, said_at=now)
        session.merge(wish)


def stands(held: Evening) -> dict[str, object]:
    """Return how things stand for whom a test is about."""
    with database.reading() as session:
        ties = {
            other: tie_between(session, *sorted((held.amina, getattr(held, other)))).closed_at
            for other in ("ben", "cora", "dora")
        }
        agreement = session.get(Agreement, (held.event, held.team, held.ben))
        erasure = session.get(Erasure, held.dora)
        wish = session.get(Wish, (held.ben, LetterKind.MORNING))
        return {
            "open ties": sorted(name for name, closed_at in ties.items() if closed_at is None),
            "agreed": agreement is not None and agreement.withdrawn_at is None,
            "addresses of Dora": session.scalar(
                sa.select(sa.func.count()).where(EmailAddress.person_id == held.dora)
            ),
            "Dora": session.get(Person, held.dora).name,
            "blocks": session.scalar(sa.select(sa.func.count()).select_from(Block)),
            "is erased": erasure is not None and erasure.done_at is not None,
            "wants letters": wish is None or wish.is_wanted,
            "talks": session.scalar(sa.select(sa.func.count()).select_from(Conversation)),
        }


AS_IT_WAS = {
    "open ties": ["ben", "cora", "dora"],
    "agreed": True,
    "addresses of Dora": 1,
    "Dora": "Dora",
    "blocks": 0,
    "is erased": False,
    "wants letters": True,
    "talks": 3,
}
TAKEN_BACK = {
    "open ties": [],
    "agreed": False,
    "addresses of Dora": 0,
    "Dora": "Someone who left",
    "blocks": 1,
    "is erased": True,
    "wants letters": False,
    "talks": 3,
}


def test_a_backup_is_one_file_that_only_its_owner_reads(place):
    hold_evening()
    file = place.back_up()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in place.folder.glob(".*")] == []
    with tarfile.open(file) as tar:
        assert tar.getnames() == ["manifest.json", "database"]
        told = json.loads(tar.extractfile("manifest.json").read())
    assert (told["people"], told["kind"]) == (5, place.kind)
    config = place.app.extensions["bowline"]
    assert config.secret_key.encode() not in file.read_bytes()


def test_a_backup_is_never_written_over_another(place):
    hold_evening()
    before = place.back_up().read_bytes()
    done = place.run("backup", str(place.folder / "copy"))
    assert done.exit_code == 1
    assert "is there already" in done.output
    assert (place.folder / "copy").read_bytes() == before


def test_without_tables_there_is_nothing_to_back_up(build, own_url, tmp_path):
    app = build(own_url)
    with app.app_context():
        done = app.test_cli_runner().invoke(args=["backup", str(tmp_path / "copy")])
    assert (done.exit_code, done.output) == (1, "Error: There is no database yet.\n")
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize("is_lost", [False, True])
def test_what_people_took_back_since_is_taken_back_again(place, is_lost):
    held = hold_evening()
    assert stands(held) == AS_IT_WAS
    file = place.back_up()
    take_it_back(held)
    if is_lost:
        place.lose()
        said = place.restore(file).output
    else:
        (place.folder / "withdrawn.log").unlink()
        said = place.bring_back(file)
    assert stands(held) == TAKEN_BACK, said
    assert "1 account" in said
    assert place.app.test_client().get("/healthz").status_code == 200


def test_what_was_taken_back_is_listed_at_once_and_what_is_missing_by_the_worker(place):
    held = hold_evening()
    file = place.app.extensions["bowline"].withdrawn_file
    assert not file.exists()
    take_it_back(held)
    at_once = listing.read([file])
    kinds = {Kind.ACCOUNT, Kind.TIE, Kind.BLOCK, Kind.CONSENT, Kind.LETTERS}
    assert {one.kind for one in at_once.values()} == kinds
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "Dora" not in file.read_text()
    assert "@" not in file.read_text()
    file.unlink()
    list_withdrawals()
    later = listing.read([file])
    assert at_once.keys() < later.keys()
    assert (Kind.TIE, *sorted((held.amina, held.dora))) in later
    size = file.stat().st_size
    list_withdrawals()
    assert file.stat().st_size == size


def test_who_took_the_leaving_back_is_not_erased(place):
    held = hold_evening()
    file = place.back_up()
    with database.transaction() as session:
        leave(session, person=session.get_one(Person, held.dora), now=clock.now())
    with database.transaction() as session:
        take_back(session, person=session.get_one(Person, held.dora), now=clock.now())
    place.bring_back(file)
    assert stands(held) == AS_IT_WAS


def test_whoever_did_not_commit_took_nothing_back(place):
    held = hold_evening()
    with database.reading() as session:
        session.info.pop("reads_only")
        leave(session, person=session.get_one(Person, held.dora), now=clock.now())
    assert listing.read([place.app.extensions["bowline"].withdrawn_file]) == {}


def test_the_lists_of_other_machines_count_too(place, tmp_path_factory):
    held = hold_evening()
    file = place.back_up()
    other = tmp_path_factory.mktemp("other") / "withdrawn.log"
    listing.append(other, [Withdrawal(Kind.ACCOUNT, (held.dora,), clock.now())])
    assert "1 account" in place.bring_back(file, "--withdrawn", str(other))
    assert stands(held)["is erased"]


def test_a_line_that_was_cut_short_spoils_no_other(tmp_path):
    file = tmp_path / "withdrawn.log"
    first, second = (Withdrawal(Kind.ACCOUNT, (name,), clock.now()) for name in ("one", "two"))
    listing.append(file, [first])
    with file.open("a") as opened:
        opened.write(first.line()[:20])
    listing.append(file, [second])
    assert listing.read([file]).keys() == {first.key, second.key}


def test_an_event_erased_since_is_closed_and_everybody_signs_in_anew(place):
    held = hold_evening()
    file = place.back_up()
    with database.transaction() as session:
        session.get_one(Event, held.event).erasure_asked_at = clock.now()
        assert session.query(Device).count() == 1
    place.lose()
    assert place.restore(file).exit_code == 0
    with database.reading() as session:
        assert session.get_one(Event, held.event).is_erased
        assert session.query(Device).count() == 0


def test_what_its_time_would_have_erased_is_erased_after_a_restore(place):
    held = hold_evening()
    file = place.back_up()
    place.lose()
    with time_machine.travel(clock.now() + timedelta(days=190), tick=False):
        assert place.restore(file).exit_code == 0
        with database.reading() as session:
            assert not session.get_one(Event, held.event).is_erased
            assert session.query(Badge).count() > 0
        erase_events()
        with database.reading() as session:
            assert session.get_one(Event, held.event).erased_at == clock.now()
            assert session.query(Badge).count() == 0


def test_a_database_that_is_there_is_replaced_only_when_told_to_and_kept(place):
    held = hold_evening()
    file = place.back_up()
    with database.transaction() as session:
        make_person(session, name="Newcomer")
    done = place.restore(file)
    assert done.exit_code == 1
    assert "a database of 6 people" in done.output
    with database.reading() as session:
        assert session.query(Person).count() == 6
    said = place.bring_back(file)
    assert "before" in said
    assert stands(held) == AS_IT_WAS
    if place.kind == "sqlite":
        (aside,) = place.folder.glob("bowline.sqlite.before-*")
        assert aside.stat().st_size > 100_000
    else:
        names = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'before_%'"
        with database.reading() as session:
            assert session.scalar(sa.text(names)) == 1


def test_what_root_brings_back_belongs_to_whom_the_folder_does(place, monkeypatch):
    hold_evening()
    file = place.back_up()
    place.lose()
    given = set()

    def chown(what, uid, gid):
        named = Path(f"/proc/self/fd/{what}").readlink() if isinstance(what, int) else Path(what)
        given.add((named.name, uid, gid))

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "chown", chown)
    assert place.restore(file).exit_code == 0
    listing.append(place.folder / "withdrawn.log", [Withdrawal(Kind.STOP, ("x",), clock.now())])
    owner = place.folder.stat()
    assert {one[1:] for one in given} <= {(owner.st_uid, owner.st_gid), (-1, -1)}
    wanted = {"withdrawn.log"}
    if place.kind == "sqlite":
        wanted |= {"bowline.sqlite.door", "bowline.sqlite.restored"}
    assert wanted <= {name for name, uid, _ in given if uid == owner.st_uid}


@pytest.fixture
def at_work(build, place):
    """Another process that has a connection."""
    other = build(place.app.config["SQLALCHEMY_DATABASE_URI"])
    with other.app_context():
        engine = database.db.engine
    connection = engine.connect()
    yield
    connection.close()


def test_nothing_is_brought_back_while_somebody_is_at_work(place, at_work):
    held = hold_evening()
    file = place.back_up()
    done = place.restore(file, "--yes-replace")
    assert done.exit_code == 1
    assert "Stop web and worker" in done.output
    assert stands(held) == AS_IT_WAS


def test_nobody_gets_in_while_a_copy_is_brought_back(place):
    place.free()
    url = place.app.config["SQLALCHEMY_DATABASE_URI"]
    client = place.app.test_client()
    with door.locked(url):
        door._mine.clear()
        assert client.get("/readyz").status_code == 503
        answer = client.get("/E/ABCDEF")
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
    assert client.get("/E/ABCDEF").status_code == 404


def spoil(file, how):
    held = file.read_bytes()
    if how == "cut":
        file.write_bytes(held[: len(held) // 2])
    elif how == "no tar":
        file.write_bytes(b"hello")
    elif how == "gone":
        file.unlink()
    else:
        with tarfile.open(file) as tar:
            tar.extractall(file.parent / "spoilt", filter="data")
        folder = file.parent / "spoilt"
        name = "manifest.json" if how == "manifest" else "database"
        content = bytearray((folder / name).read_bytes())
        if how == "manifest":
            assert content.count(b'"people": 5') == 1
            content = content.replace(b'"people": 5', b'"people": 6')
        else:
            content[len(content) // 2] ^= 1
        (folder / name).write_bytes(content)
        with tarfile.open(file, "w:gz") as tar:
            for name in ("manifest.json", "database"):
                tar.add(folder / name, name)


def test_a_damaged_backup_is_refused_and_changes_nothing(place):
    held = hold_evening()
    whole = place.back_up()
    for how in ("cut", "no tar", "gone", "content", "manifest"):
        file = place.folder / f"copy {how}"
        shutil.copy(whole, file)
        spoil(file, how)
        done = place.restore(file, "--yes-replace")
        assert done.exit_code == 1, how
        assert done.output.startswith("Error: ")
        assert done.output.count("\n") == 1
        assert stands(held) == AS_IT_WAS


def test_a_copy_of_older_tables_is_brought_up_to_date(place):
    held = hold_evening()
    place.free()
    assert place.run("db", "downgrade", "20261122_0520").exit_code == 0
    file = place.back_up()
    place.lose()
    assert place.restore(file).exit_code == 0
    assert stands(held) == AS_IT_WAS
    assert "Migrations" not in place.app.test_client().get("/readyz").text


def test_without_the_client_programs_one_is_told_what_to_install(place, monkeypatch):
    hold_evening()
    monkeypatch.setattr(postgresql.shutil, "which", lambda _: None)
    done = place.run("backup", str(place.folder / "copy"))
    assert done.exit_code == (0 if place.kind == "sqlite" else 1)
    assert place.kind == "sqlite" or "postgresql-client" in done.output


def test_if_it_goes_wrong_half_way_the_database_of_before_is_there(place, monkeypatch):
    held = hold_evening()
    file = place.back_up()

    def fail(*_args, **_more):
        raise Unusable("The disk is full.")

    monkeypatch.setattr("webapp.operating.backup.services._finish", fail)
    done = place.restore(file, "--yes-replace")
    assert (done.exit_code, done.output) == (1, "Error: The disk is full.\n")
    assert stands(held) == AS_IT_WAS


@pytest.mark.parametrize("drill", range(DRILLS))
def test_drill(place, drill):
    """Back up under load, lose or replace, bring back: all that was acknowledged is there."""
    chance, held = random.Random(drill), hold_evening()
    acknowledged, stopping, has_some = [], threading.Event(), threading.Event()

    def write():
        with place.app.app_context():
            while not stopping.is_set():
                with database.transaction() as session:
                    person = make_person(session, name=f"Person {len(acknowledged)}")
                    found = person.id
                acknowledged.append(found)
                has_some.set()

    with database.reading() as session:
        others = set(session.scalars(sa.select(Person.id)))
    writer = threading.Thread(target=write)
    writer.start()
    has_some.wait(20)
    before = list(acknowledged)
    file = place.back_up(f"copy-{drill}")
    stopping.set()
    writer.join()
    take_it_back(held)
    if chance.random() < 0.5:
        place.lose()
    place.bring_back(file)
    with database.reading() as session:
        there = set(session.scalars(sa.select(Person.id)))
        assert set(before) <= there <= {*acknowledged} | others
        assert session.query(Tie).count() == 3
    assert stands(held) == TAKEN_BACK
    again = place.back_up(f"again-{drill}")
    place.bring_back(again)
    assert stands(held) == TAKEN_BACK
    if place.kind == "sqlite":
        with closing(database.db.engine.raw_connection()) as raw:
            assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert raw.execute("PRAGMA foreign_key_check").fetchone() is None
