"""The worker's round when there is a lot to do, or two workers do it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
import sqlalchemy as sa

from people import EVENING, make_attendee, make_person, say_talked, talk
from webapp.core import clock
from webapp.core import db as database
from webapp.followups.letters import tasks
from webapp.followups.letters.models import Morning, Told, Topic
from webapp.followups.letters.tasks import write_letters
from webapp.followups.letters.writing import write_morning
from webapp.followups.models import PromiseKind, Rhythm
from webapp.followups.rules.promises import Said
from webapp.followups.services.following import choose_rhythm
from webapp.followups.services.promises import make_promise
from webapp.mail.models import Mail
from webapp.ties.models import Tie

MORNING = "2026-11-20T07:35:00Z"
A_MONTH_LATER = "2026-12-20T07:35:00Z"


@pytest.fixture
def statements(app, session):
    """Count the statements of something."""

    def count(do):
        seen = []

        def note(_connection, _cursor, statement, *_):
            seen.append(statement)

        sa.event.listen(database.db.engine, "before_cursor_execute", note)
        try:
            do()
        finally:
            sa.event.remove(database.db.engine, "before_cursor_execute", note)
        return len(seen)

    return count


def add_idle(cast, session, many):
    for number in range(many):
        person = make_person(session, name=f"Idle {number}")
        make_attendee(session, event=cast.event, person=person)
    session.commit()


def test_persons_for_whom_nothing_is_due_cost_no_statement_each(
    app, cast, session, evening, statements
):
    def go_round():
        with app.app_context():
            write_letters()

    add_idle(cast, session, 2)
    evening.move_to(MORNING)
    go_round()
    counts = []
    for day, many in ((21, 2), (22, 12)):
        add_idle(cast, session, many)
        evening.move_to(f"2026-11-{day}T07:35:00Z")
        counts.append(statements(go_round))
    assert session.query(Morning).filter_by(looked_on=date(2026, 11, 22)).count() == 3 + 16
    assert counts[0] == counts[1]


def meet(cast, session, many):
    """Let Amina talk with people, promise each two things, and choose a rhythm for each."""
    for number in range(many):
        person = make_person(session, name=f"Person {number}")
        place = make_attendee(session, event=cast.event, person=person)
        talk(session, event=cast.event, by=place, about=cast.amina)
        known = {"by": cast.attendee, "now": clock.now()}
        tie = (
            session.query(Tie)
            .filter(sa.or_(Tie.low_person_id == person.id, Tie.high_person_id == person.id))
            .one()
        )
        for due_on in (date(2026, 11, 20), date(2026, 12, 20)):
            said = Said(kind=PromiseKind.OWN_WORDS, text=f"Call by {due_on}", due_on=due_on)
            make_promise(session, tie=tie, said=said, **known)
        choose_rhythm(session, tie=tie, rhythm=Rhythm.MONTHLY, **known)
    for number in range(many):
        guest = make_attendee(session, event=cast.event, name=f"Guest {number}")
        say_talked(session, event=cast.event, by=guest, about=cast.amina)
    session.commit()


@pytest.mark.parametrize("at", [MORNING, A_MONTH_LATER])
def test_a_letter_takes_as_many_statements_however_much_it_tells(
    at, cast, session, evening, statements
):
    counts, keys = [], []

    def write():
        mail = write_morning(
            session,
            person_id=cast.attendee.id,
            hints=frozenset(Topic),
            zone=cast.event.time_zone,
            now=clock.now(),
        )
        assert mail is not None

    for many in (2, 8):
        evening.move_to(EVENING)
        meet(cast, session, many)
        evening.move_to(at)
        counts.append(statements(write))
        keys.append(session.query(Told).count())
        session.rollback()
    assert keys[1] > keys[0]
    assert counts[0] == counts[1]


def test_two_workers_write_one_letter_to_each_reader(app, cast, session, evening, monkeypatch):
    cast.event.may_mail_unclaimed = True
    for number in range(12):
        address = f"person{number}@example.org"
        person = make_person(session, name=f"Person {number}", address=address)
        place = make_attendee(session, event=cast.event, person=person)
        talk(session, event=cast.event, by=place, about=cast.amina)
        make_attendee(session, event=cast.event, name="Guest", address=f"guest{number}@example.org")
    session.commit()
    session.close()
    evening.move_to(MORNING)
    both_have_read = threading.Barrier(2, timeout=30)

    def together(read):
        def wait_for_the_other(*args, **which):
            found = read(*args, **which)
            both_have_read.wait()
            return found

        return wait_for_the_other

    for name in ("candidates", "guests_to_write_to"):
        monkeypatch.setattr(tasks, name, together(getattr(tasks, name)))

    def work(_number):
        with app.app_context():
            return write_letters()

    with ThreadPoolExecutor(2) as workers:
        written = list(workers.map(work, range(2)))
    mails = session.query(Mail).all()
    assert len({mail.recipient for mail in mails}) == len(mails) == sum(written) == 1 + 24
