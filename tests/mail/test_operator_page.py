"""The operator's page: what waits, what fails, what the worker did; for nobody else."""

import threading
from datetime import timedelta

import pytest
from crawl.test_query_counts import counted

from people import make_person
from webapp.accounts.models import EmailAddress
from webapp.core import clock
from webapp.core import db as database
from webapp.mail.models import Trouble
from webapp.mail.services import note_failure
from webapp.worker import tasks
from webapp.worker.models import TaskRun
from webapp.worker.tasks import TASKS, Task, run_if_due

HOUR = timedelta(hours=1)


@pytest.fixture
def operator(outbox, session, browser_of):
    """The browser of who looks after the installation."""
    outbox.change(operators=frozenset({"otto@example.org"}))
    return browser_of(make_person(session, name="Otto", address="otto@example.org"))


@pytest.fixture
def failing(outbox):
    def put(recipient="amina@kora.io", trouble=Trouble.LATER, problem="451 4.7.1 greylisted"):
        mail = outbox.put(recipient)
        note_failure(mail, trouble=trouble, problem=problem, now=clock.now())
        outbox.session.commit()
        return mail

    return put


def test_the_operator_sees_what_waits_by_age(operator, outbox):
    for age in (timedelta(0), timedelta(minutes=5), 2 * HOUR, 30 * HOUR):
        outbox.put().queued_at -= age
    outbox.session.commit()
    assert operator.get("/operator").status_code == 200
    assert [cell.text for cell in operator.page.all("td")] == ["1", "1", "1", "1"]


def test_an_empty_queue_says_so(operator):
    operator.get("/operator")
    assert "everything has been sent" in operator.text
    assert operator.text.count("has not run yet") == len(TASKS)


def test_no_recipient_is_named_more_than_needed(operator, failing):
    failing(problem="550 5.1.1 <amina@kora.io> unknown", trouble=Trouble.NOBODY)
    failing("ben@kora.io")
    operator.get("/operator")
    assert "a***@kora.io" in operator.text
    assert "There is no such mailbox." in operator.text
    assert "The mail server asks to come back later." in operator.text
    assert "amina" not in operator.text
    assert "ben@" not in operator.text


def test_what_waits_can_be_tried_at_once(operator, outbox, failing):
    mail = failing()
    operator.get("/operator")
    assert operator.submit(f"/operator/mails/{mail.id}/try").status_code == 303
    assert outbox.fresh(mail).due_at == clock.now()


def test_what_waits_can_be_given_up(operator, outbox, failing):
    mail = failing()
    operator.get("/operator")
    assert operator.submit(f"/operator/mails/{mail.id}/give-up").status_code == 303
    row = outbox.fresh(mail)
    assert (row.gave_up_at, row.trouble, row.text) == (clock.now(), Trouble.GIVEN_UP, "")
    assert operator.send(f"/operator/mails/{mail.id}/try").status_code == 404


@pytest.mark.parametrize("path", ["try", "give-up"])
def test_a_mail_that_is_not_there_is_nowhere(path, operator):
    assert operator.send(f"/operator/mails/{'z' * 16}/{path}").status_code == 404
    assert operator.get(f"/operator/mails/{'z' * 16}/{path}").status_code == 405


def test_for_others_there_is_no_such_page(cast, outbox, browser, browser_of, failing):
    mail = failing()
    outbox.change(operators=frozenset({"otto@example.org"}))
    for person in (cast.organiser, cast.attendee):
        other = browser_of(person)
        assert other.get("/operator").status_code == 404
        assert other.send(f"/operator/mails/{mail.id}/give-up").status_code == 404
    assert browser.get("/operator").status_code == 303
    assert outbox.fresh(mail).gave_up_at is None


def test_without_operators_there_is_no_such_page(cast, browser_of):
    assert browser_of(cast.organiser).get("/operator").status_code == 404


def test_an_address_only_a_provider_vouches_for_makes_no_operator(outbox, session, browser_of):
    outbox.change(operators=frozenset({"otto@example.org"}))
    otto = make_person(session, name="Otto")
    row = EmailAddress(address="otto@example.org", person_id=otto.id, proven_at=clock.now())
    session.add(row)
    assert browser_of(otto).get("/operator").status_code == 404


def test_many_mails_take_as_many_queries_as_two(operator, failing):
    asked = []
    for wanted in (2, 20):
        for _ in range(wanted):
            failing()
            failing(trouble=Trouble.NOBODY)
        with counted(database.db.engine) as statements:
            operator.get("/operator")
        asked.append(len(statements))
    assert asked[0] == asked[1]


@pytest.fixture
def ran():
    return []


@pytest.fixture
def task(ran):
    return Task("stretch", lambda: ran.append(clock.now()), HOUR, "Stretch")


def test_a_task_runs_once_in_its_rhythm(outbox, task, ran):
    assert run_if_due(task)
    outbox.clock.shift(HOUR - timedelta(seconds=1))
    assert not run_if_due(task)
    outbox.clock.shift(1)
    assert run_if_due(task)
    assert len(ran) == 2


def test_two_workers_run_a_task_once(app, outbox, task, ran):
    outbox.session.commit()
    gate, done = threading.Barrier(2), []

    def work():
        with app.app_context():
            gate.wait(10)
            done.append(run_if_due(task))

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert sorted(done) == [False, True]
    assert len(ran) == 1


def test_a_task_that_fails_says_why_and_runs_again(outbox, operator, monkeypatch, caplog):
    def broken():
        raise OSError("no such file\nwith more below")

    stretch = Task("stretch", broken, HOUR, "Stretch")
    monkeypatch.setattr("webapp.worker.views.TASKS", (stretch,))
    assert run_if_due(stretch)
    operator.get("/operator")
    assert "OSError: no such file" in operator.text
    assert "with more below" not in operator.text
    outbox.clock.shift(HOUR)
    assert run_if_due(stretch, by=lambda: None)
    assert database.session().get(TaskRun, "stretch").problem is None


def test_a_task_cut_short_is_done_in_the_next_round(outbox, task, ran):
    def killed():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_if_due(task, by=killed)
    outbox.clock.shift(HOUR)
    assert run_if_due(task)
    assert len(ran) == 1


def test_every_task_has_a_name_of_its_own():
    assert len({task.name for task in tasks.TASKS}) == len(tasks.TASKS)
