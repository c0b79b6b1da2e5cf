"""The gate, the list and each candidate's page agree with a model that shares no code with them.

GRAPHS says how many random evenings are played; CI plays sixteen, by hand it is a thousand.
"""

import os
import random
from dataclasses import astuple, dataclass, field
from datetime import timedelta
from itertools import permutations, product

import pytest
from recruiting.reference import Evening

from people import live, make_attendee, make_event, make_person, say_talked
from webapp.accounts.models import EmailAddress
from webapp.conversations import services as talks
from webapp.core import clock
from webapp.core.errors import Conflict
from webapp.events.models import RoleName
from webapp.events.services import remove_role
from webapp.recruiting import gate
from webapp.recruiting.queries.handovers import handovers_to_me
from webapp.recruiting.queries.teams import member_of
from webapp.recruiting.services import consent, handovers, teams
from webapp.ties import gate as ties_gate
from webapp.ties.queries import tie_between
from webapp.ties.services import retie, untie

GRAPHS = int(os.environ.get("GRAPHS", "16"))
PEOPLE, TURNS = 7, 80
MAIN, NEXT = "main", "next"
WEIGHTS = {
    "talk": 18,
    "talk_and_undo": 2,
    "undo_what_is_not_all": 2,
    "say_so": 1,
    "say_so_here_and_talk_there": 2,
    "untie": 2,
    "untie_and_retie": 1,
    "block": 1,
    "unblock": 1,
    "agree": 12,
    "withdraw": 1,
    "join": 12,
    "leave": 2,
    "hand_over": 20,
    "answer": 14,
    "take_question_back": 1,
    "let_go": 1,
    "part_and_talk_again": 1,
    "somebody_named_leaves": 1,
}


@dataclass
class Play:
    """One random evening, played in the app and in the model."""

    session: object
    evening: object
    chance: random.Random
    model: Evening = field(default_factory=Evening)
    said: set = field(default_factory=set)

    def begin(self):
        session, now = self.session, clock.now()
        later = {"ends_at": now + timedelta(days=2)}
        self.olga = make_person(session, name="Olga")
        self.events = {
            MAIN: make_event(session, by=self.olga, **later),
            NEXT: make_event(session, **later),
        }
        self.persons = {f"P{n}": make_person(session, name=f"P{n}") for n in range(PEOPLE)}
        self.places = {
            (event, key): make_attendee(session, event=self.events[event], person=person)
            for event in self.events
            for key, person in self.persons.items()
        }
        for person in self.persons.values():
            address = f"{person.id}@example.org"
            mine = {"person_id": person.id, "proven_at": now, "code_proven_at": now}
            session.add(EmailAddress(address=address, **mine))
        self.teams = {
            name: teams.grant_team(
                session,
                event=self.events[MAIN],
                name=name,
                address="nobody@example.org",
                by=self.olga,
                now=now,
            )
            for name in ("Kora", "Zeta")
        }
        session.flush()

    def do(self):
        self.model.turn += 1
        self.evening.shift(timedelta(minutes=11))
        one, other = self.chance.sample(sorted(self.persons), 2)
        step = self.chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        getattr(self, step)(one, other)
        self.session.flush()

    def talk(self, one, other, at=None):
        if self.model.are_blocked(one, other):
            return None
        event = at or self.chance.choice((MAIN, MAIN, MAIN, NEXT))
        by, about = self.places[event, one], self.places[event, other]
        scan = live(self.session, about)
        now = clock.now()
        talk = talks.claim(self.session, event=self.events[event], by=by, scan=scan, now=now)
        assert talk.is_proven
        self.model.talk(event, one, other)
        return talk, by

    def undo_what_is_not_all(self, one, other):
        """The tie goes on by a talk at the other event."""
        self.talk(one, other, at=NEXT)
        self.evening.shift(timedelta(minutes=11))
        self.model.turn += 1
        self.talk_and_undo(one, other, at=MAIN)

    def say_so_here_and_talk_there(self, one, other):
        self.say_so(one, other)
        self.talk(one, other, at=NEXT)

    def talk_and_undo(self, one, other, at=None):
        if found := self.talk(one, other, at=at):
            talk, by = found
            talks.undo(self.session, talk=talk, by=by, now=clock.now())
            self.model.undo(self.model.talks[-1])

    def say_so(self, one, other):
        """A claim nobody answers proves nothing, across a block or not."""
        if {one, other} in self.said or (one, other) in self.model.blocks:
            return
        self.said.add(frozenset((one, other)))
        by, about = self.places[MAIN, one], self.places[MAIN, other]
        say_talked(self.session, event=self.events[MAIN], by=by, about=about)

    def untie(self, one, other):
        if tie := self._open_tie(one, other):
            untie(self.session, tie=tie, by=self.persons[one], now=clock.now())
            self.model.open.discard(frozenset((one, other)))
        return tie

    def untie_and_retie(self, one, other):
        if tie := self.untie(one, other):
            retie(self.session, tie=tie, by=self.persons[one], now=clock.now())
            self.model.open.add(frozenset((one, other)))

    def part_and_talk_again(self, _one, _other):
        """Who asked and whom they asked untie, and talk again: it is another tie."""
        if self.model.handed:
            handed = self.chance.choice(self.model.handed)
            self.untie(handed.who, handed.by)
            self.evening.shift(timedelta(minutes=11))
            self.model.turn += 1
            self.talk(handed.who, handed.by, at=MAIN)

    def _open_tie(self, one, other):
        pair = sorted(self.persons[key].id for key in (one, other))
        tie = tie_between(self.session, *pair)
        assert (tie is not None and tie.closed_at is None) == (
            frozenset((one, other)) in self.model.open
        )
        return tie if tie is not None and tie.closed_at is None else None

    def block(self, one, other):
        ids = {"blocker_id": self.persons[one].id, "blocked_id": self.persons[other].id}
        talks.block(self.session, now=clock.now(), **ids)
        self.model.block(one, other)

    def unblock(self, _one, _other):
        for one, other in sorted(self.model.blocks):
            ids = {"blocker_id": self.persons[one].id, "blocked_id": self.persons[other].id}
            talks.unblock(self.session, **ids)
        self.model.blocks.clear()

    def agree(self, one, _other):
        name = self.chance.choice(list(self.teams))
        person = self.persons[one]
        consent.agree(self.session, team=self.teams[name], person=person, now=clock.now())
        self.model.agreed.add((one, name))

    def withdraw(self, one, _other):
        name = self.chance.choice(list(self.teams))
        person = self.persons[one]
        consent.withdraw(self.session, team=self.teams[name], person=person, now=clock.now())
        if (one, name) in self.model.agreed:
            self.model.withdraw(one, name)

    def join(self, one, _other):
        if one in self.model.team_of:
            return
        name, now = self.chance.choice(list(self.teams)), clock.now()
        person, event, team = self.persons[one], self.events[MAIN], self.teams[name]
        asked = {"address": f"{person.id}@example.org", "is_admin": False, "by": self.olga}
        teams.invite(self.session, event=event, team=team, now=now, **asked)
        teams.join(self.session, event=event, team=team, person=person, now=now)
        self.model.team_of[one] = name

    def leave(self, one, _other):
        """By themselves, or because the organiser took the role."""
        name = self.model.leave(one)
        event, person = self.events[MAIN], self.persons[one]
        if name and self.chance.random() < 0.5:
            team, now = self.teams[name], clock.now()
            teams.leave(
                self.session, event=event, team=team, person_id=person.id, by=person, now=now
            )
        elif name:
            remove_role(self.session, event=event, person_id=person.id, name=RoleName.RECRUITER)

    def hand_over(self, _one, _other):
        """Somebody in a team asks somebody about a colleague; mostly where they may."""
        everybody = list(permutations(sorted(self.persons), 3))
        fitting = [three for three in everybody if self.model.may_ask(*three, MAIN)]
        anybody = not fitting or self.chance.random() < 0.2
        one, who, to = self.chance.choice(everybody if anybody else fitting)
        if one not in self.model.team_of:
            return
        may = self.model.may_ask(one, who, to, MAIN)
        member = self._member(one)
        try:
            handovers.hand_over(
                self.session,
                member=member,
                person_id=self.persons[who].id,
                to_id=self.persons[to].id,
                reason="They know",
                now=clock.now(),
            )
        except Conflict:
            assert not may, (one, who, to, self.model)
            return
        assert may, (one, who, to, self.model)
        self.model.ask(one, who, to)

    def _member(self, key):
        return member_of(
            self.session, event_id=self.events[MAIN].id, person_id=self.persons[key].id
        )

    def answer(self, _one, _other):
        """Whoever finds a question on their screens says yes to most, or no, or no by mistake."""
        if not (found := self._shown(is_accepted=False)):
            return
        handed, asked = found
        says = self.chance.choices(["yes", "no", "undo"], [6, 1, 1])[0]
        told = {"handover": asked.handover, "now": clock.now()}
        if says == "yes":
            handovers.accept(self.session, **told)
            self.model.accept(handed)
            return
        handovers.decline(self.session, **told)
        if says == "no":
            self.model.let_go(handed)
        else:
            handovers.undo(self.session, **told)

    def let_go(self, _one, _other):
        if found := self._shown(is_accepted=True):
            handed, asked = found
            handovers.decline(self.session, handover=asked.handover, now=clock.now())
            self.model.let_go(handed)

    def take_question_back(self, _one, _other):
        waiting = [one for one in self.model.handed if not one.is_accepted]
        if waiting:
            handed = self.chance.choice(waiting)
            handovers.take_question_back(
                self.session,
                member=self._member(handed.by),
                person_id=self.persons[handed.who].id,
                now=clock.now(),
            )
            self.model.handed.remove(handed)

    def _shown(self, *, is_accepted):
        """One of the questions somebody finds, or of those they said yes to."""
        found = [
            one
            for one in self.model.handed
            if one.is_accepted == is_accepted and self.model.is_shown(one, MAIN)
        ]
        if not found:
            return None
        handed = self.chance.choice(found)
        (asked,) = [
            one for one in self.shown_to(handed.who) if self.told(one) == astuple(handed)[:4]
        ]
        return handed, asked

    def shown_to(self, key):
        """What a person finds on their screens that waits or that they said yes to."""
        found = handovers_to_me(self.session, person_id=self.persons[key].id, now=clock.now())
        return [one for one in found if one.handover.is_accepted is not False]

    def told(self, asked):
        """A hand-over of the app in the words of the model."""
        names = {person.id: key for key, person in self.persons.items()}
        one = asked.handover
        team = next(name for name, team in self.teams.items() if team.id == one.team_id)
        return team, names[one.person_id], names[one.from_id], names[one.to_id]

    def somebody_named_leaves(self, _one, _other):
        """Who handed somebody over, or to whom."""
        if self.model.handed:
            handed = self.chance.choice(self.model.handed)
            self.leave(self.chance.choice([handed.by, handed.to]), None)

    def keys(self, ids):
        return {key for key, person in self.persons.items() if person.id in ids}


def listed(play, browser, query=""):
    """Return whom the page of the list links to."""
    path = f"/events/{play.events[MAIN].id}/candidates"
    answer = browser.get(f"{path}{query}")
    assert answer.status_code == 200
    ids = (link.removeprefix(f"{path}/").partition("?")[0] for link in browser.page.links())
    return play.keys(set(ids))


def check_links(play):
    """No link opens by a hand-over: whom one is open to, as before, one has talked with."""
    for one, other in permutations(play.persons, 2):
        ids = {"person_id": play.persons[one].id, "other_id": play.persons[other].id}
        is_open = ties_gate.open_tie_with(play.session, **ids) is not None
        assert is_open == (frozenset((one, other)) in play.model.open), (one, other)


def check_questions(play):
    """Each finds what is asked about them, and who carries on with them, and nothing else."""
    for key in play.persons:
        found = {(*play.told(one), one.handover.is_standing) for one in play.shown_to(key)}
        expected = {
            (one.team, one.who, one.by, one.to, one.is_accepted)
            for one in play.model.handed
            if one.who == key and play.model.is_shown(one, MAIN)
        }
        assert found == expected, (key, play.model)


def check(play, browser_of):
    session, model, main = play.session, play.model, play.events[MAIN]
    total = 0
    check_links(play)
    check_questions(play)
    for key, person in play.persons.items():
        member = member_of(session, event_id=main.id, person_id=person.id)
        assert (member is not None) == (key in model.team_of)
        browser = browser_of(person)
        path = f"/events/{main.id}/candidates"
        if member is None:
            assert browser.get(path).status_code == 403
            continue
        expected = model.sees(key, MAIN)
        found = play.keys({one.person_id for one in session.scalars(gate.candidates(member))})
        assert found == expected, (key, model)
        assert listed(play, browser) == expected
        for by, team in model.team_of.items():
            narrowed = gate.candidates(member, by=play.persons[by].id)
            found = play.keys({one.person_id for one in session.scalars(narrowed)})
            assert found == model.sees(key, MAIN, by=by), (key, by, team, model)
        by = play.chance.choice(sorted(play.persons))
        narrowed = listed(play, browser, f"?colleague={play.persons[by].id}")
        assert narrowed == model.sees(key, MAIN, by=by), (key, by, model)
        for other in play.chance.sample(sorted(play.persons), 3):
            status = browser.get(f"{path}/{play.persons[other].id}").status_code
            assert status == (200 if other in expected else 404), (key, other)
        total += len(expected)
    return total


@pytest.mark.parametrize("seed", range(GRAPHS))
def test_the_app_and_the_model_agree(session, evening, browser_of, seed):
    play = Play(session, evening, random.Random(seed))
    play.begin()
    for _ in range(TURNS):
        play.do()
    session.commit()
    check(play, browser_of)


def test_the_model_sees_somebody_in_most_evenings(session, evening):
    """Else the comparison would be one of nothing with nothing."""
    seen = handed = 0
    for seed in range(12):
        play = Play(session, evening, random.Random(seed))
        play.begin()
        for _ in range(TURNS):
            play.do()
        found = {one: seen_by(play, *one) for one in product(play.persons, (None, *play.persons))}
        seen += any(found.values())
        play.model.handed.clear()
        handed += any(names != seen_by(play, *one) for one, names in found.items())
    assert seen >= 9
    assert handed >= 3


def seen_by(play, key, by):
    return play.model.sees(key, MAIN, by=by)
