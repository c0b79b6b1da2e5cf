"""Tables for spreadsheets: every character comes through, and nothing is run."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.core.spreadsheets import csv_text, defused


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1", "\uff1d1", "  =1"]
)
def test_what_would_start_a_formula_is_text(text):
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["", "Amina", "a=1", "'=1", -5, 0, 2.5])
def test_everything_else_stays_as_it_is(cell):
    assert defused(cell) == cell


@given(st.lists(st.lists(st.text(st.characters(exclude_characters="\0")), min_size=1), max_size=5))
def test_every_text_comes_through(rows):
    text = csv_text(rows)
    back = list(csv.reader(io.StringIO(text, newline="")))
    assert back == [[defused(cell) for cell in row] if row != [""] else [""] for row in rows]


def test_lines_end_as_the_standard_says():
    assert csv_text([["a", 'say "b", c'], ["d"]]) == 'a,"say ""b"", c"\r\nd\r\n'
