"""What the reference counts in the office, grouped as a report may show it."""

import json
from collections import Counter
from itertools import combinations_with_replacement

import pytest

import real_data

EXPECTED = json.loads(real_data.EXPECTED.read_text())["invs15"]
K = 10
OTHER = "other groups"
MERGED = {name: name if size >= K else OTHER for name, size in EXPECTED["dept_sizes"].items()}
FEWEST_SHOWN = 15
LARGE = ("DCAR", "DISQ", "DMI", "DSE", "DST")


def merged_reference():
    """Return talks and their expected number by two merged groups, from the reference alone."""
    sizes = Counter()
    for name, size in EXPECTED["dept_sizes"].items():
        sizes[MERGED[name]] += size
    observed = Counter()
    for key, talks in EXPECTED["mixing_conversations"].items():
        observed[tuple(sorted(MERGED[name] for name in key.split("|")))] += talks
    possible = {
        (a, b): sizes[a] * (sizes[a] - 1) / 2 if a == b else sizes[a] * sizes[b]
        for a, b in combinations_with_replacement(sorted(sizes), 2)
    }
    rate = EXPECTED["conversations"] / sum(possible.values())
    return observed, {groups: rate * pairs for groups, pairs in possible.items()}


def mixing_on(page):
    """Return what the table of groups shows, by two groups."""
    found = {}
    table = next(one for one in page.all("table") if "Against chance" in "".join(one.itertext()))
    for row in list(table.iter("tr"))[1:]:
        names = [bdi.text for bdi in row.iter("bdi")]
        cells = ["".join(cell.itertext()) for cell in row[1:]]
        found[tuple(sorted((names[0], names[-1])))] = cells
    return found


def compare_mixing(page):
    """Fail unless each shown cell is the reference's, and only small ones are hidden.

    Talks are rounded to 5 and the multiple of chance to hundredths, so no more may differ.
    """
    observed, expected = merged_reference()
    shown = mixing_on(page)
    assert shown.keys() == expected.keys()
    hidden = {groups for groups, cells in shown.items() if cells[0] == "hidden"}
    assert len(shown) - len(hidden) >= FEWEST_SHOWN
    assert not hidden & {(name, name) for name in LARGE}
    assert all(observed[groups] < 100 for groups in hidden)
    for groups in shown.keys() - hidden:
        talks, times = shown[groups]
        assert int(talks) == 5 * round(observed[groups] / 5)
        exact = observed[groups] / expected[groups]
        assert float(times[:-1]) == pytest.approx(exact, abs=2.6 / expected[groups] + 0.011)
