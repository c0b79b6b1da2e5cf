"""Two in two browsers work on one candidate at the same moment: one change counts, none is lost."""

import threading

import pytest

from webapp.core import clock
from webapp.core import db as database
from webapp.core.errors import Conflict
from webapp.recruiting.models import Agreement, HistoryEntry, Member, Stage, Standing
from webapp.recruiting.services import candidates, consent


@pytest.fixture
def at_once(app, session):
    """Do several things at the same moment, each in a transaction of its own."""

    def do(*things):
        session.commit()
        barrier, came = threading.Barrier(len(things)), []

        def run(thing):
            with app.app_context():
                barrier.wait()
                try:
                    with database.transaction() as own:
                        thing(own)
                    came.append("done")
                except Conflict:
                    came.append("conflict")

        threads = [threading.Thread(target=run, args=[thing]) for thing in things]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
        session.expire_all()
        return sorted(came)

    return do


def test_of_two_moves_one_counts_and_the_other_is_told(cast, session, seen, team, at_once):
    event_id, person_id = cast.event.id, seen.id
    stages = [one.place for one in session.query(Stage)]
    members = [cast.recruiter.id, cast.other.id]

    def mover(member_id, place):
        def move(own):
            stage = own.query(Stage).filter_by(place=place).one()
            member = own.get_one(Member, (event_id, member_id))
            candidates.move(
                own, member=member, person_id=person_id, stage=stage, seen=0, now=clock.now()
            )

        return move

    assert len(stages) == 7
    came = at_once(*(mover(one, place) for place, one in enumerate(members, start=1)))
    assert came == ["conflict", "done"]
    assert session.query(Standing).one().changes == 1
    assert session.query(HistoryEntry).filter(HistoryEntry.by_id.is_not(None)).count() == 1


def test_a_change_beside_a_withdrawal_leaves_nothing_behind(cast, session, seen, team, at_once):
    event_id, person_id, team_id, rita = cast.event.id, seen.id, team.id, cast.recruiter.id

    def plan(own):
        member = own.get_one(Member, (event_id, rita))
        candidates.plan(
            own,
            member=member,
            person_id=person_id,
            next_step="Call her",
            next_on=None,
            owner_id=None,
            seen=0,
            now=clock.now(),
        )

    def withdraw(own):
        mine = own.get_one(Agreement, (event_id, team_id, person_id))
        named = own.get_one(type(team), (event_id, mine.team_id))
        consent.withdraw(
            own, team=named, person=own.get_one(type(seen), person_id), now=clock.now()
        )

    came = at_once(plan, withdraw)
    assert came in (["conflict", "done"], ["done", "done"])
    assert session.query(Standing).count() == session.query(HistoryEntry).count() == 0
