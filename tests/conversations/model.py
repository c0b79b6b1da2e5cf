"""What should be true of talks and ties, told once more in plain Python.

Written from the words people are promised, not from the code: no database, no web, nothing imported
from the app. Places are attendees ("amina at fair"); persons stand behind places.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

OK, CLOSED, OWN_BADGE, OTHER_CODE = "ok", "closed", "own badge", "other code"
BLOCKED_BY_ME, SLOW_DOWN, NOT_WAITING, TOO_LATE = "blocked", "slow down", "not waiting", "too late"
NOT_MINE, WRONG_CODE, UNKNOWN = "nothing here", "wrong code", "unknown"


@dataclass(frozen=True)
class Place:
    """One badge-wearer at one event."""

    event: str
    name: str


@dataclass(frozen=True)
class Code:
    """What is read from a badge: whose, the how-manieth of theirs, when their phone showed it."""

    about: Place
    badge: int
    shown_at: datetime | None = None
    """None for a printed code."""

    @property
    def step(self) -> int | None:
        """The 15 seconds in which a live code is shown."""
        return None if self.shown_at is None else int(self.shown_at.timestamp()) // 15


@dataclass
class Talk:
    """One talk as its two sides told it."""

    claimer: Place
    other: Place
    started_at: datetime
    last_scan_at: datetime
    said: dict[Place, set[str]]
    proven_at: datetime | None = None
    is_quiet: bool = False
    """The other side said no, and is not asked."""
    said_no_at: datetime | None = None
    noes: int = 0
    is_over: bool = False
    """Somebody untied or blocked since: the next scan begins a new talk."""
    withdrawn_at: datetime | None = None
    """When it was undone or untied; what was shown before is no consent after."""
    is_undone: bool = False
    is_replaced: bool = False

    @property
    def sides(self) -> tuple[Place, Place]:
        return self.claimer, self.other

    @property
    def evidence(self) -> str:
        one, two = (self.said[side] for side in self.sides)
        if not one or not two:
            return "claimed"
        if "scanned live" in one | two:
            return "live"
        return "mutual" if "scanned" in one and "scanned" in two else "confirmed"

    @property
    def is_proven(self) -> bool:
        return self.proven_at is not None and not self.is_undone

    def is_lapsed(self, now: datetime) -> bool:
        return self.proven_at is None and now >= self.started_at + 7 * DAY

    def waits(self, now: datetime) -> bool:
        """Nobody answered yet, as far as the claimer may know."""
        is_gone = self.is_undone or self.is_replaced
        return self.proven_at is None and not is_gone and not self.is_lapsed(now)


@dataclass
class Tie:
    """Two persons with a proven talk."""

    grounds: list[Talk]
    """The talks it rests on: those proven since it was last closed."""
    closed: str | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True)
class Scan:
    """What the model keeps of one recorded scan."""

    about: Place
    way: str
    at: datetime


@dataclass
class Model:
    """Everybody, what they said, and what follows from it."""

    person_at: dict[Place, str | None]
    open_until: dict[str, datetime]
    """The end of each event, 12 hours of grace not included."""
    talks: list[Talk] = field(default_factory=list)
    ties: dict[frozenset[str], Tie] = field(default_factory=dict)
    blocks: set[tuple[str, str]] = field(default_factory=set)
    scans: dict[Place, list[Scan]] = field(default_factory=dict)
    used_keys: dict[tuple[Place, str], tuple[str, Talk]] = field(default_factory=dict)
    live_uses: dict[tuple[Place, int, int], set[Place]] = field(default_factory=dict)
    """Who used which live code: whose, of which badge, in which step."""
    badges: dict[Place, int] = field(default_factory=dict)
    """The how-manieth badge of theirs somebody wears."""

    def place(self, event: str, person: str) -> Place | None:
        """Return where a person stands at an event."""
        found = [
            place for place, who in self.person_at.items() if place.event == event and who == person
        ]
        return found[0] if found else None

    def are_blocked(self, one: str | None, other: str | None) -> bool:
        return (one, other) in self.blocks or (other, one) in self.blocks

    def scan(
        self, by: Place, code: Code, *, key: str, body: str, now: datetime
    ) -> tuple[str, Talk | None]:
        """Somebody says "we talked" after reading a badge."""
        if (by, key) in self.used_keys:
            before, talk = self.used_keys[by, key]
            return (OK, talk) if before == body else (OTHER_CODE, None)
        refused = self._refused(by, code, now)
        if refused:
            return refused, None
        way = self._counts_as(by, code)
        if self._must_slow_down(by, way, now):
            return SLOW_DOWN, None
        talk = self._joined(by, code.about, way, now)
        if talk is None and way == "printed" and self._waiting_of(by, now) >= 20:
            return SLOW_DOWN, None
        talk = talk or self._begin(by, code.about, now)
        self._record(talk, by, way, now)
        read_as = "printed" if code.step is None else "live"
        self.scans.setdefault(by, []).append(Scan(code.about, read_as, now))
        self.used_keys[by, key] = body, talk
        if code.step is not None:
            self.live_uses.setdefault((code.about, code.badge, code.step), set()).add(by)
        return OK, talk

    def _refused(self, by: Place, code: Code, now: datetime) -> str | None:
        this_step = int(now.timestamp()) // 15
        if code.badge != self.badges.get(code.about, 0):
            return UNKNOWN
        if code.step is not None and code.step not in {this_step, this_step - 1}:
            return UNKNOWN
        if now > self.open_until[by.event] + 12 * HOUR:
            return CLOSED
        if by == code.about:
            return OWN_BADGE
        if (self.person_at[by], self.person_at[code.about]) in self.blocks:
            return BLOCKED_BY_ME
        return None

    def _counts_as(self, by: Place, code: Code) -> str:
        """A live code proves a talk once for each of eight people, and never to who is blocked."""
        if code.step is None or self.are_blocked(self.person_at[by], self.person_at[code.about]):
            return "printed"
        withdrawals = [
            talk.withdrawn_at
            for talk in self.talks
            if {*talk.sides} == {by, code.about} and talk.proven_at and talk.withdrawn_at
        ]
        if withdrawals and code.step < int(max(withdrawals).timestamp()) // 15:
            return "printed"
        users = self.live_uses.get((code.about, code.badge, code.step), set())
        return "printed" if by in users or len(users) >= 8 else "live"

    def _must_slow_down(self, by: Place, way: str, now: datetime) -> bool:
        before = self.scans.get(by, [])
        if sum(now - scan.at < MINUTE for scan in before) >= 20:
            return True
        if sum(now - scan.at < HOUR for scan in before) >= 200:
            return True
        return way == "printed" and any(
            now - last.at < 10 * MINUTE and self._printed_in_the_minute_to(last, before) > 6
            for last in before
        )

    @staticmethod
    def _printed_in_the_minute_to(last: Scan, scans: list[Scan]) -> int:
        return len(
            {
                scan.about
                for scan in scans
                if scan.way == last.way == "printed" and timedelta(0) <= last.at - scan.at < MINUTE
            }
        )

    def _joined(self, by: Place, about: Place, way: str, now: datetime) -> Talk | None:
        """Return the talk a scan belongs to: the one just had, or the claim that still waits.

        Somebody who is blocked can only go on with a claim of their own.
        """
        of_pair = [
            talk
            for talk in self.talks
            if {*talk.sides} == {by, about} and not talk.is_undone and not talk.is_replaced
        ]
        if self.are_blocked(self.person_at[by], self.person_at[about]):
            of_pair = [talk for talk in of_pair if talk.claimer == by and not talk.proven_at]
        going_on = [
            talk
            for talk in of_pair
            if now < talk.last_scan_at + 10 * MINUTE
            and not talk.is_over
            and not talk.is_lapsed(now)
        ]
        waiting = [talk for talk in of_pair if talk.waits(now)]
        choice = going_on or (waiting if way == "printed" else [])
        return max(choice, key=lambda talk: (talk.is_proven, talk.started_at), default=None)

    def _waiting_of(self, by: Place, now: datetime) -> int:
        return sum(talk.claimer == by and talk.waits(now) for talk in self.talks)

    def _begin(self, by: Place, about: Place, now: datetime) -> Talk:
        earlier = [talk for talk in self.talks if talk.sides == (by, about)]
        for talk in self.talks:
            if {*talk.sides} == {by, about} and talk.is_lapsed(now) and not talk.is_undone:
                talk.is_replaced = True
        talk = Talk(by, about, now, now, {by: set(), about: set()})
        no_at = earlier[-1].said_no_at if earlier else None
        if no_at and now - no_at < DAY:
            talk.said_no_at, talk.is_quiet = no_at, True
        self.talks.append(talk)
        return talk

    def _record(self, talk: Talk, by: Place, way: str, now: datetime) -> None:
        talk.last_scan_at = now
        if way == "live":
            talk.said[by].add("scanned live")
            talk.said[talk.other if by == talk.claimer else talk.claimer].add("showed")
        else:
            talk.said[by].add("scanned")
        if talk.said_no_at and now - talk.said_no_at >= DAY:
            self._forget_no(talk)
        self._settle(talk, now)

    def _settle(self, talk: Talk, now: datetime) -> None:
        if talk.proven_at is None and all(talk.said.values()):
            talk.proven_at = now
            self._forget_no(talk)
            self._open_tie(talk)

    @staticmethod
    def _forget_no(talk: Talk) -> None:
        talk.said_no_at, talk.is_quiet = None, False

    def _open_tie(self, talk: Talk) -> None:
        one, other = (self.person_at[side] for side in talk.sides)
        assert one
        assert other
        tie = self.ties.setdefault(frozenset({one, other}), Tie([]))
        if tie.closed:
            tie.grounds, tie.closed, tie.closed_by, tie.closed_at = [], None, None, None
        tie.grounds.append(talk)

    def confirm(self, talk: Talk, by: Place, now: datetime) -> str:
        """The other side says yes."""
        if not self.sees(by, talk):
            return NOT_MINE
        if talk.is_proven:
            return OK
        if by != talk.other or not talk.waits(now):
            return NOT_WAITING
        talk.said[by].add("yes")
        self._settle(talk, now)
        return OK

    def refuse(self, talk: Talk, by: Place, now: datetime) -> str:
        """The other side says no."""
        if not self.sees(by, talk):
            return NOT_MINE
        if by != talk.other or not talk.waits(now):
            return NOT_WAITING
        if not talk.is_quiet:
            talk.said_no_at, talk.is_quiet, talk.noes = now, True, talk.noes + 1
        return OK

    def take_refusal_back(self, talk: Talk, by: Place, _now: datetime) -> str:
        """The other side did not mean their no."""
        if not self.sees(by, talk):
            return NOT_MINE
        if by == talk.other and talk.is_quiet:
            self._forget_no(talk)
            talk.noes = max(0, talk.noes - 1)
        return OK

    def undo(self, talk: Talk, by: Place, now: datetime) -> str:
        """One side takes the talk back."""
        if not self.sees(by, talk):
            return NOT_MINE
        if talk.proven_at is None:
            may = by == talk.claimer and talk.waits(now)
        else:
            may = now - talk.proven_at < 10 * MINUTE
        if not may:
            return TOO_LATE
        talk.is_undone, talk.withdrawn_at = True, now
        for tie in self.ties.values():
            if talk in tie.grounds:
                tie.grounds.remove(talk)
                if not tie.grounds:
                    tie.closed, tie.closed_by = "undone", None
        return OK

    def block(self, blocker: str, blocked: str, now: datetime) -> None:
        """One person wants nothing more of another; it closes what was open, for good."""
        if (blocker, blocked) in self.blocks:
            return
        self.blocks.add((blocker, blocked))
        self._part(blocker, blocked, now)
        tie = self.ties.get(frozenset({blocker, blocked}))
        if tie:
            tie.closed, tie.closed_by = "blocked", None

    def _part(self, by: str, other: str, now: datetime) -> None:
        """Take back what one person still says about another; what they had is over."""
        for talk in self.talks:
            who = tuple(self.person_at[side] for side in talk.sides)
            if talk.is_proven and {*who} == {by, other}:
                talk.is_over, talk.withdrawn_at = True, now
            elif who == (by, other) and not talk.proven_at:
                talk.is_undone = True

    def unblock(self, blocker: str, blocked: str) -> None:
        self.blocks.discard((blocker, blocked))

    def untie(self, by: str, other: str, now: datetime) -> str:
        if not self.is_open(by, other):
            return NOT_MINE
        tie = self.ties[frozenset({by, other})]
        tie.closed, tie.closed_by, tie.closed_at = "untied", by, now
        self._part(by, other, now)
        return OK

    def retie(self, by: str, other: str, now: datetime) -> str:
        tie = self.ties.get(frozenset({by, other}))
        if tie is None or tie.closed != "untied" or tie.closed_by != by:
            return NOT_MINE
        assert tie.closed_at
        if now - tie.closed_at >= 10 * MINUTE:
            return TOO_LATE
        tie.closed = tie.closed_by = tie.closed_at = None
        return OK

    def claim_badge(self, guest: Place, person: str, *, has_right_code: bool) -> str:
        if not has_right_code or self.place(guest.event, person):
            return WRONG_CODE
        self.person_at[guest] = person
        return OK

    def sees(self, by: Place, talk: Talk) -> bool:
        """Whether a talk is there for one of its sides."""
        if by not in talk.sides or talk.is_undone or talk.is_replaced:
            return False
        is_own_claim = talk.claimer == by and talk.proven_at is None
        one, other = (self.person_at[side] for side in talk.sides)
        return is_own_claim or not self.are_blocked(one, other)

    def asks(self, person: str, now: datetime) -> set[int]:
        """Return which talks a person is asked about, by their place in the list."""
        return {
            number
            for number, talk in enumerate(self.talks)
            if self.person_at[talk.other] == person
            and talk.waits(now)
            and not talk.is_quiet
            and not self.are_blocked(self.person_at[talk.claimer], person)
        }

    def waits_for(self, person: str, now: datetime) -> set[int]:
        """Return which claims of a person wait, as far as they may know."""
        return {
            number
            for number, talk in enumerate(self.talks)
            if self.person_at[talk.claimer] == person and talk.waits(now)
        }

    def is_open(self, one: str, other: str) -> bool:
        """Whether two persons' links are open to each other."""
        tie = self.ties.get(frozenset({one, other}))
        return tie is not None and tie.closed is None and not self.are_blocked(one, other)
