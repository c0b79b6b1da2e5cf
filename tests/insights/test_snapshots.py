"""Frozen summaries: when they are taken, that they stay, and that two never single anybody out."""

import random
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from people import make_attendee, make_event, make_person, say_talked, talk
from webapp.conversations.models import Conversation
from webapp.conversations.services import confirm, undo
from webapp.core import clock
from webapp.events.models import Attendee
from webapp.events.rules import takes_talks
from webapp.events.services import check_in, undo_check_in
from webapp.insights.models import Snapshot
from webapp.insights.rules import FROZEN_UNTIL, cut_at
from webapp.insights.services import freeze_summary, keep_frozen, next_summary
from webapp.insights.tasks import freeze_summaries

K = 5
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def event(session, evening):
    """An event that begins now, at a full hour, and lasts four."""
    now = clock.now()
    event = make_event(session, starts_at=now, ends_at=now + 4 * HOUR)
    event.k = K
    return event


@pytest.fixture
def guests(session, event):
    """Forty people who have come."""
    return come(session, event, 40)


def come(session, event, number):
    people = [make_person(session, name=f"Guest {one}") for one in range(number)]
    return [make_attendee(session, event=event, person=person) for person in people]


def freeze(session, event):
    snapshot = freeze_summary(session, event=event, now=clock.now())
    session.commit()
    return snapshot


def shown(snapshot):
    return {one["key"]: one["value"] for one in snapshot.report["figures"]}


def talk_in_pairs(session, event, attendees):
    for one, other in zip(attendees[::2], attendees[1::2], strict=True):
        talk(session, event=event, by=one, about=other)


@pytest.mark.parametrize(
    ("now", "cut"),
    [("18:00:00", "18:00"), ("18:00:01", "18:00"), ("18:59:59", "18:00"), ("19:00:00", "19:00")],
)
def test_the_cut_is_the_last_full_hour(now, cut):
    day = "2026-11-19T"
    expected = datetime.fromisoformat(day + cut).replace(tzinfo=UTC)
    assert cut_at(datetime.fromisoformat(day + now).replace(tzinfo=UTC)) == expected


def test_nothing_is_frozen_before_the_first_full_hour(session, event, guests, evening):
    for moment in (0, 1, 59):
        evening.move_to(event.starts_at + moment * MINUTE)
        assert freeze(session, event) is None


def test_the_first_summary_is_frozen_at_the_first_full_hour(session, event, guests, evening):
    evening.move_to(event.starts_at + HOUR + 7 * MINUTE)
    snapshot = freeze(session, event)
    assert snapshot.taken_at == event.starts_at + HOUR
    assert not snapshot.is_final
    assert shown(snapshot)["attendees"] == 40


def test_what_comes_after_the_cut_waits_for_the_next(session, event, guests, evening):
    evening.move_to(event.starts_at + HOUR + MINUTE)
    talk_in_pairs(session, event, guests)
    assert shown(freeze(session, event))["conversations"] is None
    evening.move_to(event.starts_at + 2 * HOUR)
    assert shown(freeze(session, event))["conversations"] == 20


def test_an_hour_is_summed_up_once(session, event, guests, evening):
    evening.move_to(event.starts_at + HOUR)
    assert freeze(session, event) is not None
    come(session, event, K)
    evening.shift(30 * MINUTE)
    assert freeze(session, event) is None


@pytest.mark.parametrize("number", [0, 1, K - 1, K])
def test_the_next_summary_waits_for_k_people(session, event, guests, evening, number):
    evening.move_to(event.starts_at + HOUR)
    freeze(session, event)
    evening.shift(MINUTE)
    come(session, event, number)
    evening.move_to(event.starts_at + 2 * HOUR)
    assert (freeze(session, event) is not None) is (number >= K)


def test_what_waited_is_in_a_later_summary(session, event, guests, evening):
    evening.move_to(event.starts_at + HOUR)
    freeze(session, event)
    for hour in (2, 3):
        evening.shift(MINUTE)
        come(session, event, K - 2)
        evening.move_to(event.starts_at + hour * HOUR)
        snapshot = freeze(session, event)
    assert snapshot.taken_at == event.starts_at + 3 * HOUR
    assert shown(snapshot)["attendees"] == 45


def test_a_claim_changes_the_summary_of_two(session, event, guests, evening):
    evening.move_to(event.starts_at + HOUR)
    freeze(session, event)
    evening.shift(MINUTE)
    for one, other in ((0, 1), (2, 3)):
        say_talked(session, event=event, by=guests[one], about=guests[other])
    evening.move_to(event.starts_at + 2 * HOUR)
    assert freeze(session, event) is None
    evening.shift(MINUTE)
    say_talked(session, event=event, by=guests[3], about=guests[4])
    evening.move_to(event.starts_at + 3 * HOUR)
    assert freeze(session, event) is not None


def test_a_summary_stays_as_it_was(session, event, guests, evening):
    talk_in_pairs(session, event, guests)
    evening.move_to(event.starts_at + HOUR)
    before = dict(freeze(session, event).report)
    come(session, event, 20)
    for guest in guests[:10]:
        undo_check_in(session, attendee=guest)
    evening.move_to(event.starts_at + 2 * HOUR)
    freeze(session, event)
    session.expire_all()
    first = session.get_one(Snapshot, (event.id, event.starts_at + HOUR))
    assert first.report == before


@pytest.mark.parametrize("late", [timedelta(0), HOUR, 30 * HOUR])
def test_the_last_summary_is_frozen_when_nothing_new_can_come(
    session, event, guests, evening, late
):
    evening.move_to(event.starts_at + HOUR)
    assert not freeze(session, event).is_final
    evening.move_to(event.ends_at + 12 * HOUR)
    assert freeze(session, event) is None
    evening.move_to(event.ends_at + 13 * HOUR + late)
    assert freeze(session, event).is_final
    evening.shift(5 * HOUR)
    assert freeze(session, event) is None


def test_a_small_event_gets_its_number_at_the_end(session, event, evening):
    few = come(session, event, 12)
    talk_in_pairs(session, event, few)
    evening.move_to(event.starts_at + HOUR)
    assert set(shown(freeze(session, event)).values()) == {None}
    evening.move_to(event.ends_at + 13 * HOUR)
    numbers = shown(freeze(session, event))
    assert numbers.pop("conversations") == 5
    assert set(numbers.values()) == {None}


def test_the_last_summary_does_not_give_away_one_who_changed(session, event, guests, evening):
    evening.move_to(event.starts_at + HOUR)
    freeze(session, event)
    evening.shift(MINUTE)
    come(session, event, 1)
    evening.move_to(event.ends_at + 13 * HOUR)
    assert freeze(session, event) is None


def test_who_was_never_here_is_not_given_away_by_the_last_summary(session, event, guests, evening):
    evening.move_to(event.starts_at + HOUR)
    freeze(session, event)
    evening.shift(MINUTE)
    undo_check_in(session, attendee=guests[0])
    session.commit()
    evening.move_to(event.ends_at + 13 * HOUR)
    assert freeze(session, event) is None


def test_undoing_the_check_in_of_somebody_who_talked_tells_nothing(session, event, guests, evening):
    """Or else whoever runs the event could take one person out and look what is missing."""
    for other in guests[1 : 2 * K]:
        evening.shift(MINUTE)
        talk(session, event=event, by=other, about=guests[0])
    evening.move_to(event.starts_at + HOUR)
    before = freeze(session, event)
    undo_check_in(session, attendee=guests[0])
    session.commit()
    evening.move_to(event.ends_at + 13 * HOUR)
    after = freeze(session, event)
    assert after.is_final
    assert after.report == before.report


def test_who_claims_a_badge_changes_the_summary_of_one(session, event, guests, evening):
    more = [make_attendee(session, event=event, name=f"Walk-in {one}") for one in range(K)]
    for one in more:
        check_in(session, attendee=one, now=clock.now())
    evening.move_to(event.starts_at + HOUR)
    freeze(session, event)
    for hour, number in ((2, K - 1), (3, K)):
        for one in more[:number]:
            one.person_id = one.person_id or make_person(session).id
        session.commit()
        evening.move_to(event.starts_at + hour * HOUR)
        assert (freeze(session, event) is not None) is (number == K)


def test_what_a_summary_left_out_already_does_not_count_again(session, event, guests, evening):
    """Undone between the cut and the count: the next summary needs k others."""
    evening.move_to(event.starts_at + 55 * MINUTE)
    said = talk(session, event=event, by=guests[0], about=guests[1])
    evening.move_to(event.starts_at + HOUR + 2 * MINUTE)
    undo(session, talk=said, by=guests[0], now=clock.now())
    evening.shift(MINUTE)
    freeze(session, event)
    come(session, event, K - 2)
    evening.move_to(event.starts_at + 2 * HOUR)
    assert freeze(session, event) is None


def test_going_back_to_almost_what_was_is_no_way_to_single_somebody_out(
    session, event, guests, evening
):
    evening.move_to(event.starts_at + HOUR)
    freeze(session, event)
    evening.shift(MINUTE)
    visitors = come(session, event, K)
    evening.move_to(event.starts_at + 2 * HOUR)
    assert freeze(session, event) is not None
    for visitor in visitors[1:]:
        undo_check_in(session, attendee=visitor)
    session.commit()
    come(session, event, 1)
    evening.move_to(event.starts_at + 3 * HOUR)
    assert freeze(session, event) is None


def test_the_worker_freezes_every_event_that_is_due(app, session, event, guests, evening):
    begins, past = clock.now() + 9 * HOUR, clock.now() - FROZEN_UNTIL - 10 * HOUR
    make_event(session, name="Coming", starts_at=begins, ends_at=begins + HOUR)
    make_event(session, name="Long over", starts_at=past, ends_at=past + HOUR)
    evening.move_to(event.starts_at + HOUR)
    session.commit()
    for _ in range(2):
        with app.app_context():
            freeze_summaries()
    assert [row.event_id for row in session.query(Snapshot)] == [event.id]


def test_of_two_workers_the_faster_one_freezes(session, event, guests, evening):
    evening.move_to(event.starts_at + HOUR)
    first, second = (next_summary(session, event=event, now=clock.now()) for _ in range(2))
    second.report = {"k": "another"}
    for snapshot in (first, second):
        keep_frozen(session, snapshot)
        session.commit()
        session.expunge_all()
    assert session.query(Snapshot).one().report["k"] == K


class Evening:
    """People who come, talk, change their minds and go, as chance has it."""

    def __init__(self, session, event, evening, seed):
        self.session, self.event, self.clock = session, event, evening
        self.chance = random.Random(seed)
        self.people = come(session, event, 12)
        self.seen = []
        """What stood behind each summary, by person."""

    def some(self, number):
        return self.chance.sample(self.people, min(number, len(self.people)))

    def arrive(self):
        self.people += come(self.session, self.event, self.chance.choice((1, 2, K)))

    def leave(self):
        for attendee in self.some(self.chance.choice((1, 2))):
            undo_check_in(self.session, attendee=attendee)

    def come_back(self):
        for attendee in self.some(3):
            check_in(self.session, attendee=attendee, now=clock.now())

    def say(self):
        by, about = self.some(2)
        say_talked(self.session, event=self.event, by=by, about=about)

    def both(self):
        by, about = self.some(2)
        talk(self.session, event=self.event, by=by, about=about)

    def answer(self):
        waiting = self.session.query(Conversation).filter_by(proven_at=None, undone_at=None).all()
        if waiting:
            said = self.chance.choice(waiting)
            about = self.session.get_one(Attendee, (self.event.id, said.claimed_about_id))
            confirm(self.session, talk=said, by=about, now=clock.now())

    def take_back(self):
        lately = clock.now() - 10 * MINUTE
        found = self.session.query(Conversation).filter(Conversation.proven_at > lately)
        for said in found.filter_by(undone_at=None).limit(2).all():
            by = self.session.get_one(Attendee, (self.event.id, said.low_id))
            undo(self.session, talk=said, by=by, now=clock.now())

    def step(self):
        doings = [self.arrive, self.leave, self.come_back, self.answer, self.take_back]
        if takes_talks(self.event, clock.now() + HOUR):
            doings += [self.say, self.both]
        for _ in range(self.chance.randint(1, 4)):
            self.chance.choice(doings)()
            self.clock.shift(self.chance.choice((MINUTE, 5 * MINUTE, 11 * MINUTE)))
        snapshot = freeze(self.session, self.event)
        if snapshot is not None:
            self.seen.append(self.parts(snapshot.taken_at))

    def parts(self, by):
        """Return for everybody who had come what of theirs a summary counts, read row by row."""
        talks = [
            (said, said.proven_at is not None and said.proven_at <= by)
            for said in self.session.query(Conversation).order_by(Conversation.id)
            if said.undone_at is None and said.started_at <= by
        ]
        talked = {side for said, is_proven in talks if is_proven for side in sides(said)}
        parts = {
            one.id: [one.group_name]
            for one in self.session.query(Attendee)
            if one.id in talked or (one.checked_in_at is not None and one.checked_in_at <= by)
        }
        for said, is_proven in talks:
            if parts.keys() >= sides(said):
                for side in sides(said):
                    parts[side].append((said.id, is_proven))
        return parts


def sides(said):
    return {said.low_id, said.high_id}


def differing(one, other):
    return [person for person in one.keys() | other.keys() if one.get(person) != other.get(person)]


@pytest.mark.parametrize("seed", range(6))
def test_any_two_summaries_differ_by_nobody_or_by_k_people(session, event, evening, seed):
    night = Evening(session, event, evening, seed)
    while clock.now() < event.ends_at + 15 * HOUR:
        night.step()
        evening.shift(night.chance.choice((5 * MINUTE, 20 * MINUTE, HOUR)))
    assert len(night.seen) > 1
    for one, other in combinations(night.seen, 2):
        assert len(differing(one, other)) == 0 or len(differing(one, other)) >= K
