"""Replaying measured contacts as an event, and the exact figures that come of it."""

import gzip
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from insights.office import compare_mixing

import real_data
from pages import Page
from people import make_person, sign_in
from webapp.conversations.models import Claim, Conversation, Evidence
from webapp.core import db as database
from webapp.core.db import Base
from webapp.events.models import Attendee, Event, RoleName
from webapp.events.services import grant_role
from webapp.insights.services import freeze_summary

EXPECTED = json.loads(real_data.EXPECTED.read_text())
CONGRESS, OFFICE = "sfhh2009", "invs15"
ROWS = b"20 1 2\n40 1 2\n60 1 2\n1000 2 3\n1020 2 3\n1040 2 3\n"


@dataclass
class Replayed:
    """One run of the command, and what it left behind."""

    output: str
    progress: str
    figures: dict[str, object]
    rows: dict[str, int]
    report: Page


def run(app, *arguments):
    """Run a command as an operator would, with a context and a session of its own."""
    database.session().commit()
    with app.app_context():
        return app.test_cli_runner().invoke(args=[str(one) for one in arguments])


def counted(session):
    tables = (Event, Attendee, Claim, Conversation)
    return {table.__tablename__: session.query(table).count() for table in tables}


def empty(session):
    for table in reversed(Base.metadata.sorted_tables):
        session.execute(sa.delete(table))
    session.commit()


@pytest.fixture(scope="module")
def replayed(app):
    """The congress on both databases; the office, which takes longer, on one of them."""
    is_embedded = database.db.engine.dialect.name == "sqlite"
    return {name: replay_set(app, name) for name in EXPECTED if name == CONGRESS or is_embedded}


def replay_set(app, name):
    groups = ["--groups", real_data.GROUPS[name]] if name in real_data.GROUPS else []
    result = run(app, "replay", real_data.CONTACTS[name], *groups)
    assert result.exit_code == 0, result.output
    code = json.loads(result.stdout)["event"]
    report = run(app, "report", code, "--exact")
    with app.app_context():
        rows = counted(database.session())
        page = report_page(app, code)
        empty(database.session())
    return Replayed(result.stdout, result.stderr, json.loads(report.stdout), rows, page)


def report_page(app, code):
    """Let the worker freeze the last summary and an organiser open the report."""
    session = database.session()
    event = session.query(Event).filter_by(code=code).one()
    over = event.ends_at + timedelta(hours=13)
    organiser = make_person(session)
    grant_role(session, event=event, person=organiser, name=RoleName.ORGANISER, now=over)
    assert freeze_summary(session, event=event, now=over).is_final
    browser = app.test_client()
    sign_in(browser, session, organiser)
    assert browser.get(f"/events/{event.id}/report").status_code == 200
    return browser.page


def test_replay_prints_one_line_of_json(replayed):
    for name, one in replayed.items():
        line, expected = json.loads(one.output), EXPECTED[name]
        assert one.output.count("\n") == 1
        assert line.keys() == {"event", "people", "claims", "conversations", "seconds"}
        assert line["people"] == expected["people"]
        assert line["claims"] == line["conversations"] == expected["conversations"]
        assert line["seconds"] > 0


def test_replay_shows_its_progress_beside(replayed):
    for name, one in replayed.items():
        total = EXPECTED[name]["conversations"]
        assert one.progress.rstrip().endswith(f"{total} of {total} conversations")


def test_everything_goes_through_the_tables_of_the_web(replayed):
    for name, one in replayed.items():
        people, talks = EXPECTED[name]["people"], EXPECTED[name]["conversations"]
        rows = {"event": 1, "attendee": people, "claim": talks, "conversation": talks}
        assert one.rows == rows


def test_the_report_of_the_office_shows_its_mixing(replayed):
    if OFFICE in replayed:
        compare_mixing(replayed[OFFICE].report)
    assert all("Did people meet?" in one.report.text for one in replayed.values())


def test_the_exact_figures_are_those_of_the_reference(replayed):
    assert CONGRESS in replayed
    for name, one in replayed.items():
        assert one.figures.keys() == EXPECTED[name].keys()
        for key, value in EXPECTED[name].items():
            is_exact = not isinstance(value, float)
            assert type(one.figures[key]) is type(value), key
            assert one.figures[key] == (value if is_exact else pytest.approx(value, abs=1e-9)), key


@pytest.fixture
def contacts(tmp_path):
    """Write a file of contacts."""

    def write(content=ROWS, name="contacts.dat"):
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    return write


def replay(app, *arguments):
    result = run(app, "replay", *arguments)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_file_may_be_plain_or_packed(app, session, contacts, pack):
    line = replay(app, contacts(pack(ROWS)))
    assert (line["people"], line["conversations"]) == (3, 2)
    assert counted(session) == {"event": 1, "attendee": 3, "claim": 2, "conversation": 2}


def test_every_talk_is_confirmed_when_it_ends(app, session, contacts):
    replay(app, contacts(), "--starts-at", "2026-11-19T18:00")
    talks = session.query(Conversation).order_by(Conversation.started_at).all()
    starts = datetime(2026, 11, 19, 18, 0, tzinfo=UTC)
    assert [talk.evidence for talk in talks] == [Evidence.CONFIRMED, Evidence.CONFIRMED]
    assert [talk.started_at - starts for talk in talks] == [
        timedelta(0),
        timedelta(seconds=980),
    ]
    assert [talk.proven_at - talk.started_at for talk in talks] == [timedelta(seconds=60)] * 2


def test_an_event_may_be_named_and_dated(app, session, contacts):
    line = replay(app, contacts(), "--name", "Congress", "--starts-at", "2026-11-19T19:00+01:00")
    event = session.query(Event).one()
    assert (event.name, event.code) == ("Congress", line["event"])
    assert event.starts_at == datetime(2026, 11, 19, 18, 0, tzinfo=UTC)


def test_everybody_has_come_and_wears_a_name(app, session, contacts):
    replay(app, contacts())
    people = session.query(Attendee).order_by(Attendee.name).all()
    assert [one.name for one in people] == ["Person 1", "Person 2", "Person 3"]
    assert all(one.is_checked_in and one.is_claimed for one in people)


def test_groups_label_people_and_add_nobody(app, session, contacts):
    groups = contacts(b"1 A\n2\tSecond floor\n9 B\n", name="groups.txt")
    line = replay(app, contacts(), "--groups", groups)
    assert line["people"] == 3
    labels = {one.name: one.group_name for one in session.query(Attendee)}
    assert labels == {"Person 1": "A", "Person 2": "Second floor", "Person 3": None}


def test_replaying_twice_makes_two_events(app, session, contacts):
    codes = {replay(app, contacts())["event"] for _ in range(2)}
    assert len(codes) == session.query(Event).count() == 2


NOTHING = {"event": 0, "attendee": 0, "claim": 0, "conversation": 0}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (ROWS + b"1060 3 3\n", 'line 7: expected two different people, found "1060 3 3"'),
        (ROWS + b"\nlater 1 2\n", 'line 8: expected "time person person", found "later 1 2"'),
        (b"20 1\n" + ROWS, 'line 1: expected "time person person", found "20 1"'),
        (b"", "the file is empty"),
        (b"20 1 2\n", "no conversation in this file, so nothing was written"),
        (gzip.compress(ROWS, mtime=0)[:-9], "the gzip file is damaged or cut short"),
    ],
)
def test_a_file_that_cannot_be_read_writes_nothing(app, session, contacts, content, problem):
    result = run(app, "replay", contacts(content))
    assert result.exit_code == 1
    assert problem in result.stderr
    assert result.stdout == ""
    assert counted(session) == NOTHING


def test_groups_that_cannot_be_read_write_nothing(app, session, contacts):
    groups = contacts(b"1 A\n1 B\n", name="groups.txt")
    result = run(app, "replay", contacts(), "--groups", groups)
    assert result.exit_code == 1
    assert "line 2: expected one group per person" in result.stderr
    assert counted(session) == NOTHING


def test_a_time_that_is_none_writes_nothing(app, session, contacts):
    result = run(app, "replay", contacts(), "--starts-at", "tomorrow")
    assert result.exit_code == 1
    assert "--starts-at is 'tomorrow'" in result.stderr
    assert counted(session) == NOTHING


def test_a_failure_half_way_writes_nothing(app, session, contacts, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("webapp.exchange.replay.confirm", fail)
    result = run(app, "replay", contacts())
    assert isinstance(result.exception, RuntimeError)
    assert counted(session) == NOTHING


def test_a_file_that_is_not_there_is_said_so(app, session, tmp_path):
    result = run(app, "replay", tmp_path / "nothing.dat")
    assert result.exit_code == 2
    assert "does not exist" in result.stderr


def test_the_report_of_an_unknown_event_is_an_error(app, session):
    result = run(app, "report", "ZZZZZZ", "--exact")
    assert result.exit_code == 1
    assert "There is no event with the code ZZZZZZ." in result.stderr


def test_the_report_is_protected_unless_told_otherwise(app, session, contacts):
    code = replay(app, contacts())["event"]
    published = json.loads(run(app, "report", code.lower()).stdout)
    assert {one["value"] for one in published["figures"]} == {None}
    exact = json.loads(run(app, "report", code, "--exact").stdout)
    assert (exact["people"], exact["conversations"]) == (3, 2)
