"""The gate gives exactly what an open tie opens, and nothing over any other."""

from datetime import timedelta

import pytest

from people import say_talked, talk
from webapp.conversations import services as talks
from webapp.core import clock
from webapp.ties import gate, queries, services
from webapp.ties.models import Tie
from webapp.ties.queries import people_i_met

HOUR = timedelta(hours=1)


@pytest.fixture
def tied(cast, session):
    """Amina and Ben have an open tie; each also has one with Rita, which must not matter."""
    for by, about in ((cast.amina, cast.ben), (cast.amina, cast.rita), (cast.rita, cast.ben)):
        talk(session, event=cast.event, by=by, about=about)
    return tie_of(session, cast.attendee, cast.other)


def tie_of(session, one, other):
    return queries.tie_between(session, *sorted((one.id, other.id)))


def opens(session, me, other):
    """What one Person gets of another, by every way there is; all have to agree."""
    found = gate.open_tie_with(session, person_id=me.id, other_id=other.id)
    tie = tie_of(session, me, other)
    by_id = gate.open_tie(session, tie_id=tie.id, person_id=me.id) if tie else None
    links = gate.links_over(session, tie=tie, person_id=me.id) if tie else []
    met = [row.person.id for row in people_i_met(session, me.id)]
    assert found == by_id
    assert (found is not None) == (met.count(other.id) == 1) == bool(links)
    assert found is None or found == (tie, other)
    return [link.url for link in links]


def assert_open(cast, session):
    assert opens(session, cast.attendee, cast.other) == ["https://ben.example.org"]
    assert opens(session, cast.other, cast.attendee) == ["https://amina.example.org"]


def assert_closed(cast, session):
    assert opens(session, cast.attendee, cast.other) == []
    assert opens(session, cast.other, cast.attendee) == []
    rita_still = [row.person.name for row in people_i_met(session, cast.attendee.id)]
    assert rita_still == ["Rita Recruiter"]


def test_an_open_tie_gives_each_the_links_of_the_other_alone(cast, session, tied):
    assert_open(cast, session)
    assert len(people_i_met(session, cast.attendee.id)) == 2
    assert session.query(Tie).count() == 3


def test_a_claim_that_waits_opens_nothing(cast, session):
    say_talked(session, event=cast.event, by=cast.amina, about=cast.ben)
    assert tie_of(session, cast.attendee, cast.other) is None
    for me, other in ((cast.attendee, cast.other), (cast.other, cast.attendee)):
        assert opens(session, me, other) == []


def test_a_third_person_gets_nothing_over_the_tie_of_two_others(cast, session, tied):
    for nosy in (cast.recruiter, cast.organiser, cast.stranger):
        assert gate.open_tie(session, tie_id=tied.id, person_id=nosy.id) is None
        assert gate.links_over(session, tie=tied, person_id=nosy.id) == []
    for nosy in (cast.organiser, cast.stranger):
        assert people_i_met(session, nosy.id) == []
        assert opens(session, nosy, cast.attendee) == []


def test_nobody_is_tied_to_nobody_or_to_themselves(cast, session, tied):
    me = cast.attendee.id
    assert gate.open_tie_with(session, person_id=me, other_id=None) is None
    assert gate.open_tie_with(session, person_id=me, other_id=me) is None


def test_untying_closes_the_tie_for_both(cast, session, tied):
    services.untie(session, tie=tied, by=cast.other, now=clock.now())
    assert_closed(cast, session)


def test_undoing_the_only_talk_closes_the_tie(cast, session):
    talk(session, event=cast.event, by=cast.amina, about=cast.rita)
    said = talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    assert_open(cast, session)
    talks.undo(session, talk=said, by=cast.ben, now=clock.now())
    assert_closed(cast, session)


def test_undoing_the_second_talk_leaves_the_tie_to_the_first(cast, session, evening):
    first = talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    evening.shift(HOUR)
    second = talk(session, event=cast.event, by=cast.ben, about=cast.amina)
    tie = tie_of(session, cast.attendee, cast.other)
    assert tie.last_talk_at == second.started_at
    talks.undo(session, talk=second, by=cast.amina, now=clock.now())
    assert_open(cast, session)
    assert tie.last_talk_at == first.started_at


@pytest.mark.parametrize("blocker", ["attendee", "other"])
def test_a_block_by_either_closes_the_tie_both_ways_and_lifting_it_opens_nothing(
    cast, session, tied, blocker
):
    sides = {cast.attendee.id, cast.other.id}
    one = getattr(cast, blocker).id
    (two,) = sides - {one}
    talks.block(session, blocker_id=one, blocked_id=two, now=clock.now())
    assert_closed(cast, session)
    talks.unblock(session, blocker_id=one, blocked_id=two)
    assert_closed(cast, session)


@pytest.mark.parametrize("blocker", ["attendee", "other"])
def test_a_block_closes_even_a_tie_that_was_left_open(cast, session, tied, blocker):
    one = getattr(cast, blocker).id
    two = tied.other_than(one)
    talks.block(session, blocker_id=one, blocked_id=two, now=clock.now())
    tied.closed_at = tied.closing = tied.closed_by_id = None
    session.flush()
    assert_closed(cast, session)


@pytest.mark.parametrize("minutes", [0, 1, 60])
def test_talking_again_ties_anew_once_both_have_said_so(cast, session, tied, evening, minutes):
    services.untie(session, tie=tied, by=cast.attendee, now=clock.now())
    evening.shift(timedelta(minutes=minutes))
    again = say_talked(session, event=cast.event, by=cast.ben, about=cast.amina)
    assert_closed(cast, session)
    talks.confirm(session, talk=again, by=cast.amina, now=clock.now())
    assert_open(cast, session)
    assert tie_of(session, cast.attendee, cast.other) is tied
    assert (tied.closing, tied.closed_by_id, tied.opened_at) == (None, None, clock.now())


def test_talking_again_after_an_undo_ties_anew(cast, session, evening):
    talk(session, event=cast.event, by=cast.amina, about=cast.rita)
    said = talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    talks.undo(session, talk=said, by=cast.amina, now=clock.now())
    assert_closed(cast, session)
    talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    assert_open(cast, session)


def test_what_was_said_before_an_untying_never_opens_the_tie_again(cast, session, tied, evening):
    evening.shift(HOUR)
    waiting = say_talked(session, event=cast.event, by=cast.amina, about=cast.ben)
    services.untie(session, tie=tied, by=cast.attendee, now=clock.now())
    assert waiting.undone_at == clock.now()
    evening.shift(HOUR)
    say_talked(session, event=cast.event, by=cast.ben, about=cast.amina)
    assert_closed(cast, session)


def test_people_i_met_lists_the_latest_talk_first(cast, session, evening):
    for about in (cast.ben, cast.rita):
        talk(session, event=cast.event, by=cast.amina, about=about)
        evening.shift(HOUR)
    names = [row.person.name for row in people_i_met(session, cast.attendee.id)]
    assert names == ["Rita Recruiter", "Ben Ng"]
    talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    names = [row.person.name for row in people_i_met(session, cast.attendee.id)]
    assert names == ["Ben Ng", "Rita Recruiter"]
