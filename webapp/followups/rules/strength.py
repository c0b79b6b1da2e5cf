"""How strong a tie is, from 0 to 100: private to its two people, explained part by part.

Every figure is from SCIENCE.md, section 1. It is no measure of value: weak ties carry the news.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import exp2
from zoneinfo import ZoneInfo

from webapp.followups.models import Depth

APART = timedelta(minutes=10)
MOST_A_DAY = 3
DAY = timedelta(days=1)

DEPTHS = {Depth.HELLO: 0.25, Depth.IDEAS: 0.60, Depth.MATTERED: 1.0}
"""The shallowest first."""

WEIGHT_OF_DEPTH, WEIGHT_OF_TALKS, WEIGHT_OF_DAYS, WEIGHT_OF_SERVICES, WEIGHT_OF_CARE = (
    0.30,
    0.25,
    0.20,
    0.20,
    0.05,
)  # fmt: skip
HALF_LIFE_DAYS, LONGEST_HALF_LIFE_DAYS = 120, 1440
BANDS = (20, 40, 60, 80)


class Band(StrEnum):
    """What a strength is called, the weakest first."""

    MET = "met"
    ACQUAINTED = "acquainted"
    CONNECTED = "connected"
    STRONG = "strong"
    CLOSE = "close"


class Part(StrEnum):
    """What a strength is made of, in the order in which it is explained."""

    TALKS = "talks"
    DAYS = "days"
    DEPTH = "depth"
    SERVICES = "services"
    CARE = "care"


@dataclass(frozen=True, slots=True)
class Talk:
    """One proven conversation: when, where on the clock, and at which event."""

    at: datetime
    time_zone: str
    event_id: str

    @property
    def day(self) -> date:
        """The day it was where it took place."""
        return self.at.astimezone(ZoneInfo(self.time_zone)).date()


@dataclass(frozen=True, slots=True)
class Given:
    """What one side has done for the other."""

    promises: int = 0
    """Kept, as the receiver says."""
    introductions: int = 0
    """Proposed by this side, with the other as one of the two, and accepted by both of them."""

    @property
    def services(self) -> int:
        """How many services that makes."""
        return self.promises + self.introductions


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a strength is computed from; n, o, E, D, v and c of SCIENCE.md."""

    talks: int
    days: int
    events: int
    depth: Depth | None
    services: int
    caring: int
    """How many of the two kept a note or opened the other's link: 0, 1 or 2."""
    days_since: float


@dataclass(frozen=True, slots=True)
class Strength:
    """One tie's strength: what it has grown to, and what of it is there now."""

    history: float
    now: float
    points: dict[Part, float]
    """What each part adds to the history."""

    @property
    def is_dormant(self) -> bool:
        """True once less than half of the history is left."""
        return self.now < self.history / 2

    @property
    def band(self) -> Band:
        """What the strength of now is called."""
        return list(Band)[sum(self.now >= least for least in BANDS)]


def counted_talks(talks: Iterable[Talk]) -> list[Talk]:
    """Return the talks that count: 10 minutes or more apart, at most 3 of one day."""
    counted: list[Talk] = []
    for talk in sorted(talks, key=lambda talk: (talk.at, talk.time_zone)):
        is_apart = not counted or talk.at - counted[-1].at >= APART
        if is_apart and sum(one.day == talk.day for one in counted) < MOST_A_DAY:
            counted.append(talk)
    return counted


def agreed_depth(one: Depth | None, other: Depth | None) -> Depth | None:
    """Return the lower of what two people chose; None until both have."""
    chosen = {one, other} - {None}
    return next(depth for depth in DEPTHS if depth in chosen) if one and other else None


def services_of(one: Given, other: Given) -> int:
    """Return the services between two, and one more if both sides have given."""
    return one.services + other.services + bool(one.services and other.services)


def inputs_of(
    talks: Iterable[Talk],
    *,
    depth: Depth | None,
    given: tuple[Given, Given],
    caring: int,
    now: datetime,
) -> Inputs | None:
    """Return what a strength is computed from; None without a proven conversation."""
    found = list(talks)
    if not found:
        return None
    return Inputs(
        talks=len(counted_talks(found)),
        days=len({talk.day for talk in found}),
        events=len({talk.event_id for talk in found}),
        depth=depth,
        services=services_of(*given),
        caring=caring,
        days_since=max(now - max(talk.at for talk in found), timedelta()) / DAY,
    )


def strength_of(inputs: Inputs) -> Strength:
    """Return history and present strength (SCIENCE.md, section 1)."""
    shares = {
        Part.TALKS: (WEIGHT_OF_TALKS, _grown(inputs.talks / 2)),
        Part.DAYS: (WEIGHT_OF_DAYS, _grown((inputs.days - 1) / 1.5)),
        Part.DEPTH: (WEIGHT_OF_DEPTH, DEPTHS[inputs.depth] if inputs.depth else 0.0),
        Part.SERVICES: (WEIGHT_OF_SERVICES, _grown(inputs.services / 2)),
        Part.CARE: (WEIGHT_OF_CARE, inputs.caring / 2),
    }
    points = {part: 100 * weight * share for part, (weight, share) in shares.items()}
    history = sum(points.values())
    return Strength(history, history * exp2(-inputs.days_since / half_life(inputs)), points)


def half_life(inputs: Inputs) -> float:
    """Return after how many days without a talk half of a strength is left."""
    doubled = min(inputs.events - 1, 10)
    return min(HALF_LIFE_DAYS * exp2(doubled), LONGEST_HALF_LIFE_DAYS)


def _grown(steps: float) -> float:
    """Return what the first steps give most of: 0 at none, half at one, never quite 1."""
    return 1 - exp2(-steps)
