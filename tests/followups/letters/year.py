"""Eight people, their days by the dice, and a judge who reads each letter they get."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from people import make_attendee, make_event, make_person, say_talked, talk
from webapp.accounts.models import Person
from webapp.core import clock
from webapp.core import db as database
from webapp.events.models import Attendee, Event
from webapp.followups.letters import rules
from webapp.followups.letters.tasks import forget_what_was_told, write_letters
from webapp.followups.models import Introduction, Promise, PromiseKind, Rhythm
from webapp.followups.rules.promises import Said
from webapp.followups.services.following import choose_rhythm
from webapp.followups.services.promises import drop_promise, keep_promise, make_promise
from webapp.mail import services as mails
from webapp.mail.delivery import Failure
from webapp.mail.models import LetterKind, Trouble
from webapp.mail.tasks import deliver_due
from webapp.ties.models import Tie
from webapp.ties.services import untie

START = datetime(2026, 1, 5, tzinfo=UTC)
PEOPLE = ["Ada", "Bo", "Cem", "Dora", "Edo", "Fay", "Gus", "Hana"]
ZONES = ("Europe/Berlin", "America/New_York", "Pacific/Auckland")
SECTIONS = {
    "WHOM YOU MET": "met",
    "THEY SAY YOU TALKED": "claim",
    "WHAT YOU PROMISED": "promise",
    "INTRODUCTIONS": "introduction",
    "TIME TO TALK AGAIN": "check_in",
    "WHAT CAME OF IT?": "outcome",
}


@dataclass
class Year:
    """What really happened, kept beside the app, and what is wrong with its letters."""

    rng: random.Random
    spans: dict[str, list] = field(default_factory=dict)
    no: set = field(default_factory=set)
    settled: set = field(default_factory=set)
    talked: dict = field(default_factory=dict)
    apart: set = field(default_factory=set)
    days: Counter = field(default_factory=Counter)
    reminded: Counter = field(default_factory=Counter)
    told: Counter = field(default_factory=Counter)
    wrong: Counter = field(default_factory=Counter)
    is_smtp_away: bool = False

    def carry(self, message, **_):
        """Stand in for the mail server."""
        if self.is_smtp_away:
            return Failure(Trouble.AWAY, "away")
        self.judge(message)
        return None

    def judge(self, message):
        name = message["To"].split("@")[0].capitalize()
        kind = message["List-Unsubscribe"].split("/")[-3]
        text = message.get_body(("plain",)).get_content()
        now = clock.now()
        spans = self.spans[name]
        begun = [span for span in spans if span[0] <= now]
        here = now.astimezone(ZoneInfo(max(begun)[2]))
        self.days[name, here.date()] += 1
        self.find("second mail on a day", self.days[name, here.date()] > 1)
        self.find("during an event", any(start <= now < end for start, end, _zone in spans))
        self.find("after unsubscribing", (name, kind) in self.no)
        self.find("not in the morning", not (8, 30) <= (here.hour, here.minute) < (12, 0))
        for section, words in lines_of(text):
            self.told[section] += 1
            self.judge_line(name, kind, section, words, now)

    def judge_line(self, name, kind, section, words, now):
        other = words.split(":")[0]
        pair = frozenset([name, other])
        self.find("about somebody gone", section != "claim" and pair in self.apart)
        if section == "promise":
            said = words.split(": ")[1].split(",")[0]
            self.find("a promise that is settled", said in self.settled)
            if kind == "reminder":
                self.reminded[said] += 1
                self.find("a promise twice", self.reminded[said] > 1)
        if section == "check_in" and pair not in self.apart:
            self.find("a check-in after a talk", now - self.talked[pair] < timedelta(days=28))

    def find(self, what, is_wrong):
        self.wrong[what] += bool(is_wrong)


def lines_of(text):
    section = None
    for line in text.splitlines():
        section = SECTIONS.get(line, section)
        if line.startswith("* "):
            yield section, line[2:]


class Players:
    """Eight people who meet, promise, forget, untie and unsubscribe, by the dice."""

    def __init__(self, clocked, year):
        self.clock, self.year, self.rng = clocked, year, year.rng
        self.number = 0
        self.on = []
        with database.transaction() as session:
            self.ids = {
                name: make_person(session, name=name, address=f"{name.lower()}@example.org").id
                for name in PEOPLE
            }
            for name in PEOPLE[:3]:
                self.say(session, name, LetterKind.ROUND_UP, is_wanted=True)
        self.names = {person_id: name for name, person_id in self.ids.items()}
        for name in PEOPLE:
            year.spans[name] = []

    def live(self, days, until):
        for day in range(days):
            if self.year.wrong[until]:
                return
            begins = START + timedelta(days=day)
            forget_what_was_told()
            moments = set()
            if day % 2:
                moments.add(begins + timedelta(hours=self.rng.randrange(24), minutes=7))
            for zone in ZONES:
                here = datetime.combine(begins.date(), rules.BEGINS, tzinfo=ZoneInfo(zone))
                moments.add(here + timedelta(minutes=5))
            for place, moment in enumerate(sorted(one.astimezone(UTC) for one in moments)):
                self.clock.move_to(moment)
                if place % 2 == 0:
                    with database.transaction() as session:
                        self.act(session)
                self.year.is_smtp_away = self.rng.random() < 0.04
                write_letters()
                deliver_due()

    def act(self, session):
        roll, now = self.rng.random, clock.now()
        if roll() < 0.08:
            self.gather(session, now)
        self.meet(session, now)
        if ties := self.open_ties(session):
            self.follow(session, ties, now)
        for promise in self.open_promises(session):
            if roll() < 0.06:
                settle = keep_promise if roll() < 0.7 else drop_promise
                by = session.get_one(Person, promise.by_id)
                settle(session, promise=promise, by=by, now=now)
                self.year.settled.add(promise.text)
        if roll() < 0.06:
            self.say_no_or_yes(session)

    def open_ties(self, session):
        """Ties in an order that does not depend on their ids, which are different every time."""
        found = session.query(Tie).filter(Tie.closed_at.is_(None))
        return sorted(found, key=lambda tie: (tie.opened_at, self.names_of(tie)))

    def open_promises(self, session):
        open_ones = Promise.kept_at.is_(None), Promise.dropped_at.is_(None)
        return session.query(Promise).filter(*open_ones).order_by(Promise.made_at).all()

    def names_of(self, tie):
        return sorted(self.names[one] for one in (tie.low_person_id, tie.high_person_id))

    def gather(self, session, now):
        starts_at = now + timedelta(hours=self.rng.choice((1, 9, 20)))
        ends_at = starts_at + timedelta(hours=self.rng.choice((3, 8, 30, 60)))
        zone = self.rng.choice(ZONES)
        event = make_event(
            session, time_zone=zone, starts_at=starts_at, ends_at=ends_at, name=f"E{now:%m%d%H}"
        )
        for name in self.rng.sample(PEOPLE, 5):
            person = session.get_one(Person, self.ids[name])
            make_attendee(session, event=event, person=person)
            self.year.spans[name].append((starts_at, ends_at, zone))
        self.on.append((event.id, starts_at, ends_at))

    def meet(self, session, now):
        for event_id, starts_at, ends_at in self.on:
            if starts_at <= now < ends_at:
                event = session.get_one(Event, event_id)
                places = (
                    session.query(Attendee)
                    .filter_by(event_id=event_id)
                    .order_by(Attendee.name)
                    .all()
                )
                for _ in range(2):
                    by, about = self.rng.sample(places, 2)
                    if self.rng.random() < 0.2:
                        said = say_talked(session, event=event, by=by, about=about)
                    else:
                        said = talk(session, event=event, by=by, about=about)
                    pair = frozenset([by.name, about.name])
                    tie = self.tie_of(session, by.person_id, about.person_id)
                    if said.is_proven and tie is not None and tie.closed_at is None:
                        self.year.talked[pair] = said.started_at
                        self.year.apart.discard(pair)

    def tie_of(self, session, one, other):
        low, high = sorted([one, other])
        return session.query(Tie).filter_by(low_person_id=low, high_person_id=high).first()

    def follow(self, session, ties, now):
        tie = self.rng.choice(ties)
        by = session.get_one(Person, self.ids[self.rng.choice(self.names_of(tie))])
        roll = self.rng.random()
        if roll < 0.45:
            self.number += 1
            due_on = now.date() + timedelta(days=self.rng.randrange(1, 15))
            text = f"promise {self.number}"
            said = Said(kind=PromiseKind.OWN_WORDS, text=text, due_on=due_on)
            make_promise(session, tie=tie, by=by, said=said, now=now)
        elif roll < 0.60:
            rhythm = self.rng.choice([Rhythm.MONTHLY, Rhythm.MONTHLY, Rhythm.QUARTERLY])
            choose_rhythm(session, tie=tie, by=by, rhythm=rhythm, now=now)
        elif roll < 0.65:
            untie(session, tie=tie, by=by, now=now)
            self.year.apart.add(frozenset(self.names_of(tie)))
        elif roll < 0.75:
            self.introduce(session, ties, by, now)

    def introduce(self, session, ties, by, now):
        pairs = [self.names_of(tie) for tie in ties]
        others = sorted({name for pair in pairs if by.name in pair for name in pair} - {by.name})
        if len(others) > 1:
            low, high = sorted(self.ids[name] for name in self.rng.sample(others, 2))
            session.add(
                Introduction(
                    by_id=by.id, low_id=low, high_id=high, reason="Both knit.", proposed_at=now
                )
            )

    def say_no_or_yes(self, session):
        name = self.rng.choice(PEOPLE)
        kind = self.rng.choice([LetterKind.MORNING, LetterKind.REMINDER, LetterKind.ROUND_UP])
        self.say(session, name, kind, is_wanted=self.rng.random() < 0.5)

    def say(self, session, name, kind, *, is_wanted):
        change = mails.resume_letters if is_wanted else mails.stop_letters
        change(session, kind=kind, reader=self.ids[name], now=clock.now())
        (self.year.no.discard if is_wanted else self.year.no.add)((name, kind.value))
