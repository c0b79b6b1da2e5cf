"""A whole name in two parts: as its form says, and without losing a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recruiting.exporting.leaving import MANY

from webapp.recruiting.exporting.names import CAPITAL_PARTICLES, PARTICLES, split_name


@pytest.mark.parametrize(
    ("whole", "first", "last"),
    [
        ("Amina Diallo", "Amina", "Diallo"),
        ("Diallo, Amina", "Amina", "Diallo"),
        ("van der Berg, Jan", "Jan", "van der Berg"),
        ("Garc\u00eda M\u00e1rquez, Gabriel", "Gabriel", "Garc\u00eda M\u00e1rquez"),
        ("Ludwig van Beethoven", "Ludwig", "van Beethoven"),
        ("Jan van der Berg", "Jan", "van der Berg"),
        ("Abdul al-Rashid", "Abdul", "al-Rashid"),
        ("Santiago Ram\u00f3n y Cajal", "Santiago", "Ram\u00f3n y Cajal"),
        ("Maria da Silva", "Maria", "da Silva"),
        ("DIALLO Amina", "Amina", "DIALLO"),
        ("Amina DIALLO BAH", "Amina", "DIALLO BAH"),
        ("JD Vance", "JD", "Vance"),
        ("AMINA DIALLO", "AMINA", "DIALLO"),
        ("Martin King Jr.", "Martin", "King Jr."),
        ("Amina Diallo III", "Amina", "Diallo III"),
        ("Amina Diallo, PhD", "Amina", "Diallo, PhD"),
        ("Diallo, Amina, PhD", "Amina", "Diallo, PhD"),
        ("Jack Ma", "Jack", "Ma"),
        ("Ben Okafor", "Ben", "Okafor"),
        ("Van Morrison", "Van", "Morrison"),
        ("De Mond", "De", "Mond"),
        ("\u5c71\u7530 \u592a\u90ce", "\u592a\u90ce", "\u5c71\u7530"),
        ("\uae40 \ubbfc\uc900", "\ubbfc\uc900", "\uae40"),
        ("Madonna", "Madonna", ""),
        ("\u5c71\u7530\u592a\u90ce", "\u5c71\u7530\u592a\u90ce", ""),
        ("Diallo,", "Diallo", ""),
        (", Amina", "Amina", ""),
        ("Madonna, PhD", "Madonna, PhD", ""),
        ("", "", ""),
        (" , ", "", ""),
    ],
)
def test_a_name_is_split_where_its_form_says(whole, first, last):
    split = split_name(whole)
    assert (split.first, split.last) == (first, last)


@pytest.mark.parametrize(
    "whole",
    ["Mary Ann Smith", "Gabriel Garc\u00eda M\u00e1rquez", "Maria Da Silva", "Kim Le Nguyen"],
)
def test_where_another_split_is_as_good_it_is_called_a_guess(whole):
    assert split_name(whole).is_guess


@pytest.mark.parametrize(
    "whole", ["Amina Diallo", "Diallo, Amina", "Ludwig van Beethoven", "Madonna", "Mary Ann SMITH"]
)
def test_where_the_form_is_plain_it_is_no_guess(whole):
    assert not split_name(whole).is_guess


WORDS = st.one_of(
    st.text(min_size=1, max_size=8),
    st.sampled_from([*PARTICLES, *CAPITAL_PARTICLES, "y", "Jr.", "PhD", "III", "DIALLO", ","]),
)


@MANY
@given(st.lists(WORDS, max_size=6).map(" ".join))
def test_no_word_is_lost_and_none_is_added(whole):
    split = split_name(whole)
    parts = f"{split.first} {split.last}"
    assert sorted(parts.replace(",", " ").split()) == sorted(whole.replace(",", " ").split())
    assert split.first or not split.last
