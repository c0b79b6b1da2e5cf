"""The reliability table in a short form; `python -m tests.durability` is the long one."""

import pytest

from durability.command import ROWS

ELSEWHERE = {"outbox", "backup", "migrations"}
"""What other tests do at the same length (tests/mail/test_killed_workers.py, tests/operating)."""


@pytest.mark.parametrize("row", [name for name in ROWS if name not in ELSEWHERE])
def test_a_row_of_the_reliability_table_is_met(row):
    figures = list(ROWS[row](is_short=True))
    assert figures
    for figure in figures:
        assert figure.is_met, figure
