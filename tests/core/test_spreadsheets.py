"""Tables for spreadsheets: every character comes through, and nothing is run."""

import csv
import io
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.core.spreadsheets import csv_text, defused, starts_a_formula


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+1", "-1", "@SUM(A1)", "\t1", "\r1", "\n1", "\0=1", "\uff1d1", "  =1"),
        *("\ufe631", "\u207c1", "\ufb291", "\xa0=1", "\u3000=1", "\ufeff=1", "\x01=1"),
    ],
)
def test_what_would_start_a_formula_is_text(text):
    assert starts_a_formula(text)
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("a;=1+1;b", "a;'=1+1;b"),
        ("- a\n- b", "'- a\n'- b"),
        ("a\t=1", "a\t'=1"),
        ("a\r\n+1", "a\r\n'+1"),
        ('a;"=1&', "a;'\"=1&"),
        ("a; \uff1d1", "a;' \uff1d1"),
        ("\t=1", "'\t'=1"),
    ],
)
def test_a_cell_that_begins_where_other_programs_split_is_text_too(text, safe):
    assert defused(text) == safe


SPLIT_ELSEWHERE = st.text(st.sampled_from(";\t\r\n,\"'=+-@a \uff1d"), max_size=20)


@settings(max_examples=500, derandomize=True, database=None)
@given(st.lists(st.lists(SPLIT_ELSEWHERE, min_size=1, max_size=3), min_size=1, max_size=3))
def test_however_a_program_splits_the_lines_no_cell_is_a_formula(rows):
    text = csv_text(rows)
    for separator in ",;\t":
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            for cell in row:
                assert unicodedata.normalize("NFKC", cell).strip()[:1] not in {*"=+-@"}


def test_text_with_many_separators_is_looked_at_once():
    text = "\n" * 200_000 + ";" * 200_000 + " " * 200_000
    begun = time.process_time()
    assert defused(text) == f"'{text}"
    assert time.process_time() - begun < 10


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
    assert csv_text([[None, 5, 2.5, True], [], [""]]) == ',5,2.5,True\r\n\r\n""\r\n'


def test_what_another_program_splits_at_stands_in_quotes():
    assert csv_text([["a;b", "c\td", "e\nf"]]) == '"a;b","c\td","e\nf"\r\n'
