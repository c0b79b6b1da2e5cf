"""What came of a talk: said by the team, counted for the organiser, told to nobody else."""

from datetime import timedelta

import pytest

from webapp.core import clock
from webapp.recruiting.models import HistoryEntry, Standing, TeamOutcome
from webapp.recruiting.queries.outcomes import pairs_something_came_of
from webapp.recruiting.queries.teams import member_of
from webapp.recruiting.services.candidates import say_outcome
from webapp.recruiting.services.consent import withdraw
from webapp.ties.models import Tie
from webapp.ties.services import untie

DAY = timedelta(days=1)


@pytest.fixture
def page(seen, here):
    return f"{here}/candidates/{seen.id}"


def pairs(session, cast):
    return pairs_something_came_of(session, cast.event.id, until=clock.now())


@pytest.fixture
def pair(cast, seen):
    return tuple(sorted([cast.amina.id, cast.rita.id]))


@pytest.mark.parametrize("hx", [False, True])
def test_it_is_said_and_said_anew_and_stands_in_the_history(session, rita, page, hx):
    rita.get(page)
    for value, words in (("interview", "an interview"), ("hire", "somebody was hired")):
        answer = rita.submit(f"{page}/outcome", hx=hx, outcome=value)
        if not hx:
            assert answer.status_code == 303
            rita.get(page)
        assert f"So far: {words}" in rita.text
        assert f"You said what came of it: {words}" in rita.text
    told = session.query(HistoryEntry.told).filter(HistoryEntry.by_id.is_not(None))
    assert sorted(one for (one,) in told) == ["hire", "interview"]


@pytest.mark.parametrize("hx", [False, True])
def test_nothing_or_nonsense_is_asked_again(session, rita, page, hx):
    rita.get(page)
    for wrong in ({}, {"outcome": "fame"}):
        assert rita.send(f"{page}/outcome", hx=hx, seen="0", **wrong).status_code == 422
    assert session.query(Standing).count() == 0


@pytest.mark.parametrize("hx", [False, True])
def test_a_colleague_who_was_faster_is_named_and_the_choice_stays(rita, ben, page, hx):
    for one in (rita, ben):
        one.get(page)
    ben.submit(f"{page}/outcome", outcome="interview")
    answer = rita.submit(f"{page}/outcome", hx=hx, outcome="deal")
    assert answer.status_code == 409
    assert "Ben Ng changed this just now" in rita.text
    assert "So far: an interview" in rita.text
    chosen = [one for one in rita.page.all("input") if one.get("checked") is not None]
    assert "deal" in [one.get("value") for one in chosen]
    assert rita.submit(f"{page}/outcome", hx=hx).status_code in {200, 303}
    rita.get(page)
    assert "So far: a deal" in rita.text


@pytest.mark.parametrize(
    ("outcome", "counts"), [(one, one is not TeamOutcome.NOTHING_YET) for one in TeamOutcome]
)
def test_nothing_yet_counts_for_nothing(session, cast, rita, page, pair, outcome, counts):
    rita.get(page)
    rita.submit(f"{page}/outcome", outcome=outcome.value)
    assert pairs(session, cast) == ({pair} if counts else set())


def test_it_counts_from_when_something_first_came_of_it(session, cast, seen, evening, team):
    member = member_of(session, event_id=cast.event.id, person_id=cast.recruiter.id)
    began = clock.now()
    said = {"member": member, "person_id": seen.id}
    for seen_so_far, outcome in enumerate((TeamOutcome.INTERVIEW, TeamOutcome.HIRE)):
        say_outcome(session, outcome=outcome, seen=seen_so_far, now=clock.now(), **said)
        evening.shift(40 * DAY)
    assert session.query(Standing).one().outcome_at == began
    say_outcome(session, outcome=TeamOutcome.NOTHING_YET, seen=2, now=clock.now(), **said)
    say_outcome(session, outcome=TeamOutcome.DEAL, seen=3, now=clock.now(), **said)
    assert session.query(Standing).one().outcome_at == began + 80 * DAY


def test_of_two_colleagues_who_talked_with_them_the_first_counts(
    session, cast, let_see, rita, page, pair, evening
):
    evening.shift(timedelta(minutes=20))
    let_see(cast.attendee, by=cast.ben, place=cast.amina)
    rita.get(page)
    rita.submit(f"{page}/outcome", outcome="hire")
    assert pairs(session, cast) == {pair}


@pytest.mark.parametrize("gone", ["tie", "agreement"])
def test_what_was_taken_back_counts_no_more(session, cast, team, rita, page, pair, gone):
    rita.get(page)
    rita.submit(f"{page}/outcome", outcome="hire")
    assert pairs(session, cast) == {pair}
    if gone == "tie":
        untie(session, tie=session.query(Tie).one(), by=cast.attendee, now=clock.now())
    else:
        withdraw(session, team=team, person=cast.attendee, now=clock.now())
    session.commit()
    assert pairs(session, cast) == set()
