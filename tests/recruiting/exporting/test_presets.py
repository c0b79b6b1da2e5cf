"""What each target gets: its own header row, what it requires, and nothing lost on the way."""

import csv
import io
import re
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st
from recruiting.exporting.leaving import (
    FORMULAS,
    HARD,
    MACHINES,
    MANY,
    ROWS,
    TABLES,
    make_row,
    text_of,
)

from webapp.core.spreadsheets import defused, starts_a_formula
from webapp.core.text import one_line
from webapp.recruiting.exporting.presets import (
    GREENHOUSE,
    HUBSPOT,
    LEVER,
    PLAIN,
    PRESETS,
    SALESFORCE,
    VCARD,
    Field,
    Origin,
    lever,
)
from webapp.recruiting.exporting.rows import Contacts, ExportRow, contacts_of
from webapp.recruiting.exporting.writing import file_name
from webapp.ties.models import LinkKind


def read(rows, preset, **options):
    return list(csv.DictReader(io.StringIO(text_of(rows, preset, **options), newline="")))


def read_one(preset, **changes):
    (row,) = read([make_row(**changes)], preset)
    return row


HEADER_ROWS = {
    "hubspot": "First name,Last name,Email,Job title,Company name,LinkedIn URL,Website URL,"
    "Activity date,Note body",
    "salesforce": "First Name,Last Name,Company,Title,Email,Website,Lead Source,Description",
    "greenhouse": "First Name,Last Name,Company,Title,Notes,Email,Social Media,Website,Source",
    "lever": "Full Name,Headline,Email,Links,Lever Posting URL,Stage,Sources,Origin,Tags,Notes",
    "plain": "Name,First name,Last name,Organisation,Headline,E-mail,LinkedIn,Website,Other links,"
    "Met at,Met on,Met with,Evidence,Stage,Next step,Next step on,Owner,Topics,Note",
}


@pytest.mark.parametrize("preset", TABLES, ids=lambda preset: preset.key)
def test_the_header_row_is_the_targets_own_word_for_word(preset):
    assert text_of([], preset) == HEADER_ROWS[preset.key] + "\r\n"


def test_there_are_six_targets():
    assert set(PRESETS) == {*HEADER_ROWS, "vcard"}


def test_hubspot_gets_its_properties_and_a_note():
    assert read_one(HUBSPOT) == {
        "First name": "Amina",
        "Last name": "Diallo",
        "Email": "amina@example.org",
        "Job title": "Data engineer",
        "Company name": "Kora Labs",
        "LinkedIn URL": "https://www.linkedin.com/in/amina",
        "Website URL": "https://amina.example.org",
        "Activity date": "2026-11-19T19:42:07+01:00",
        "Note body": "Met at: PyMeetup November\nTalked with: Rita Recruiter\n"
        "Evidence: Both scanned\nStage: Shortlisted\nNext step: Send the job page\n"
        "Next step on: 2026-12-01\nOwner: Rita Recruiter\nAsk me about: Rust, PostgreSQL\n"
        "Other links: https://github.com/amina\nNote: Wants to lead a team.",
    }


def test_lever_gets_its_lists_with_the_commas_it_asks_for():
    topics = ("Rust", "C, C++", "PostgreSQL")
    others = ("https://example.org/a,b",)
    row = read_one(LEVER, topics=topics, met_at="Py, Berlin", contacts=Contacts(others=others))
    assert row["Full Name"] == "Amina Diallo"
    assert row["Tags"] == "Rust,C C++,PostgreSQL"
    assert row["Sources"] == "Py Berlin"
    assert row["Links"] == "https://example.org/a%2Cb"
    assert (row["Stage"], row["Origin"]) == ("New Lead", "Sourced")
    assert "Met at: Py, Berlin\n" in row["Notes"]
    assert "Ask me about: Rust, C, C++, PostgreSQL\n" in row["Notes"]
    links = read_one(LEVER)["Links"]
    assert links.split(", ") == [
        "https://www.linkedin.com/in/amina",
        "https://amina.example.org",
        "https://github.com/amina",
    ]


@pytest.mark.parametrize("origin", Origin)
def test_lever_takes_each_of_its_origins(origin):
    assert read([make_row()], lever(origin))[0]["Origin"] == origin
    assert list(Origin) == ["Applied", "Sourced", "Referred", "University", "Internal", "Agency"]


def test_salesforce_always_has_a_last_name_and_a_company():
    row = read_one(SALESFORCE, name="Madonna", organisation="")
    assert (row["First Name"], row["Last Name"], row["Company"]) == ("", "Madonna", "Not given")
    assert read_one(SALESFORCE, name="")["Last Name"] == "Not given"


def test_greenhouse_always_has_a_first_and_a_last_name():
    row = read_one(GREENHOUSE, name="Madonna")
    assert (row["First Name"], row["Last Name"]) == ("Madonna", "Not given")
    assert "Name as printed: Madonna" in row["Notes"]


def test_names_known_apart_are_not_split_again():
    row = read_one(HUBSPOT, name="Amina Sow Diallo", first_name="Amina", last_name="Sow Diallo")
    assert (row["First name"], row["Last name"]) == ("Amina", "Sow Diallo")
    assert "printed" not in row["Note body"]


def test_a_name_printed_otherwise_is_in_the_note():
    assert "Name as printed: Diallo, Amina" in read_one(HUBSPOT, name="Diallo, Amina")["Note body"]


@pytest.mark.parametrize("preset", TABLES, ids=lambda preset: preset.key)
def test_what_is_not_open_to_the_exporter_is_empty(preset):
    text = text_of([make_row(contacts=Contacts())], preset)
    assert "example.org" not in text
    assert "linkedin.com" not in text
    assert "mailto" not in text


@pytest.mark.parametrize("preset", MACHINES, ids=lambda preset: preset.key)
def test_all_that_is_known_leaves_in_one_cell_or_another(preset):
    row = make_row()
    cells = " ".join(read([row], preset)[0].values())
    texts = [
        *(row.name, row.organisation, row.headline, row.met_at, row.evidence, row.stage),
        *(row.next_step, row.owner, row.note, "2026-12-01", *row.met_with, *row.topics),
        *(row.contacts.email, row.contacts.linkedin, row.contacts.website, *row.contacts.others),
        "2026-11-19T19:42:07+01:00",
    ]
    assert [text for text in texts if text not in cells] == []


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        make_row(met_on=datetime(2026, 11, 19, 19, 42))  # noqa: DTZ001


def test_times_are_written_with_their_zone():
    assert read_one(PLAIN, met_on=datetime(2026, 11, 19, tzinfo=UTC))["Met on"] == (
        "2026-11-19T00:00:00+00:00"
    )


@pytest.mark.parametrize("preset", TABLES, ids=lambda preset: preset.key)
@pytest.mark.parametrize("text", HARD, ids=ascii)
def test_hard_texts_come_through_to_the_last_character(text, preset):
    row = read_one(preset, name=text, organisation=text, headline=text, note=f"{text}\n{text}")
    clean = one_line(text)
    by_field = {column.field: row[column.header] for column in preset.columns}
    assert by_field[Field.HEADLINE] == clean
    assert by_field.get(Field.ORGANISATION, clean) == clean
    assert by_field.get(Field.NAME, clean) == clean
    assert any(f"{text}\n{text}" in cell for cell in row.values())
    if Field.FIRST in by_field:
        words = f"{by_field[Field.FIRST]} {by_field[Field.LAST]}".removesuffix("Not given")
        assert sorted(words.replace(",", " ").split()) == sorted(clean.replace(",", " ").split())


@pytest.mark.parametrize("preset", TABLES, ids=lambda preset: preset.key)
def test_ten_thousand_characters_are_not_cut(preset):
    long = "Lange Geschichte \N{GRINNING FACE} " * 600
    row = read_one(preset, note=long, headline=long)
    assert any(long.strip() in cell for cell in row.values())
    assert long.strip() in row.values()


@pytest.mark.parametrize("preset", TABLES, ids=lambda preset: preset.key)
def test_nulls_controls_and_halves_of_characters_are_left_out(preset):
    row = read_one(preset, name="Ami\0na\x07 Diallo", note="a\0b\x1bc\ud800d\r\ne\rf")
    assert any("a b c\ufffdd\ne\nf" in cell for cell in row.values())
    assert not set("".join(row.values())) & {"\0", "\x07", "\x1b", "\r"}


@pytest.mark.parametrize("preset", MACHINES, ids=lambda preset: preset.key)
@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_a_machine_gets_no_formula_no_apostrophe_before_it_and_the_whole_in_the_note(text, preset):
    row = read_one(preset, headline=text, organisation=text)
    by_field = {column.field: row[column.header] for column in preset.columns}
    cell, clean = by_field[Field.HEADLINE], one_line(text)
    assert not starts_a_formula(cell)
    assert not cell.startswith("'")
    header = next(one.header for one in preset.columns if one.field is Field.HEADLINE)
    if starts_a_formula(clean):
        assert clean.endswith(cell)
        assert f"{header}: {clean}" in by_field[Field.ALL_ELSE]
    else:
        assert cell == defused(clean)


@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_a_person_gets_it_behind_an_apostrophe(text):
    row = read_one(PLAIN, headline=text, note=text)
    assert row["Headline"] == defused(one_line(text))
    assert not starts_a_formula(row["Note"])


@pytest.mark.parametrize("preset", TABLES, ids=lambda preset: preset.key)
@pytest.mark.parametrize("address", ["-amina@example.org", "=a@example.org", "+a@example.org"])
def test_an_address_is_never_changed_into_somebody_elses(address, preset):
    row = read_one(preset, contacts=Contacts(address))
    column = next(one for one in preset.columns if one.field is Field.EMAIL)
    assert row[column.header] == ""
    everything = "\n".join(row.values())
    assert f"{column.header}: {address}" in everything
    assert f"'{address}" not in everything


@MANY
@given(st.lists(ROWS, max_size=3))
def test_any_people_are_as_many_lines_and_no_cell_of_theirs_is_a_formula(rows):
    for preset in TABLES:
        found = list(csv.reader(io.StringIO(text_of(rows, preset), newline="")))
        assert len(found) == len(rows) + 1
        assert {len(cells) for cells in found} == {len(preset.columns)}
        assert not any(starts_a_formula(cell) for cells in found for cell in cells)
        for column, *cells in zip(preset.columns, *found[1:], strict=True):
            assert not column.is_required or column.field is Field.SOURCE or all(cells)


@MANY
@given(ROWS)
def test_however_its_lines_are_split_no_file_has_a_formula(row):
    for preset in TABLES:
        text = text_of([row], preset)
        for separator in ";\t":
            for cells in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
                for cell in cells:
                    assert unicodedata.normalize("NFKC", cell).strip()[:1] not in {*"=+-@"}


def test_a_byte_order_mark_comes_on_request():
    assert not text_of([make_row()], PLAIN).startswith("\ufeff")
    assert text_of([make_row()], PLAIN, has_bom=True) == "\ufeff" + text_of([make_row()], PLAIN)
    assert text_of([make_row()], VCARD, has_bom=True).startswith("BEGIN:VCARD\r\n")


@pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda preset: preset.key)
def test_file_names_are_such_as_lever_takes(preset):
    assert re.fullmatch(r"[a-z0-9_-]+\.(csv|vcf)", file_name(preset, on=date(2026, 11, 22)))


def test_cards_say_how_to_reach_somebody_and_where_we_met_and_no_more():
    contacts = Contacts("a+b@example.org", None, "https://a.example.org", ("mailto:c%40@d.org",))
    text = text_of([make_row(name="Jan van der Berg", contacts=contacts), make_row()], VCARD)
    one, other = vobject.readComponents(text)
    assert (one.n.value.given, one.n.value.family) == ("Jan", "van der Berg")
    assert [line.value for line in one.contents["email"]] == ["a+b@example.org", "c@@d.org"]
    assert [line.value for line in one.contents["url"]] == ["https://a.example.org"]
    assert one.note.value == (
        "Met at: PyMeetup November\nMet on: 2026-11-19T19:42:07+01:00\n"
        "Talked with: Rita Recruiter\nAsk me about: Rust, PostgreSQL"
    )
    assert other.fn.value == "Amina Diallo"
    assert "Shortlisted" not in text
    assert "Wants to lead" not in text


@MANY
@given(st.lists(ROWS, min_size=1, max_size=3))
def test_any_people_are_as_many_cards(rows):
    assert len(list(vobject.readComponents(text_of(rows, VCARD)))) == len(rows)


def test_links_find_their_fields_and_none_is_lost():
    found = contacts_of(
        [
            (LinkKind.EMAIL, "mailto:a%26b@example.org"),
            (LinkKind.EMAIL, "mailto:c@example.org"),
            (LinkKind.WEBSITE, "https://a.example.org"),
            (LinkKind.GITHUB, "https://github.com/a"),
            (LinkKind.WEBSITE, "https://b.example.org"),
        ]
    )
    assert found == Contacts(
        "a&b@example.org",
        None,
        "https://a.example.org",
        ("mailto:c@example.org", "https://github.com/a", "https://b.example.org"),
    )
    assert contacts_of([]) == Contacts() == ExportRow(name="Amina").contacts


def test_an_empty_person_leaves_no_labels_behind():
    row = ExportRow(name="Amina Diallo")
    assert read([row], HUBSPOT)[0]["Note body"] == ""
    assert read([replace(row, note="x")], HUBSPOT)[0]["Note body"] == "Note: x"
