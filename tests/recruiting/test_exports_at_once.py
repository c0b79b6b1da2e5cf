"""Two files at once, one beside a withdrawal, and one of very many people."""

import threading
import tracemalloc
from datetime import timedelta

import pytest
import sqlalchemy as sa
from crowds import Said, let_talk, make_crowd
from recruiting.files import file_of, names_in, rows_in

from webapp.accounts.models import Person
from webapp.core import clock
from webapp.core import db as database
from webapp.events.models import Attendee
from webapp.recruiting.models import Agreement, Export, ExportedPerson, Team
from webapp.recruiting.pages import leaving
from webapp.recruiting.services.consent import withdraw
from webapp.ties.models import Link, LinkKind, Tie

MANY = 1_500


@pytest.fixture
def at_once(app, session):
    """Do several things at the same moment."""

    def do(*things):
        session.commit()
        barrier, came = threading.Barrier(len(things)), {}

        def run(at, thing):
            with app.app_context():
                barrier.wait()
                came[at] = thing()

        threads = [threading.Thread(target=run, args=pair) for pair in enumerate(things)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
        session.expire_all()
        return [came[at] for at in range(len(things))]

    return do


def test_of_two_files_at_once_both_are_whole_and_noted(
    session, rita, ben, let_see, somebody, seen, here, at_once
):
    for number in range(10):
        let_see(somebody(f"Row {number}"))
    tokens = [browser.token() for browser in (rita, ben)]

    def making(browser, token):
        data = {"preset": "plain", "whom": "all", "csrf_token": token}
        return lambda: browser.post(f"{here}/export", data=data).get_data(as_text=True)

    made = at_once(*map(making, (rita, ben), tokens))
    assert [len(names_in(text)) for text in made] == [11, 11]
    assert [one.count for one in session.query(Export)] == [11, 11]
    assert session.query(ExportedPerson).count() == 22


def test_a_file_beside_a_withdrawal_holds_whom_it_notes(
    app, cast, session, rita, let_see, somebody, seen, here, at_once
):
    let_see(somebody("Somebody Else"))
    token, amina_id = rita.token(), cast.attendee.id

    def make():
        data = {"preset": "plain", "whom": "all", "csrf_token": token}
        return rita.post(f"{here}/export", data=data).get_data(as_text=True)

    def take_back():
        with database.transaction() as own:
            amina = own.get_one(Person, amina_id)
            withdraw(own, team=own.query(Team).one(), person=amina, now=clock.now())

    text, _ = at_once(make, take_back)
    noted = {one.person_id for one in session.query(ExportedPerson)}
    assert (cast.attendee.id in noted) == ("Amina Diallo" in text)
    assert "Somebody Else" in text
    assert names_in(file_of(rita, here)) == ["Somebody Else"]


@pytest.fixture
def crowd(cast, session, team):
    """Very many people who talked with Rita and agreed, with links."""
    now, event = clock.now(), cast.event
    ids = [cast.rita.id, *make_crowd(session, event=event, groups=[None] * MANY)]
    said = [Said(event.starts_at + timedelta(seconds=at), at, 0) for at in range(1, MANY + 1)]
    let_talk(session, event=event, ids=ids, said=said)
    found = sa.select(Attendee.person_id).where(Attendee.id.in_(ids[1:]))
    people = list(session.scalars(found))
    key = {"event_id": event.id, "team_id": team.id, "agreed_at": now}
    session.execute(sa.insert(Agreement), [key | {"person_id": one} for one in people])
    opened = {"opened_at": now, "last_talk_at": now, "last_event_id": event.id}
    pairs = [sorted((one, cast.recruiter.id)) for one in people]
    ties = [opened | {"low_person_id": low, "high_person_id": high} for low, high in pairs]
    session.execute(sa.insert(Tie), ties)
    link = {"kind": LinkKind.LINKEDIN, "added_at": now}
    links = [link | {"person_id": one, "url": f"https://linkedin.com/in/{one}"} for one in people]
    session.execute(sa.insert(Link), links)
    session.execute(sa.text("ANALYZE"))
    session.commit()
    return people


def most_memory(do):
    tracemalloc.start()
    do()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def test_very_many_are_sent_with_few_of_them_in_memory(rita, crowd, here, monkeypatch):
    def make():
        return file_of(rita, here, "hubspot")

    assert len(rows_in(make())) == MANY
    monkeypatch.setattr(leaving, "AT_A_TIME", MANY)
    all_at_once = most_memory(make)
    monkeypatch.setattr(leaving, "AT_A_TIME", MANY // 5)
    assert most_memory(make) < 0.7 * all_at_once
