"""One invented evening, lived twice: by the app's services and by the model."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import combinations

from conversations.model import (
    BLOCKED_BY_ME,
    CLOSED,
    DAY,
    HOUR,
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
SECOND = timedelta(seconds=1)
FAIR, DINNER = "Fair", "Dinner"
ENDS_AT = {FAIR: EVENING + 40 * DAY, DINNER: EVENING + 5 * DAY}
PERSONS = ("Amina", "Ben", "Chen", "Dora")
GUEST = Place(FAIR, "Guest")
"""Dora's badge at the fair; nobody has claimed it at first."""

PLACES = [Place(event, name) for event in (FAIR, DINNER) for name in PERSONS]
PLACES[PLACES.index(Place(FAIR, "Dora"))] = GUEST


class Evening:
    """Does everything in the app and in the model, and expects the same of both."""

    def __init__(self, session):
        self.session = session
        self.now = EVENING
        self.model = Model(
            person_at={place: place.name for place in PLACES} | {GUEST: None}, open_until=ENDS_AT
        )
        self.ids: list[tuple[str, str]] = []
        """The key of each talk, in the order of the model's list."""
        self.sent: list[tuple[Place, Code, str]] = []
        self.attendee_ids: dict[Place, str] = {}
        self.badge_ids: dict[Place, list[str]] = {}
        self.event_ids = {name: self._event(name) for name in ENDS_AT}
        self.person_ids = {name: self._person(name) for name in PERSONS}
        for place in PLACES:
            self._attend(place, None if place == GUEST else self.person_ids[place.name])
        session.expunge_all()

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
            group_name="On the list",
            person=person_id and self.session.get_one(Person, person_id),
            now=EVENING,
        )
        self.attendee_ids[place] = attendee.id
        badge = badge_services.issue_badge(self.session, attendee=attendee, now=EVENING)
        self.badge_ids[place] = [badge.id]

    def wait(self, delay):
        self.now += delay

    def meet_crowd(self, by, *, size, gap):
        """Guests who never answer, scanned one after the other."""
        for place in [Place(by.event, f"Crowd {number}") for number in range(size)]:
            if place in self.attendee_ids:
                return
            self.model.person_at[place] = None
            self._attend(place, None)
            self.scan(by, Code(place, 0))
            self.wait(gap - SECOND)

    def printed(self, about):
        return Code(about, self.model.badges.get(about, 0))

    def shown(self, about, *, ago=timedelta(0)):
        return Code(about, self.model.badges.get(about, 0), self.now + SECOND - ago)

    def scan(self, by, code, *, key=None):
        """Send what was read; a guest without a badge of their own has no phone to do it with."""
        if self.model.person_at[by] is None:
            return
        self.wait(SECOND)
        key = key or f"key-{len(self.sent)}"
        self.sent.append((by, code, key))
        body = self._text_of(code)
        talks_before = len(self.model.talks)
        expected, talk = self.model.scan(by, code, key=key, body=body, now=self.now)
        answer, found = self._scan(by, key, body)
        assert answer == expected
        if len(self.model.talks) > talks_before:
            self.ids.append(found)
        if talk is not None:
            assert found == self._id_of(talk)

    def _text_of(self, code):
        badge_id = self.badge_ids[code.about][code.badge]
        badge = self.session.get_one(Badge, (self.event_ids[code.about.event], badge_id))
        if code.step is None:
            return codes.printed_code(badge)
        return codes.live_code(badge, code.step)

    def _scan(self, by, key, body):
        """Do what the page does with a code that was sent."""
        event = self.session.get_one(Event, self.event_ids[by.event])
        me = self.session.get_one(Attendee, (event.id, self.attendee_ids[by]))
        try:
            with self.session.begin_nested():
                reading = read_code(self.session, body, event_id=event.id, now=self.now)
                if reading is None:
                    talk = services.repeated_claim(self.session, by=me, nonce=key, body=body)
                    if talk is None:
                        return UNKNOWN, None
                else:
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

    def say_yes(self, talk, by):
        self._answer(talk, by, self.model.confirm, services.confirm, no=NOT_WAITING)

    def say_no(self, talk, by):
        self._answer(talk, by, self.model.refuse, services.refuse, no=NOT_WAITING)

    def undo(self, talk, by):
        self._answer(talk, by, self.model.undo, services.undo, no=TOO_LATE)

    def take_no_back(self, talk, by):
        def in_app(session, *, talk, by, now):
            services.take_refusal_back(session, talk=talk, by=by)

        self._answer(talk, by, self.model.take_refusal_back, in_app, no=NOT_WAITING)

    def _answer(self, talk, by, in_model, in_app, *, no):
        if self.model.person_at[by] is None:
            return
        self.wait(SECOND)
        expected = in_model(talk, by, self.now)
        sides = self._seen_by(self.model.person_at[by], talk)
        answer = OK if sides else NOT_MINE
        if sides:
            try:
                with self.session.begin_nested():
                    in_app(self.session, talk=sides.talk, by=sides.mine, now=self.now)
            except Conflict:
                answer = no
        assert answer == expected

    def _seen_by(self, name, talk):
        event_id, talk_id = self._id_of(talk)
        return queries.talk_of(
            self.session, event_id=event_id, talk_id=talk_id, person_id=self.person_ids[name]
        )

    def block(self, blocker, blocked):
        self.wait(SECOND)
        self.model.block(blocker, blocked, self.now)
        services.block(
            self.session,
            blocker_id=self.person_ids[blocker],
            blocked_id=self.person_ids[blocked],
            now=self.now,
        )

    def unblock(self, blocker, blocked):
        self.model.unblock(blocker, blocked)
        services.unblock(
            self.session,
            blocker_id=self.person_ids[blocker],
            blocked_id=self.person_ids[blocked],
        )

    def untie(self, by, other):
        self.wait(SECOND)
        expected = self.model.untie(by, other, self.now)
        found = gate.open_tie_with(
            self.session, person_id=self.person_ids[by], other_id=self.person_ids[other]
        )
        assert (OK if found else NOT_MINE) == expected
        if found:
            person = self.session.get_one(Person, self.person_ids[by])
            tie_services.untie(self.session, tie=found[0], by=person, now=self.now)

    def retie(self, by, other):
        self.wait(SECOND)
        expected = self.model.retie(by, other, self.now)
        assert self._retie(self.person_ids[by], self.person_ids[other]) == expected

    def _retie(self, by_id, other_id):
        tie = tie_queries.tie_between(self.session, *sorted((by_id, other_id)))
        found = tie and tie_queries.tie_i_untied(self.session, tie_id=tie.id, person_id=by_id)
        if found is None:
            return NOT_MINE
        try:
            with self.session.begin_nested():
                person = self.session.get_one(Person, by_id)
                tie_services.retie(self.session, tie=found[0], by=person, now=self.now)
        except Conflict:
            return TOO_LATE
        return OK

    def reissue(self, place):
        self.model.badges[place] = self.model.badges.get(place, 0) + 1
        attendee = self.session.get_one(
            Attendee, (self.event_ids[place.event], self.attendee_ids[place])
        )
        badge = badge_services.issue_badge(self.session, attendee=attendee, now=self.now)
        self.badge_ids[place].append(badge.id)

    def claim_the_badge(self, person, *, is_right):
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

    def agrees(self):
        """Compare everything that anybody could be shown."""
        self.session.expunge_all()
        self._talks_agree()
        for name in PERSONS:
            self._questions_agree(name)
            self._waiting_agrees(name)
        self._people_agree(PERSONS[self.now.second % len(PERSONS)])
        self._links_agree()
        for talk in self.model.talks[-1:]:
            self._talk_is_seen_by_its_sides_alone(talk)

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

    def _talk_is_seen_by_its_sides_alone(self, talk):
        for name in PERSONS:
            place = self.model.place(talk.claimer.event, name)
            is_seen = place is not None and self.model.sees(place, talk)
            assert bool(self._seen_by(name, talk)) == is_seen
