"""Who came first goes first: threads, connections, processes."""

import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from webapp.core import turns
from webapp.core.turns import InTurn, Turns

ROOT = Path(__file__).resolve().parents[2]
WAIT = 20
WRITER = """
import sys
from pathlib import Path
from webapp.core.turns import line_of
line = line_of(sys.argv[1])
assert line.enter()
Path(sys.argv[2]).write_text("it was my turn")
line.leave()
"""


def wait_for_line(turns, length):
    deadline = time.monotonic() + WAIT
    while len(turns._line) < length:
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_those_who_wait_go_in_the_order_they_came():
    turns, went = Turns(1), []
    assert turns.enter(seconds=0)

    def go(number):
        assert turns.enter(seconds=WAIT)
        went.append(number)
        turns.leave()

    threads = []
    for number in range(20):
        threads.append(threading.Thread(target=go, args=(number,)))
        threads[-1].start()
        wait_for_line(turns, number + 1)
    turns.leave()
    for thread in threads:
        thread.join()
    assert went == list(range(20))


def test_no_more_are_in_than_there_are_places():
    turns, inside, most = Turns(3), [], []

    def go(number):
        assert turns.enter(seconds=WAIT)
        inside.append(number)
        most.append(len(inside))
        time.sleep(0.002)
        inside.remove(number)
        turns.leave()

    with ThreadPoolExecutor(20) as threads:
        list(threads.map(go, range(60)))
    assert max(most) == 3


def test_a_line_that_is_long_enough_is_not_joined():
    turns = Turns(1)
    assert turns.enter(seconds=0)
    waiting = threading.Thread(target=turns.enter, kwargs={"seconds": WAIT})
    waiting.start()
    wait_for_line(turns, 1)
    began = time.monotonic()
    assert not turns.enter(seconds=WAIT, longest=1)
    assert time.monotonic() - began < WAIT
    turns.leave()
    waiting.join()


def test_who_waited_in_vain_leaves_no_gap_in_the_line():
    turns = Turns(1)
    assert turns.enter(seconds=0)
    assert not turns.enter(seconds=0.01)
    turns.leave()
    assert turns.enter(seconds=0)


@pytest.fixture
def connect(tmp_path):
    made = []

    def open_one():
        path = str(tmp_path / "some.sqlite")
        made.append(
            sqlite3.connect(
                path, factory=InTurn, isolation_level=None, check_same_thread=False, timeout=0
            )
        )
        return made[-1]

    yield open_one
    for one in made:
        one.close()


@pytest.mark.parametrize("end", ["commit", "rollback", "close"])
def test_a_turn_ends_with_its_transaction(connect, end):
    one, other = connect(), connect()
    one.take_turn()
    one.execute("BEGIN IMMEDIATE")
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(other.take_turn)
        time.sleep(0.05)
        assert not waiting.done()
        getattr(one, end)()
        waiting.result(WAIT)
    other.execute("BEGIN IMMEDIATE")
    other.rollback()


def test_who_waited_too_long_tries_without_a_turn(connect, monkeypatch):
    monkeypatch.setattr(turns, "TURN_SECONDS", 0.02)
    one, other = connect(), connect()
    one.take_turn()
    other.take_turn()
    other.execute("BEGIN IMMEDIATE")
    other.commit()
    assert one._is_going
    one.rollback()
    other.take_turn()
    assert other._is_going


def test_a_transaction_that_cannot_begin_keeps_no_turn(tmp_path):
    engine = sa.create_engine(
        f"sqlite:///{tmp_path / 'some.sqlite'}", connect_args={"factory": InTurn, "timeout": 0}
    )

    @sa.event.listens_for(engine, "begin")
    def begin(connection):
        connection.connection.dbapi_connection.take_turn()
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    foreign = sqlite3.connect(tmp_path / "some.sqlite", isolation_level=None)
    foreign.execute("BEGIN IMMEDIATE")
    with pytest.raises(sa.exc.OperationalError, match="locked"), engine.begin():
        pass
    foreign.rollback()
    foreign.close()
    began = time.monotonic()
    with engine.begin():
        pass
    assert time.monotonic() - began < 5
    engine.dispose()


def test_a_folder_that_is_not_there_is_an_error_of_the_database(tmp_path):
    with pytest.raises(sqlite3.OperationalError):
        sqlite3.connect(str(tmp_path / "nowhere" / "some.sqlite"), factory=InTurn)


def test_a_process_does_not_go_twice_while_another_waits(tmp_path):
    path, said = str(tmp_path / "some.sqlite"), tmp_path / "said"
    line = turns.line_of(path)
    assert line.enter()
    other = subprocess.Popen([sys.executable, "-c", WRITER, path, said], cwd=ROOT)
    deadline = time.monotonic() + WAIT
    while line._lock(turns.NEXT, deadline=0):
        line._unlock(turns.NEXT)
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert not said.exists()
    line.leave()
    assert line.enter()
    assert said.read_text() == "it was my turn"
    line.leave()
    assert other.wait(WAIT) == 0


def test_a_process_that_dies_in_its_turn_holds_nobody_up(tmp_path):
    dying = "import os, sys; from webapp.core.turns import line_of; "
    dying += "assert line_of(sys.argv[1]).enter(); os._exit(0)"
    path = str(tmp_path / "some.sqlite")
    assert subprocess.run([sys.executable, "-c", dying, path], cwd=ROOT, check=True)
    assert turns.line_of(path).enter()
    turns.line_of(path).leave()
