"""An event in exact numbers, for checking and as the input of what is published.

N is all people, those without a conversation included. A figure without a meaning (0/0) is None.
"""

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations_with_replacement
from typing import TypedDict, cast

import rustworkx as rx

Pair = tuple[str, str]
Graph = rx.PyGraph[str, None]

BUCKET_S = 15 * 60


class OverallFigures(TypedDict):
    """The figures every event has."""

    people: int
    conversations: int
    pairs: int
    participation_rate: float | None
    isolates: int
    mean_degree: float | None
    median_degree: float | None
    max_degree: int
    median_conversations: float | None
    density: float | None
    transitivity: float
    avg_clustering: float | None
    components: int
    largest_component: int
    bridges: int
    gini_conversations: float | None
    repeat_pair_share: float | None
    degree_assortativity: float | None


class GroupFigures(TypedDict, total=False):
    """The figures of an event with groups; a person without a group is left out of them."""

    dept_sizes: dict[str, int]
    dept_assortativity_unweighted: float | None
    EI_index_conversations: float | None
    EI_index_pairs: float | None
    mixing_conversations: dict[str, int]


class ExactFigures(OverallFigures, GroupFigures):
    """All exact figures of one event, the group ones if it has groups; JSON as it stands."""


class Quartiles(TypedDict):
    """Lower quartile, median and upper quartile."""

    lower: float
    median: float
    upper: float


@dataclass(frozen=True)
class RhythmBucket:
    """Conversations that start in [start_s, end_s), and how many of them each person is in."""

    start_s: int
    end_s: int
    conversations: int
    people: Mapping[str, int]


def exact_figures(
    people: Sequence[str], conversations: Sequence[Pair], groups: Mapping[str, str] | None
) -> ExactFigures:
    """All figures of one event, not rounded and not protected: never for publishing.

    Raises ValueError if a person is listed twice, talks with themself or is not in people.
    """
    check_pairs(people, conversations)
    overall = overall_figures(people, conversations)
    here = {person: groups[person] for person in people if person in groups} if groups else {}
    by_group = group_figures(conversations, here) if groups else GroupFigures()
    return cast("ExactFigures", {**overall, **by_group})


def check_pairs(people: Sequence[str], conversations: Iterable[Pair]) -> None:
    """Raise ValueError if a person is listed twice, talks with themself or is not in people."""
    known = set(people)
    if len(known) != len(people):
        raise ValueError("a person is listed twice")
    for a, b in conversations:
        if a == b:
            raise ValueError(f"a conversation of {a} with themself")
        if not {a, b} <= known:
            raise ValueError(f"a conversation of {a} and {b}, who are not both in the list")


def overall_figures(people: Sequence[str], conversations: Sequence[Pair]) -> OverallFigures:
    """The figures that need no groups; sources at each function."""
    pairs = pair_counts(conversations)
    partners = list(partner_counts(people, pairs).values())
    talks = list(talk_counts(people, conversations).values())
    graph = contact_graph(people, pairs)
    return OverallFigures(
        people=len(people),
        conversations=len(conversations),
        pairs=len(pairs),
        participation_rate=participation(partners),
        isolates=isolates(partners),
        mean_degree=statistics.fmean(partners) if partners else None,
        median_degree=median(partners),
        max_degree=max(partners, default=0),
        median_conversations=median(talks),
        density=density(len(people), len(pairs)),
        transitivity=transitivity(graph),
        avg_clustering=average_clustering(graph),
        components=len(rx.connected_components(graph)),
        largest_component=largest_component(graph),
        bridges=bridges(graph),
        gini_conversations=gini(talks),
        repeat_pair_share=repeat_pair_share(pairs),
        degree_assortativity=degree_assortativity(partner_counts(people, pairs), pairs),
    )


def group_figures(conversations: Sequence[Pair], groups: Mapping[str, str]) -> GroupFigures:
    """The figures that need groups, over conversations whose people both have one."""
    grouped = [(a, b) for a, b in conversations if a in groups and b in groups]
    pairs = list(pair_counts(grouped))
    return GroupFigures(
        dept_sizes=dict(Counter(groups.values())),
        dept_assortativity_unweighted=group_assortativity(pairs, groups),
        EI_index_conversations=ei_index(grouped, groups),
        EI_index_pairs=ei_index(pairs, groups),
        mixing_conversations={
            mixing_key(pair): count for pair, count in mixing(grouped, groups).items()
        },
    )


def ordered(a: str, b: str) -> Pair:
    """The two in alphabetical order, so that a pair has one name."""
    return (a, b) if a <= b else (b, a)


def mixing_key(pair: Pair) -> str:
    """`A|B` for two groups in alphabetical order; a bar inside a name gets a backslash."""
    return "|".join(name.replace("\\", "\\\\").replace("|", "\\|") for name in pair)


def pair_counts(conversations: Iterable[Pair]) -> Counter[Pair]:
    """Conversations per distinct pair."""
    return Counter(ordered(a, b) for a, b in conversations)


def talk_counts(people: Sequence[str], conversations: Iterable[Pair]) -> dict[str, int]:
    """Conversations per person, zeros included."""
    counts = Counter(chain.from_iterable(conversations))
    return {person: counts[person] for person in people}


def partner_counts(people: Sequence[str], pairs: Iterable[Pair]) -> dict[str, int]:
    """Distinct partners per person (the degree), zeros included."""
    return talk_counts(people, pairs)


def participation(partners: Sequence[int]) -> float | None:
    """Share of people with at least one conversation: (N - isolates) / N."""
    return (len(partners) - isolates(partners)) / len(partners) if partners else None


def isolates(partners: Sequence[int]) -> int:
    """Number of people without a conversation."""
    return sum(count == 0 for count in partners)


def median(values: Sequence[int]) -> float | None:
    """The median; None of nothing."""
    return float(statistics.median(values)) if values else None


def quartiles(values: Sequence[int]) -> Quartiles | None:
    """Quartiles with linear interpolation between the closest ranks.

    Source: Hyndman & Fan 1996, definition 7.
    """
    if not values:
        return None
    if len(values) == 1:
        return Quartiles(lower=values[0], median=values[0], upper=values[0])
    lower, middle, upper = statistics.quantiles(values, n=4, method="inclusive")
    return Quartiles(lower=lower, median=middle, upper=upper)


def density(people: int, pairs: int) -> float | None:
    """Share of possible pairs that talked: 2P / N(N-1); source: Wasserman & Faust 1994."""
    return 2 * pairs / (people * (people - 1)) if people > 1 else None


def contact_graph(people: Sequence[str], pairs: Iterable[Pair]) -> Graph:
    """The graph of who talked with whom: one node per person, one edge per distinct pair."""
    graph: Graph = rx.PyGraph(multigraph=False)
    nodes = dict(zip(people, graph.add_nodes_from(people), strict=True))
    graph.add_edges_from([(nodes[a], nodes[b], None) for a, b in pairs])
    return graph


def transitivity(graph: Graph) -> float:
    """3 x triangles / connected triples, 0 without triples; source: Newman 2003, SIAM Review."""
    return rx.transitivity(graph)


def average_clustering(graph: Graph) -> float | None:
    """Mean over all people of the share of their partners who talked with each other.

    People with fewer than two partners count as 0. Source: Watts & Strogatz 1998.
    """
    around = [set(graph.neighbors(node)) for node in graph.node_indices()]
    return statistics.fmean(_clustering(own, around) for own in around) if around else None


def _clustering(own: set[int], around: Sequence[set[int]]) -> float:
    """Links among one person's partners, over the links possible among them."""
    links = sum(len(own & around[partner]) for partner in own)
    return links / (len(own) * (len(own) - 1)) if len(own) > 1 else 0.0


def largest_component(graph: Graph) -> int:
    """Number of people in the largest connected part; a person alone is a part."""
    return max((len(part) for part in rx.connected_components(graph)), default=0)


def bridges(graph: Graph) -> int:
    """Number of pairs without whom a connected part would fall in two; source: Tarjan 1974."""
    return len(rx.bridges(graph))


def gini(counts: Sequence[int]) -> float | None:
    """Inequality of counts, 0 if all are equal: 2 sum(i x_i) / (N sum(x)) - (N+1)/N, x ascending.

    Source: Gini 1912, in its rank form.
    """
    people, total = len(counts), sum(counts)
    if not total:
        return None
    ranked = sum(rank * count for rank, count in enumerate(sorted(counts), 1))
    return (2 * ranked - (people + 1) * total) / (people * total)


def repeat_pair_share(pairs: Mapping[Pair, int]) -> float | None:
    """Share of pairs with at least two conversations."""
    return sum(count > 1 for count in pairs.values()) / len(pairs) if pairs else None


def degree_assortativity(partners: Mapping[str, int], pairs: Iterable[Pair]) -> float | None:
    """Correlation of the partner counts of two people who talked; None if all are equal.

    Source: Newman 2003, Physical Review E 67, 026126.
    """
    ends = [(partners[a], partners[b]) for a, b in pairs]
    total = sum(x + y for x, y in ends)
    spread = 2 * len(ends) * sum(x * x + y * y for x, y in ends) - total * total
    joint = 4 * len(ends) * sum(x * y for x, y in ends) - total * total
    return joint / spread if spread else None


def group_assortativity(pairs: Sequence[Pair], groups: Mapping[str, str]) -> float | None:
    """Preference for the own group, 1 if there is no other: (tr e - |e^2|) / (1 - |e^2|).

    Each pair counts once. Source: Newman 2003, Physical Review E 67, 026126.
    """
    ends = Counter(groups[person] for pair in pairs for person in pair)
    by_chance = sum(count * count for count in ends.values())
    everything = 4 * len(pairs) * len(pairs)
    within = 4 * len(pairs) * sum(groups[a] == groups[b] for a, b in pairs)
    return (within - by_chance) / (everything - by_chance) if everything > by_chance else None


def ei_index(conversations: Sequence[Pair], groups: Mapping[str, str]) -> float | None:
    """(between - within) / (between + within), -1 to 1; source: Krackhardt & Stern 1988."""
    between = sum(groups[a] != groups[b] for a, b in conversations)
    return (2 * between - len(conversations)) / len(conversations) if conversations else None


def ei_expected(sizes: Mapping[str, int]) -> float | None:
    """The E-I index if everyone had talked with everyone, so from group sizes alone.

    Source: Krackhardt & Stern 1988.
    """
    possible = possible_pairs(sizes)
    between = sum(count for (a, b), count in possible.items() if a != b)
    total = sum(possible.values())
    return (2 * between - total) / total if total else None


def possible_pairs(sizes: Mapping[str, int]) -> dict[Pair, int]:
    """Pairs of people per pair of groups: n_a n_b, and n(n-1)/2 inside a group."""
    return {
        (a, b): sizes[a] * (sizes[a] - 1) // 2 if a == b else sizes[a] * sizes[b]
        for a, b in combinations_with_replacement(sorted(sizes), 2)
    }


def mixing(conversations: Iterable[Pair], groups: Mapping[str, str]) -> dict[Pair, int]:
    """Conversations per pair of groups, those with none left out."""
    return dict(Counter(ordered(groups[a], groups[b]) for a, b in conversations))


def expected_mixing(sizes: Mapping[str, int], total: int) -> dict[Pair, float]:
    """Conversations per pair of groups if each pair of people were equally likely to talk.

    total is the number of conversations; the same null model as in ei_expected.
    """
    possible = possible_pairs(sizes)
    everything = sum(possible.values())
    rate = total / everything if everything else 0.0
    return {pair: rate * count for pair, count in possible.items()}


def rhythm(talks: Iterable[tuple[int, str, str]]) -> list[RhythmBucket]:
    """Starts per 15 minutes of (start in seconds, person, person), in order, without empty ones."""
    buckets: dict[int, list[Pair]] = {}
    for start_s, a, b in talks:
        buckets.setdefault(start_s // BUCKET_S * BUCKET_S, []).append((a, b))
    return [
        RhythmBucket(start, start + BUCKET_S, len(pairs), Counter(chain.from_iterable(pairs)))
        for start, pairs in sorted(buckets.items())
    ]
