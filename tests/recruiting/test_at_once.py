"""Two in two browsers work on one candidate at the same moment: one change counts, none is lost."""

import threading

import pytest

from people import talk
from webapp.accounts.models import Person
from webapp.core import clock
from webapp.core import db as database
from webapp.core.errors import Conflict, DomainError
from webapp.events.models import Event
from webapp.exchange.mydata.services import leave
from webapp.recruiting.models import (
    Agreement,
    CandidateReview,
    Criterion,
    Handover,
    HistoryEntry,
    Member,
    Rating,
    Stage,
    Standing,
    Step,
    Team,
    TeamNote,
)
from webapp.recruiting.services import candidates, consent, handovers, openings, reviews, teams


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
                except DomainError:
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


@pytest.fixture
def withdraw(cast, seen, team):
    """Let Amina take it back, in whichever session is given."""
    key, person_id, kind = (cast.event.id, team.id, seen.id), seen.id, type(seen)

    def do(own):
        mine = own.get_one(Agreement, key)
        named = own.get_one(type(team), (mine.event_id, mine.team_id))
        consent.withdraw(own, team=named, person=own.get_one(kind, person_id), now=clock.now())

    return do


@pytest.fixture
def reviewer(cast, seen, opening, criteria):
    """Let somebody review Amina by the first criterion, who was in the team a moment ago."""
    person_id, opening_id, first = seen.id, opening.id, criteria[0]
    team = {"event_id": cast.event.id, "team_id": opening.team_id}

    def by(member_id, score):
        def do(own):
            reviews.write_review(
                own,
                member=Member(**team, person_id=member_id),
                person_id=person_id,
                opening_id=opening_id,
                rated=[reviews.Rated(first, score, "Said so")],
                seen=reviews.Seen(opening=0, review=0),
                now=clock.now(),
            )

        return do

    return by


def test_of_two_tabs_one_review_counts_and_the_other_is_told(cast, session, reviewer, at_once):
    rita = cast.recruiter.id
    assert at_once(reviewer(rita, 1), reviewer(rita, 4)) == ["conflict", "done"]
    assert session.query(CandidateReview).one().changes == 1
    assert session.query(Rating).count() == 1


def test_two_who_review_at_once_are_both_kept(cast, session, reviewer, at_once):
    rita, ben = cast.recruiter.id, cast.other.id
    assert at_once(reviewer(rita, 1), reviewer(ben, 4)) == ["done", "done"]
    assert {one.score for one in session.query(Rating)} == {1, 4}
    assert {one.changed_knowing_at for one in session.query(CandidateReview)} == {None}


@pytest.mark.parametrize("turn", range(4))
def test_a_review_or_note_beside_a_withdrawal_leaves_nothing_behind(
    cast, session, seen, reviewer, withdraw, at_once, turn
):
    event_id, person_id, rita = cast.event.id, seen.id, cast.recruiter.id

    def note(own):
        member = own.get_one(Member, (event_id, rita))
        reviews.write_note(own, member=member, person_id=person_id, text="Hm", now=clock.now())

    first = note if turn % 2 else reviewer(rita, 4)
    came = at_once(*((first, withdraw) if turn < 2 else (withdraw, first)))
    assert came in (["conflict", "done"], ["done", "done"])
    for kept in (CandidateReview, Rating, TeamNote, HistoryEntry):
        assert session.query(kept).count() == 0


@pytest.mark.parametrize("who", ["attendee", "recruiter"])
def test_a_review_beside_an_account_that_is_deleted_leaves_nothing_behind(
    cast, session, reviewer, at_once, who
):
    person = getattr(cast, who)
    person_id, kind = person.id, type(person)

    def delete_account(own):
        leave(own, person=own.get_one(kind, person_id), now=clock.now())

    came = at_once(delete_account, reviewer(cast.recruiter.id, 3))
    assert came in (["conflict", "done"], ["done", "done"])
    assert session.query(CandidateReview).count() == session.query(Rating).count() == 0


def test_a_review_beside_other_words_is_of_the_words_it_read(
    cast, session, reviewer, opening, criteria, at_once
):
    key, rita, first = (
        (opening.event_id, opening.team_id, opening.id),
        cast.recruiter.id,
        criteria[0],
    )
    kind, event_id = type(opening), cast.event.id

    def take_away(own):
        openings.change_opening(
            own,
            member=own.get_one(Member, (event_id, rita)),
            opening=own.get_one(kind, key),
            title="Platform lead",
            texts={first: ""},
            new="",
            seen=0,
        )

    came = at_once(take_away, reviewer(cast.other.id, 3))
    assert came == ["conflict", "done"]
    kept = [one.id for one in session.query(Criterion)]
    assert (first in kept) == bool(session.query(Rating).count())


def test_a_change_beside_a_withdrawal_leaves_nothing_behind(cast, session, seen, withdraw, at_once):
    event_id, person_id, rita = cast.event.id, seen.id, cast.recruiter.id

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

    came = at_once(plan, withdraw)
    assert came in (["conflict", "done"], ["done", "done"])
    assert session.query(Standing).count() == session.query(HistoryEntry).count() == 0


@pytest.fixture
def question(cast, session, seen, team):
    """Rita has asked Amina whether Ben may carry on; where that stands."""
    rita = session.get_one(Member, (cast.event.id, cast.recruiter.id))
    named = {"person_id": seen.id, "to_id": cast.other.id, "reason": "He knows"}
    asked = handovers.hand_over(session, member=rita, now=clock.now(), **named)
    return asked.event_id, asked.team_id, asked.id


def saying(answer, question):
    """One answer to a question, as a thing to do at the same moment as another."""

    def say(own):
        asked = own.get(Handover, question)
        if asked is None:
            raise Conflict("gone")
        answer(own, handover=asked, now=clock.now())

    return say


def test_a_yes_and_a_no_at_once_are_a_no(session, question, at_once):
    came = at_once(saying(handovers.accept, question), saying(handovers.decline, question))
    assert came in (["conflict", "done"], ["done", "done"])
    assert session.get_one(Handover, question).is_accepted is False
    assert [one.owner_id for one in session.query(Standing)] in ([], [None])


def test_two_yeses_at_once_are_one(session, question, at_once):
    yes = saying(handovers.accept, question)
    assert at_once(yes, yes) == ["done", "done"]
    assert session.query(Standing).one().changes == 1
    assert session.query(HistoryEntry).filter_by(step=Step.HANDED).count() == 1


def test_a_yes_beside_the_question_taken_back_is_one_of_the_two(
    cast, session, question, at_once, seen
):
    event_id, rita, person_id = cast.event.id, cast.recruiter.id, seen.id

    def take_back(own):
        member = own.get_one(Member, (event_id, rita))
        handovers.take_question_back(own, member=member, person_id=person_id, now=clock.now())

    assert at_once(saying(handovers.accept, question), take_back) == ["conflict", "done"]
    asked = session.get_one(Handover, question)
    assert asked.is_standing == (session.query(Standing).count() == 1)
    assert asked.is_standing != (asked.ended_at is not None)


def test_a_yes_beside_a_withdrawal_leaves_nothing_behind(cast, session, question, at_once, seen):
    event_id, team_id, _id = question
    person_id = seen.id

    def withdraw(own):
        team, person = own.get_one(Team, (event_id, team_id)), own.get_one(Person, person_id)
        consent.withdraw(own, team=team, person=person, now=clock.now())

    at_once(saying(handovers.accept, question), withdraw)
    for model in (Handover, Standing, HistoryEntry):
        assert session.query(model).count() == 0


def test_a_yes_beside_a_colleague_who_leaves_never_fails(cast, session, question, at_once):
    event_id, ben = cast.event.id, cast.other.id

    def leave(own):
        event, person = own.get_one(Event, event_id), own.get_one(Person, ben)
        team = own.get_one(Team, question[:2])
        teams.leave(own, event=event, team=team, person_id=ben, by=person, now=clock.now())

    came = at_once(saying(handovers.accept, question), leave)
    assert came in (["conflict", "done"], ["done", "done"])
    assert session.query(Handover).filter_by(is_accepted=None).count() == 0
    assert session.query(Standing).filter(Standing.owner_id.is_not(None)).count() == 0


def test_of_two_who_ask_at_once_one_is_told_that_the_other_did(cast, session, seen, team, at_once):
    talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    event_id, person_id, pair = cast.event.id, seen.id, (cast.recruiter.id, cast.other.id)

    def asker(by, to):
        def ask(own):
            member = own.get_one(Member, (event_id, by))
            named = {"person_id": person_id, "to_id": to, "reason": "They know"}
            handovers.hand_over(own, member=member, now=clock.now(), **named)

        return ask

    assert at_once(asker(*pair), asker(*pair[::-1])) == ["conflict", "done"]
    assert session.query(Handover).count() == 1
