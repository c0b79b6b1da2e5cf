"""Hundreds of invented evenings: after every step the app and the model must say the same."""

import os
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import combinations

from conversations.model import (
    BLOCKED_BY_ME,
    CLOSED,
    DAY,
    HOUR,
    MINUTE,
    NOT_MINE,
    NOT_WAITING,
    OK,
    OTHER_CODE,
    OWN_BADGE,
    SLOW_DOWN,
    TOO_LATE,
    UNKNOWN,
    WRONG_CODE,
    Code,
    Model,
    Place,
    Talk,
)
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from webapp.accounts.models import Person
from webapp.accounts.services import new_person
from webapp.badges import codes
from webapp.badges import services as badge_services
from webapp.badges.models import Badge
from webapp.badges.queries import badge_by_printed_code, badge_of_attendee, read_code
from webapp.conversations import queries, services
from webapp.conversations.models import Conversation
from webapp.conversations.services import NotOpen, Scan
from webapp.core.errors import Conflict, DomainError, TooMany
from webapp.events.models import Attendee, Event
from webapp.events.services import NewEvent, add_attendee, create_event
from webapp.ties import gate
from webapp.ties import queries as tie_queries
from webapp.ties import services as tie_services
from webapp.ties.models import LinkKind, Tie
from webapp.ties.rules import CheckedLink

EVENING = datetime(2026, 11, 19, 18, 0, tzinfo=UTC)
FAIR, DINNER = "Fair", "Dinner"
ENDS_AT = {FAIR: EVENING + 20 * DAY, DINNER: EVENING + 3 * HOUR}
PERSONS = ("Amina", "Ben", "Chen", "Dora")
GUEST = Place(FAIR, "Guest")
PLACES = [Place(event, name) for event in (FAIR, DINNER) for name in PERSONS]
PLACES[PLACES.index(Place(FAIR, "Dora"))] = GUEST
"""Dora's badge at the fair is not claimed at first, and says "Guest"."""

PAIRS = [(by, about) for by in PLACES for about in PLACES if by.event == about.event]
FAVOURITES = [
    (Place(FAIR, "Amina"), Place(FAIR, "Ben")),
    (Place(FAIR, "Ben"), Place(FAIR, "Amina")),
    (Place(FAIR, "Amina"), GUEST),
]
DELAYS = [
    timedelta(seconds=10),
    MINUTE,
    9 * MINUTE,
    10 * MINUTE - timedelta(seconds=2),
    10 * MINUTE - timedelta(seconds=1),
    11 * MINUTE,
    HOUR,
    6 * HOUR,
    DAY - timedelta(seconds=2),
    DAY,
    3 * DAY,
    7 * DAY - timedelta(seconds=1),
]

pairs = st.one_of(st.sampled_from(FAVOURITES), st.sampled_from(PAIRS))
persons = st.sampled_from(PERSONS)
couples = st.one_of(
    st.sampled_from([("Amina", "Ben"), ("Ben", "Amina"), ("Dora", "Amina"), ("Amina", "Dora")]),
    st.sampled_from([(one, other) for one in PERSONS for other in PERSONS if one != other]),
)
whose = st.sampled_from(["other", "claimer", "other", "claimer", "third"])
which = st.integers(0, 5)


def profile(examples: int, steps: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        derandomize=os.environ.get("CI") == "true",
        suppress_health_check=list(HealthCheck),
    )


class Evenings(RuleBasedStateMachine):
    """The real services on one side, the model on the other, and a clock that both are told."""

    def __init__(self, session):
        super().__init__()
        self.session = session
        self.now = EVENING
        self.ids: list[tuple[str, str]] = []
        """The key of each talk, in the order of the model's list."""
        self.sent: list[tuple[Place, Code, str, str]] = []
        self.old_badges: list[tuple[Place, int, str]] = []
        self.crowd: list[Place] = []
        self.model = Model(
            person_at={place: place.name for place in PLACES} | {GUEST: None}, open_until=ENDS_AT
        )

    @initialize()
    def begin(self):
        self.event_ids = {name: self._event(name) for name in ENDS_AT}
        self.person_ids = {name: self._person(name) for name in PERSONS}
        self.attendee_ids, self.badge_ids = {}, {}
        for place in PLACES:
            self._attend(place, None if place == GUEST else self.person_ids[place.name])
        self.session.expunge_all()

    def _event(self, name):
        said = NewEvent(
            name=name,
            place="",
            time_zone="UTC",
            starts_at=EVENING - HOUR,
            ends_at=ENDS_AT[name],
        )
        return create_event(self.session, said=said, by=None, now=EVENING).id

    def _person(self, name):
        person = new_person(self.session, name=name, now=EVENING)
        link = CheckedLink(LinkKind.WEBSITE, f"https://{name.lower()}.example.org")
        tie_services.add_link(self.session, person=person, link=link, now=EVENING)
        return person.id

    def _attend(self, place, person_id):
        attendee = add_attendee(
            self.session,
            event=self.session.get_one(Event, self.event_ids[place.event]),
            name=place.name,
            person=person_id and self.session.get_one(Person, person_id),
            now=EVENING,
        )
        self.attendee_ids[place] = attendee.id
        badge = badge_services.issue_badge(self.session, attendee=attendee, now=EVENING)
        self.badge_ids[place] = badge.id

    def teardown(self):
        self.session.rollback()

    @rule(delay=st.sampled_from(DELAYS))
    def time_passes(self, delay):
        self.now += delay

    @rule(pair=pairs)
    def scan_printed(self, pair):
        by, about = pair
        self._send(by, Code(about, self.model.badges.get(about, 0)))

    @rule(pair=pairs, ago=st.sampled_from([0, 0, 0, 15, 15, 30]))
    def scan_live(self, pair, ago):
        by, about = pair
        if self.model.person_at[about]:
            shown_at = self.now + timedelta(seconds=1 - ago)
            self._send(by, Code(about, self.model.badges.get(about, 0), shown_at))

    @precondition(lambda self: self.sent)
    @rule(number=which, has_other_code=st.booleans())
    def send_again(self, number, has_other_code):
        """The same key once more: as it was, or with another code."""
        by, code, key, _body = self.sent[-1 - number % len(self.sent)]
        if has_other_code:
            others = [place for place in PLACES if place.event == by.event and place != code.about]
            code = Code(others[0], self.model.badges.get(others[0], 0))
        self._send(by, code, key=key)

    @precondition(lambda self: self.sent)
    @rule(number=which)
    def scan_the_same_code_again(self, number):
        """The same code under a new key: a screen that still shows it, or a badge that was lost."""
        by, code, _key, _body = self.sent[-1 - number % len(self.sent)]
        self._send(by, code)

    @rule(who=st.sampled_from(["Amina", "Ben"]), gap=st.sampled_from([5, 11, 11, 61]))
    def scan_a_crowd(self, who, gap):
        """Twenty-two guests who never answer: too many to wait for, or a table of badges."""
        if not self.crowd:
            self.crowd = [Place(FAIR, f"Crowd {number}") for number in range(22)]
            for place in self.crowd:
                self.model.person_at[place] = None
                self._attend(place, None)
        for place in self.crowd:
            self._send(Place(FAIR, who), Code(place, 0))
            self.now += timedelta(seconds=gap - 1)

    def _send(self, by, code, *, key=None):
        if self.model.person_at[by] is None:
            return
        self.now += timedelta(seconds=1)
        key = key or f"key-{len(self.sent)}"
        body = self._text_of(code)
        self.sent.append((by, code, key, body))
        talks_before = len(self.model.talks)
        expected, talk = self.model.scan(by, code, key=key, body=body, now=self.now)
        answer, found = self._scan(by, code, key, body)
        assert answer == expected
        if len(self.model.talks) > talks_before:
            self.ids.append(found)
        if talk is not None:
            assert found == self._id_of(talk)

    def _text_of(self, code):
        badge = self.session.get_one(Badge, self._badge_key(code))
        if code.step is None:
            return codes.printed_code(badge)
        return codes.live_code(badge, code.step)

    def _badge_key(self, code):
        event_id = self.event_ids[code.about.event]
        for place, number, badge_id in self.old_badges:
            if (place, number) == (code.about, code.badge):
                return event_id, badge_id
        return event_id, self.badge_ids[code.about]

    def _scan(self, by, code, key, body):
        """Do what the page does with a code that was sent."""
        event = self.session.get_one(Event, self.event_ids[by.event])
        me = self.session.get_one(Attendee, (event.id, self.attendee_ids[by]))
        try:
            with self.session.begin_nested():
                talk = services.repeated_claim(self.session, by=me, nonce=key, body=body)
                reading = read_code(self.session, body, event_id=event.id, now=self.now)
                if talk is None and reading is None:
                    return UNKNOWN, None
                if talk is None:
                    scan = Scan(reading=reading, nonce=key, body=body)
                    talk = services.claim(self.session, event=event, by=me, scan=scan, now=self.now)
                return OK, (talk.event_id, talk.id)
        except NotOpen:
            return CLOSED, None
        except TooMany:
            return SLOW_DOWN, None
        except Conflict:
            return BLOCKED_BY_ME, None
        except DomainError as error:
            return (OWN_BADGE if "own badge" in error.message else OTHER_CODE), None

    @precondition(lambda self: self.model.talks)
    @rule(number=which, side=whose)
    def say_yes(self, number, side):
        self._answer(number, side, self.model.confirm, services.confirm, NOT_WAITING)

    @precondition(lambda self: self.model.talks)
    @rule(number=which, side=whose)
    def say_no(self, number, side):
        self._answer(number, side, self.model.refuse, services.refuse, NOT_WAITING)

    @precondition(lambda self: self.model.talks)
    @rule(number=which, side=whose)
    def undo(self, number, side):
        self._answer(number, side, self.model.undo, services.undo, TOO_LATE)

    @precondition(lambda self: self.model.talks)
    @rule(number=which, side=whose)
    def take_no_back(self, number, side):
        def in_model(talk, by, _now):
            return self.model.take_refusal_back(talk, by)

        def in_app(session, *, talk, by, now):
            services.take_refusal_back(session, talk=talk, by=by)

        self._answer(number, side, in_model, in_app, NOT_WAITING)

    def _answer(self, number, side, in_model, in_app, no):
        talk = self.model.talks[-1 - number % len(self.model.talks)]
        third = [place for place in PLACES if place.event == talk.claimer.event]
        third = [place for place in third if place not in talk.sides]
        place = {"claimer": talk.claimer, "other": talk.other, "third": third[-1]}[side]
        if self.model.person_at[place] is None:
            return
        self.now += timedelta(seconds=1)
        expected = in_model(talk, place, self.now)
        event_id, talk_id = self._id_of(talk)
        person_id = self.person_ids[self.model.person_at[place]]
        sides = queries.talk_of(
            self.session, event_id=event_id, talk_id=talk_id, person_id=person_id
        )
        answer = OK if sides else NOT_MINE
        if sides:
            try:
                with self.session.begin_nested():
                    in_app(self.session, talk=sides.talk, by=sides.mine, now=self.now)
            except Conflict:
                answer = no
        assert answer == expected

    @rule(couple=couples)
    def block(self, couple):
        self.now += timedelta(seconds=1)
        blocker, blocked = (self.person_ids[name] for name in couple)
        self.model.block(*couple, self.now)
        services.block(self.session, blocker_id=blocker, blocked_id=blocked, now=self.now)

    @rule(couple=couples)
    def unblock(self, couple):
        blocker, blocked = (self.person_ids[name] for name in couple)
        self.model.unblock(*couple)
        services.unblock(self.session, blocker_id=blocker, blocked_id=blocked)

    @precondition(lambda self: self.model.ties)
    @rule(number=which, is_turned=st.booleans())
    def untie(self, number, is_turned):
        by, other = self._couple(number, is_turned=is_turned)
        self.now += timedelta(seconds=1)
        expected = self.model.untie(by, other, self.now)
        found = gate.open_tie_with(
            self.session, person_id=self.person_ids[by], other_id=self.person_ids[other]
        )
        assert (OK if found else NOT_MINE) == expected
        if found:
            person = self.session.get_one(Person, self.person_ids[by])
            tie_services.untie(self.session, tie=found[0], by=person, now=self.now)

    @precondition(lambda self: self.model.ties)
    @rule(number=which, is_turned=st.booleans())
    def retie(self, number, is_turned):
        by, other = self._couple(number, is_turned=is_turned)
        self.now += timedelta(seconds=1)
        expected = self.model.retie(by, other, self.now)
        assert self._retie(self.person_ids[by], self.person_ids[other]) == expected

    def _retie(self, by_id, other_id):
        tie = tie_queries.tie_between(self.session, *sorted((by_id, other_id)))
        found = tie_queries.tie_i_untied(self.session, tie_id=tie.id, person_id=by_id)
        if found is None:
            return NOT_MINE
        try:
            with self.session.begin_nested():
                person = self.session.get_one(Person, by_id)
                tie_services.retie(self.session, tie=found[0], by=person, now=self.now)
        except Conflict:
            return TOO_LATE
        return OK

    def _couple(self, number, *, is_turned):
        ties = list(self.model.ties)
        one, other = sorted(ties[number % len(ties)])
        return (other, one) if is_turned else (one, other)

    @rule(place=st.sampled_from([Place(FAIR, "Ben"), Place(FAIR, "Amina"), GUEST]))
    def reissue(self, place):
        number = self.model.badges.get(place, 0)
        self.old_badges.append((place, number, self.badge_ids[place]))
        self.model.badges[place] = number + 1
        attendee = self.session.get_one(
            Attendee, (self.event_ids[place.event], self.attendee_ids[place])
        )
        badge = badge_services.issue_badge(self.session, attendee=attendee, now=self.now)
        self.badge_ids[place] = badge.id

    @rule(person=st.sampled_from(["Dora", "Dora", "Ben"]), is_right=st.booleans())
    def claim_the_badge(self, person, is_right):
        expected = self.model.claim_badge(GUEST, person, has_right_code=is_right)
        assert self._claim_badge(person, is_right=is_right) == expected

    def _claim_badge(self, person, *, is_right):
        badge = badge_of_attendee(
            self.session, event_id=self.event_ids[FAIR], attendee_id=self.attendee_ids[GUEST]
        )
        found = badge_by_printed_code(self.session, codes.printed_code(badge))
        typed = codes.claim_code(badge) if is_right else codes.printed_code(badge)
        who = self.session.get_one(Person, self.person_ids[person])
        try:
            with self.session.begin_nested():
                badge_services.claim(
                    self.session, found=found, typed=typed, person=who, now=self.now
                )
        except DomainError:
            return WRONG_CODE
        return OK

    def _id_of(self, talk: Talk) -> tuple[str, str]:
        return self.ids[next(n for n, one in enumerate(self.model.talks) if one is talk)]

    @invariant()
    def everything_agrees(self):
        if not hasattr(self, "attendee_ids"):
            return
        self.session.expunge_all()
        self._talks_agree()
        for name in PERSONS:
            self._questions_agree(name)
            self._waiting_agrees(name)
            self._people_agree(name)
        self._links_agree()
        self._newest_talks_are_seen_by_their_sides_alone()

    def _talks_agree(self):
        found = select(Conversation).where(Conversation.event_id.in_(self.event_ids.values()))
        rows = {(row.event_id, row.id): row for row in self.session.scalars(found)}
        assert set(rows) == set(self.ids)
        for key, talk in zip(self.ids, self.model.talks, strict=True):
            row = rows[key]
            assert row.evidence.value == talk.evidence
            assert row.claimed_by_id == self.attendee_ids[talk.claimer]
            assert row.claimed_about_id == self.attendee_ids[talk.other]
            assert (row.started_at, row.last_at) == (talk.started_at, talk.last_scan_at)
            assert (row.proven_at, row.is_proven) == (talk.proven_at, talk.is_proven)
            assert (row.undone_at is not None) == talk.is_undone
            assert row.refusals == talk.noes
        open_claims = Counter(
            (row.claimed_by_id, row.claimed_about_id)
            for row in rows.values()
            if row.proven_at is None and row.undone_at is None and row.expired_at is None
        )
        assert set(open_claims.values()) <= {1}

    def _questions_agree(self, name):
        rows = queries.claims_about_me(self.session, person_id=self.person_ids[name], now=self.now)
        asked = {self.ids.index((row.talk.event_id, row.talk.id)) for row in rows}
        assert asked == self.model.asks(name, self.now)
        for row in rows:
            talk = self.model.talks[self.ids.index((row.talk.event_id, row.talk.id))]
            assert row.name == talk.claimer.name
            assert row.refusals == sum(
                one.noes for one in self.model.talks if one.sides == talk.sides
            )

    def _waiting_agrees(self, name):
        """A claim that waits, was declined, blocked or is about a guest has nothing to tell."""
        rows = queries.my_waiting_claims(
            self.session, person_id=self.person_ids[name], now=self.now
        )
        numbers = [self.ids.index((row.talk.event_id, row.talk.id)) for row in rows]
        assert set(numbers) == self.model.waits_for(name, self.now)
        for row, number in zip(rows, numbers, strict=True):
            talk = self.model.talks[number]
            assert (row.name, row.event.name) == (talk.other.name, talk.other.event)
            assert self._what_a_claimer_sees(row.talk) == self._nothing_but_their_own_word(talk)

    def _what_a_claimer_sees(self, row):
        hidden = {"refused_at", "refusals", "low_id", "high_id", "low_word", "high_word", "id"}
        seen = {
            column.key: getattr(row, column.key)
            for column in Conversation.__table__.columns
            if column.key not in hidden
        }
        return seen | {
            "theirs": row.word_of(row.claimed_about_id),
            "mine": row.word_of(row.claimed_by_id).value,
        }

    def _nothing_but_their_own_word(self, talk):
        return {
            "event_id": self.event_ids[talk.claimer.event],
            "claimed_by_id": self.attendee_ids[talk.claimer],
            "claimed_about_id": self.attendee_ids[talk.other],
            "evidence": "claimed",
            "started_at": talk.started_at,
            "last_at": talk.last_scan_at,
            "proven_at": None,
            "ended_at": None,
            "undone_at": None,
            "expired_at": None,
            "theirs": None,
            "mine": "scanned",
        }

    def _people_agree(self, name):
        rows = tie_queries.people_i_met(self.session, self.person_ids[name])
        met = {row.person.name for row in rows}
        assert met == {other for other in PERSONS if self.model.is_open(name, other)}
        for row in rows:
            proven = [
                talk
                for talk in self.model.talks
                if talk.is_proven
                and {self.model.person_at[side] for side in talk.sides} == {name, row.person.name}
            ]
            latest = max(proven, key=lambda talk: talk.started_at)
            assert (row.tie.last_talk_at, row.event.name) == (
                latest.started_at,
                latest.claimer.event,
            )

    def _links_agree(self):
        found = select(Tie).where(Tie.low_person_id.in_(self.person_ids.values()))
        ties = {
            frozenset({tie.low_person_id, tie.high_person_id}): tie
            for tie in self.session.scalars(found)
        }
        for one, other in combinations(PERSONS, 2):
            tie = ties.pop(frozenset({self.person_ids[one], self.person_ids[other]}), None)
            assert (tie is not None) == (frozenset({one, other}) in self.model.ties)
            for me, them in ((one, other), (other, one)) if tie else ():
                links = gate.links_over(self.session, tie=tie, person_id=self.person_ids[me])
                is_open = self.model.is_open(me, them)
                expected = [f"https://{them.lower()}.example.org"] if is_open else []
                assert [link.url for link in links] == expected
        assert not ties

    def _newest_talks_are_seen_by_their_sides_alone(self):
        for (event_id, talk_id), talk in list(zip(self.ids, self.model.talks, strict=True))[-3:]:
            for name in PERSONS:
                sides = queries.talk_of(
                    self.session,
                    event_id=event_id,
                    talk_id=talk_id,
                    person_id=self.person_ids[name],
                )
                place = self.model.place(talk.claimer.event, name)
                assert bool(sides) == bool(place and self.model.sees(place, talk))


def test_services_and_model_agree_on_every_evening(session):
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    examples = profile(80, 30) if is_sqlite else profile(15, 30)
    run_state_machine_as_test(lambda: Evenings(session), settings=examples)
