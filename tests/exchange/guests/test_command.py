"""`flask --app app import EVENT FILE`."""

import json

import pytest
from exchange.guests.test_reading import DATA

from webapp.core import db as database
from webapp.events.models import Attendee


@pytest.fixture
def run(app, session, cast):
    def do(*arguments):
        session.commit()
        with app.app_context():
            return app.test_cli_runner().invoke(args=["import", *map(str, arguments)])

    return do


@pytest.fixture
def file(tmp_path):
    def write(text, name="guests.csv"):
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write


def listed(session):
    session.expire_all()
    return session.query(Attendee).count() - 3


def test_it_says_everything_as_json(run, session, cast):
    result = run(cast.event.code, DATA / "windows-1252.csv", "--json")
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert report["mapping"][0] == {"column": "Vorname", "field": "first_name", "why": "alias"}
    assert report["mapping"][4] == {"column": "Handy", "field": None, "why": "never"}
    del report["mapping"]
    assert report == {
        "source": "sheet",
        "encoding": "Windows-1252",
        "separator": ";",
        "rows": 2,
        "new": 2,
        "updated": 0,
        "unchanged": 0,
        "claimed_and_left_alone": 0,
        "not_coming": 0,
        "rejected": [],
    }
    assert listed(session) == 2
    again = json.loads(run(cast.event.id, DATA / "windows-1252.csv", "--json").stdout)
    assert (again["new"], again["unchanged"]) == (0, 2)
    assert listed(session) == 2


def test_a_dry_run_writes_nothing(run, session, cast, file):
    path = file("Name,E-mail\nZoë,zoe@example.org\nYara,y@\n")
    result = run(cast.event.code.lower(), path, "--dry-run", "--json")
    report = json.loads(result.stdout)
    assert report["new"] == 1
    assert report["rejected"] == [
        {"row": 3, "column": "E-mail", "expected": "an e-mail address", "found": "y@"}
    ]
    assert listed(session) == 0


def test_without_json_it_speaks_in_lines(run, cast, file):
    result = run(cast.event.code, file("Name,E-mail\nZoë,zoe@example.org\nYara,y@\n"))
    assert result.stdout.splitlines() == [
        "1 new, 0 updated, 0 unchanged, 0 not coming, 1 rejected",
        'row 3, E-mail: expected an e-mail address, found "y@"',
    ]
    assert "2 of 2 rows" in result.stderr


def test_a_column_can_be_sent_elsewhere(run, session, cast, file):
    path = file("Wer,Name,E-mail\nZoë,Team Red,zoe@example.org\n")
    result = run(
        cast.event.code, path, "--map", "wer=name", "--map", "NAME=group", "--map", "E-mail=none",
        "--json",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert [one["why"] for one in json.loads(result.stdout)["mapping"]] == ["chosen"] * 3
    guest = session.query(Attendee).filter_by(name="Zoë").one()
    assert (guest.group_name, guest.address) == ("Team Red", None)


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        (b"%PDF-1.7", (), "This is a PDF"),
        ("Name,E-mail,Boss\nZoë,z@example.org,b@example.org\n", (), '--map "E-mail=email"'),
        ("E-mail\nz@example.org\n", (), "No column holds the names"),
        ("Name\nZoë\n", ("--map", "Nom=name"), 'no column "Nom"'),
        ("Name\nZoë\n", ("--map", "Name=password"), '"password" is no field'),
        (b"x" * (10 * 1024 * 1024 + 1), (), "larger than 10 MB"),
    ],
)
def test_what_cannot_be_imported_gets_one_plain_line(
    run, session, cast, file, text, options, words
):
    result = run(cast.event.code, file(text), *options)
    assert result.exit_code == 1
    assert words in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert result.stdout == ""
    assert listed(session) == 0


def test_an_event_that_does_not_exist_gets_one_plain_line(run, file):
    result = run("NOBODY", file("Name\nZoë\n"))
    assert result.exit_code == 1
    assert "There is no event" in result.stderr


def test_several_chunks_come_in(run, session, cast, file):
    result = run(cast.event.code, file("Name\n" + "".join(f"Guest {n}\n" for n in range(600))))
    assert result.stdout.startswith("600 new")
    assert listed(session) == 600
    with database.reading() as reading:
        assert reading.query(Attendee).filter_by(name="Guest 599").count() == 1
