"""What pairs of an event did afterwards, as an event's numbers are made of."""

from datetime import timedelta

import pytest

from people import make_attendee, make_event, make_person, talk
from webapp.conversations import services as talks
from webapp.core import clock
from webapp.followups.models import Outcome, OutcomeKind
from webapp.followups.queries.follow_through import follow_through
from webapp.followups.services.promises import confirm_promise
from webapp.followups.services.sides import note_opened
from webapp.ties.services import untie


@pytest.fixture
def facts(session, cast, tie):
    def read(event=None):
        session.commit()
        return follow_through(session, (event or cast.event).id)

    return read


def say_outcome(session, tie, person, kind):
    session.add(
        Outcome(
            tie_id=tie.id,
            person_id=person.id,
            event_id=tie.last_event_id,
            kind=kind,
            said_at=clock.now(),
        )
    )


def test_a_pair_that_only_talked_has_done_nothing_yet(cast, proven, facts):
    (pair,) = facts()
    assert {pair.low_id, pair.high_id} == {cast.amina.id, cast.ben.id}
    assert pair.proven_at == proven.proven_at
    rest = (pair.link_opened_at, pair.promised_at, pair.confirmed_at, pair.came_of_it_at)
    assert rest == (None, None, None, None)


def test_each_step_is_dated_by_its_first_time(cast, session, tie, make, facts, evening):
    moments = []

    def later():
        evening.shift(timedelta(days=1))
        moments.append(clock.now())
        return clock.now()

    note_opened(session, tie=tie, by=cast.other, now=later())
    note_opened(session, tie=tie, by=cast.attendee, now=clock.now() + timedelta(hours=1))
    later()
    made = make(cast.attendee)
    confirm_promise(session, promise=made, by=cast.other, now=later())
    say_outcome(session, tie, cast.other, OutcomeKind.NOTHING_YET)
    later()
    say_outcome(session, tie, cast.attendee, OutcomeKind.ADVICE)
    (pair,) = facts()
    assert [
        pair.link_opened_at,
        pair.promised_at,
        pair.confirmed_at,
        pair.came_of_it_at,
    ] == moments


def test_several_talks_and_promises_of_a_pair_are_one_pair(
    cast, session, make, facts, evening, proven
):
    make(cast.attendee)
    make(cast.other)
    evening.shift(timedelta(minutes=11))
    talk(session, event=cast.event, by=cast.ben, about=cast.amina)
    (pair,) = facts()
    assert pair.proven_at == proven.proven_at


def test_what_was_promised_at_another_event_counts_there(cast, session, make, facts, evening):
    make(cast.attendee, text="here")
    evening.shift(timedelta(days=30))
    again = make_event(session)
    one, other = (
        make_attendee(session, event=again, person=person) for person in (cast.attendee, cast.other)
    )
    talk(session, event=again, by=one, about=other)
    assert [pair.promised_at for pair in facts(again)] == [None]
    make(cast.attendee, text="there")
    assert [pair.promised_at for pair in facts(again)] == [clock.now()]


@pytest.mark.parametrize("ends", ["untied", "blocked", "undone"])
def test_a_pair_that_is_no_longer_tied_is_gone(cast, session, tie, proven, make, facts, ends):
    make(cast.attendee)
    carol = make_attendee(session, event=cast.event, person=make_person(session, name="Carol"))
    talk(session, event=cast.event, by=carol, about=cast.ben)
    assert len(facts()) == 2
    now = clock.now()
    if ends == "untied":
        untie(session, tie=tie, by=cast.attendee, now=now)
    elif ends == "blocked":
        talks.block(session, blocker_id=cast.other.id, blocked_id=cast.attendee.id, now=now)
    else:
        talks.undo(session, talk=proven, by=cast.amina, now=now)
    (left,) = facts()
    assert carol.id in {left.low_id, left.high_id}


def test_a_claim_nobody_answered_is_no_pair(cast, session, facts):
    before = facts()
    carol = make_attendee(session, event=cast.event, name="A Guest")
    assert carol.person_id is None
    assert facts() == before
