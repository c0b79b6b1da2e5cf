"""Invented evenings by the dozen: after every step the app and the model must say the same."""

import os
from datetime import timedelta
from functools import partial
from random import Random

from conversations.evening import DINNER, FAIR, GUEST, PLACES, Evening
from conversations.model import DAY, HOUR, MINUTE, Place
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

SECOND = timedelta(seconds=1)
DELAYS = {
    timedelta(0): 14,
    10 * SECOND: 2,
    MINUTE: 1,
    9 * MINUTE: 1,
    10 * MINUTE - 2 * SECOND: 1,
    10 * MINUTE - SECOND: 1,
    11 * MINUTE: 2,
    HOUR: 1,
    DAY - 2 * SECOND: 1,
    DAY - SECOND: 1,
    3 * DAY: 0.5,
    7 * DAY - SECOND: 0.5,
}
"""Each act takes a second by itself, so these stand on both sides of every border."""

AMINA, BEN, DORA = Place(FAIR, "Amina"), Place(FAIR, "Ben"), GUEST
PAIRS = {
    (AMINA, BEN): 6,
    (AMINA, DORA): 3,
    (BEN, DORA): 1,
    (BEN, Place(FAIR, "Chen")): 1,
    (Place(DINNER, "Amina"), Place(DINNER, "Ben")): 2,
    (Place(DINNER, "Amina"), Place(DINNER, "Dora")): 1,
    (BEN, BEN): 0.3,
}
ACTS = {
    "scan": 6,
    "show": 4,
    "show late": 1,
    "show too late": 0.5,
    "yes": 3,
    "no": 3,
    "take no back": 1,
    "undo": 3,
    "untie": 3,
    "retie": 2,
    "block": 1,
    "unblock": 1.5,
}
STORIES = (
    ((0, "scan"), (1, "no"), (0, "scan"), (1, "yes")),
    ((0, "scan"), (1, "no"), (0, "undo"), (0, "scan"), (1, "take no back")),
    ((0, "scan"), (1, "no"), (1, "yes"), (0, "scan")),
    ((0, "show"), (0, "untie"), (0, "retie")),
    ((0, "show"), (1, "untie"), (0, "show late")),
    ((0, "show"), (1, "undo"), (0, "show late")),
    ((0, "block"), (1, "block"), (0, "scan"), (0, "unblock"), (1, "unblock")),
    ((0, "scan"), (0, "block"), (1, "claim badge"), (1, "scan"), (0, "unblock")),
    ((0, "scan"), (1, "new badge"), (0, "same code")),
)
"""What happens to people, to be told at odd times."""

HAPPENINGS = {
    "meet": 6,
    "tell a story": 6,
    "send again": 2,
    "answer late": 1,
    "badge": 1,
    "crowd": 0.2,
}


class Dice:
    """Draws that depend on all draws before: a change early in an evening changes all of it."""

    def __init__(self):
        self._random = Random(0)

    def throw(self, number: int) -> None:
        self._random.seed(f"{self._random.random()} {number}")

    def pick(self, weights):
        return self._random.choices(list(weights), list(weights.values()))[0]

    def below(self, limit: int) -> int:
        return self._random.randrange(limit)


class Evenings(RuleBasedStateMachine):
    """What people do at two events, in any order."""

    def __init__(self, session):
        super().__init__()
        self.session = session
        self.dice = Dice()
        self.plot = []
        """What happens next, one act a step."""

    @initialize()
    def begin(self):
        self.evening = Evening(self.session)
        self.model = self.evening.model

    def teardown(self):
        self.session.rollback()

    @rule(number=st.integers(0, 2**32))
    def something_happens(self, number):
        self.dice.throw(number)
        if not self.plot:
            scenes = {
                "meet": self.meet,
                "tell a story": self.tell_a_story,
                "send again": lambda: [self.send_again],
                "answer late": lambda: [self.answer_late],
                "badge": lambda: [self.see_to_badges],
                "crowd": lambda: [self.meet_a_crowd],
            }
            self.plot = scenes[self.dice.pick(HAPPENINGS)]()
        self.plot.pop(0)()

    def meet(self):
        """A few things happen between two people, each done by the one or by the other."""
        pair = self.dice.pick(PAIRS)
        return [partial(self._act, pair)] * (1 + self.dice.below(3))

    def tell_a_story(self):
        pair = self.dice.pick(PAIRS)
        pair = pair[::-1] if self.dice.below(2) else pair
        story = STORIES[self.dice.below(len(STORIES))]
        return [partial(self._do, act, pair[who], pair[1 - who]) for who, act in story]

    def _act(self, pair):
        act = self.dice.pick(ACTS)
        self._do(act, *(pair if self._does_the_first(act, pair) else reversed(pair)))

    def _does_the_first(self, act, pair):
        """Let mostly those answer who were asked, and those undo who did it."""
        talk = self._last_talk_of(*pair)
        tie = self.model.ties.get(frozenset(self.model.person_at[place] for place in pair))
        if self.dice.below(4) == 0:
            return self.dice.below(2) == 0
        if talk and act in {"yes", "no", "take no back"}:
            return pair[0] == talk.other
        if talk and act == "undo":
            return pair[0] == talk.claimer
        if tie and act == "retie":
            return self.model.person_at[pair[0]] == tie.closed_by
        return self.dice.below(2) == 0

    def _last_talk_of(self, one, other):
        between = [talk for talk in self.model.talks if {*talk.sides} == {one, other}]
        return between[-1] if between else None

    def _do(self, act, by, other):
        delay = self.dice.pick(DELAYS)
        note(f"after {delay} {by.name} to {other.name} at {by.event}: {act}")
        self.evening.wait(delay)
        if act == "scan":
            self.evening.scan(by, self.evening.printed(other))
        elif act.startswith("show"):
            ago = {"show": 0, "show late": 15, "show too late": 30}[act] * SECOND
            if self.model.person_at[other]:
                self.evening.scan(by, self.evening.shown(other, ago=ago))
        elif act in {"block", "unblock", "untie", "retie"}:
            if by != other:
                getattr(self.evening, act)(
                    *("Dora" if one == DORA else one.name for one in (by, other))
                )
        elif act == "claim badge":
            self.evening.claim_the_badge("Dora", is_right=True)
        elif act == "new badge":
            self.evening.reissue(by)
        elif act == "same code":
            self._send_the_last(by, "code")
        elif talk := self._last_talk_of(by, other):
            self._say(act, talk, by)

    def _say(self, act, talk, by):
        said = {
            "yes": self.evening.say_yes,
            "no": self.evening.say_no,
            "take no back": self.evening.take_no_back,
            "undo": self.evening.undo,
        }
        said[act](talk, by)

    def answer_late(self):
        """Somebody answers an earlier talk, or one that is not theirs."""
        if not self.model.talks:
            return
        talk = self.model.talks[self.dice.below(len(self.model.talks))]
        here = [place for place in PLACES if place.event == talk.other.event]
        by = [talk.other, talk.claimer, here[self.dice.below(len(here))]][self.dice.below(3)]
        act = ["yes", "no", "undo"][self.dice.below(3)]
        note(f"{by.name} answers {act} to {talk}")
        self._say(act, talk, by)

    def send_again(self):
        """The same request, its key with another code, or its code under another key."""
        by = [AMINA, BEN, DORA][self.dice.below(3)]
        self._send_the_last(by, ["request", "key", "code"][self.dice.below(3)])

    def _send_the_last(self, by, what):
        note(f"{by.name} sends the same {what}")
        sent = [one for one in self.evening.sent if one[0] == by]
        if not sent:
            return
        by, code, key = sent[-1 - self.dice.below(min(2, len(sent)))]
        if what == "key":
            others = [place for place in PLACES if place.event == by.event and place != code.about]
            code = self.evening.printed(others[0])
        self.evening.scan(by, code, key=None if what == "code" else key)

    def meet_a_crowd(self):
        """Too many to wait for, or a table of badges."""
        gap = [5, 11, 61][self.dice.below(3)]
        note(f"Amina meets a crowd, one in {gap} s")
        self.evening.meet_crowd(AMINA, size=22, gap=gap * SECOND)

    def see_to_badges(self):
        what = ["claim", "claim", "guess", "take another's", "reissue"][self.dice.below(5)]
        note(f"somebody's badge: {what}")
        if what == "reissue":
            self.evening.reissue([BEN, AMINA, GUEST][self.dice.below(3)])
        else:
            person = "Ben" if what == "take another's" else "Dora"
            self.evening.claim_the_badge(person, is_right=what != "guess")

    @invariant()
    def app_and_model_agree(self):
        if hasattr(self, "evening"):
            self.evening.agrees()


def test_services_and_model_agree_on_every_evening(session):
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    evenings = settings(
        max_examples=100 if is_sqlite else 15,
        stateful_step_count=30,
        database=None,
        derandomize=os.environ.get("CI") == "true",
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(lambda: Evenings(session), settings=evenings)
