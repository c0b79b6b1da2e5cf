"""Events as chance has them, to look for one in which somebody shows.

CASES=5000 tries more of them than a usual run, always the same ones.
"""

import os
from random import Random

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from webapp.insights.publishing.report import PublishedReport
from webapp.insights.publishing.shares import Figure

QUARTER = 900
CASES = int(os.environ.get("CASES", "100"))
MANY = settings(
    max_examples=CASES,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def names(count: int) -> list[str]:
    return [f"name-{number}" for number in range(count)]


def ring(people: list[str], reach: int, *, starting_at: int = 0) -> list[tuple[int, str, str]]:
    """Everyone talks with the next few in a circle: nobody dominates."""
    return [
        (starting_at, person, people[(at + step) % len(people)])
        for step in range(1, reach + 1)
        for at, person in enumerate(people)
    ]


def shown(report: PublishedReport) -> dict[str, Figure]:
    return {figure.key: figure for figure in report.figures if figure.hidden_because is None}


@st.composite
def events(draw):
    """An event of up to 120 people in up to five groups, some of them silent, some very busy."""
    random = Random(draw(st.integers(0, 2**32)))
    people = names(draw(st.one_of(st.integers(0, 45), st.integers(40, 120))))
    weights = [random.randint(1, 12) for _ in range(random.randint(1, 5))]
    groups = {p: f"group-{random.choices(range(len(weights)), weights)[0]}" for p in people}
    silent = random.choice([0, 0, random.randint(0, 12), random.randint(0, len(people))])
    talkers = people[silent:]
    hubs = talkers[: random.choice([0, 0, 1, 3])]
    homophily = random.choice([0, 0.5, 0.9, 0.97])
    talks = []
    for _ in range(random.choice([20, 100, 400, 1000]) if len(talkers) > 3 else 0):
        a, b = random.sample(talkers, 2)
        if hubs and random.random() < 0.3:
            a = random.choice(hubs)
        if a != b and (groups[a] == groups[b] or random.random() > homophily):
            talks.append((QUARTER * random.randint(0, 12), a, b))
    return people, groups, talks


EVENTS = events()
KS = st.sampled_from([5, 7, 10, 20, 50])
