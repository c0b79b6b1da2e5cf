"""From the bytes of a file to rows: encodings, separators, workbooks, and what is no list."""

import io
import zipfile
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.core.text import one_line
from webapp.exchange.guests.packing import pack, unpack
from webapp.exchange.guests.rules import workbooks
from webapp.exchange.guests.rules.tables import MOST_COLUMNS, MOST_ROWS, NotAList
from webapp.exchange.guests.rules.workbooks import read_table

DATA = Path(__file__).resolve().parents[2] / "data" / "guests"
CARDS = "Name;E-Mail\r\nJörg Müller;joerg@example.org\r\n"


def rows(data: bytes) -> list[tuple[str, ...]]:
    return [line.cells for line in read_table(data).lines]


def refused(data: bytes) -> str:
    with pytest.raises(NotAList) as refusal:
        read_table(data)
    return str(refusal.value.message)


def workbook_of(*lines, **changes) -> bytes:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    out = io.BytesIO()
    book.save(out)
    return repacked(out.getvalue(), changes) if changes else out.getvalue()


def repacked(data: bytes, changes: dict[str, bytes]) -> bytes:
    """Replace parts of a workbook, named by the end of their names without the dot."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            ending = part.filename.rpartition("/")[2].partition(".")[0]
            new.writestr(part, changes.get(ending, old.read(part)))
    return out.getvalue()


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_the_encoding_is_found(codec, name):
    table = read_table(CARDS.encode(codec))
    assert table.encoding == name
    assert table.lines[1].cells == ("Jörg Müller", "joerg@example.org")


@pytest.mark.parametrize(("separator", "name"), [(",", ","), (";", ";"), ("\t", "tab")])
def test_the_separator_is_found(separator, name):
    table = read_table(CARDS.replace(";", separator).encode())
    assert table.separator == name
    assert len(table.lines[1].cells) == 2


def test_commas_inside_cells_do_not_win_over_semicolons():
    text = "Name;Firma;Ort\nA, B;C, D;E, F\nG, H;I, J;K, L\n"
    assert rows(text.encode())[1] == ("A, B", "C, D", "E, F")


def test_a_hint_for_a_spreadsheet_names_the_separator_and_keeps_the_numbers_of_rows():
    table = read_table(b"sep=;\r\nName,x;E-Mail\r\nA;a@example.org\r\n")
    assert (table.lines[0].number, table.lines[0].cells) == (2, ("Name,x", "E-Mail"))


def test_rows_keep_the_number_a_spreadsheet_shows_beside_them():
    table = read_table(b'Name,Note\n\nA,"two\nlines"\n,,\nB,x\n')
    assert [line.number for line in table.lines] == [1, 3, 5]
    assert table.lines[1].cells == ("A", "two lines")


def test_a_workbook_is_read_from_its_first_sheet_with_something_on_it():
    table = read_table((DATA / "sheet.xlsx").read_bytes())
    assert (table.encoding, table.separator) == ("XLSX", "")
    assert table.lines[1].number == 3
    assert table.lines[2].cells == (
        "José", "García", "jose@example.org", "Ñandú S.A.", "Ingeniero", "34600123456",
    )  # fmt: skip
    assert table.lines[3].cells == ("Ana", "Núñez Ruiz", "ana@example.org")


def test_a_stray_cell_far_down_a_workbook_costs_nothing():
    book = openpyxl.Workbook()
    book.active.append(["Name", "E-mail"])
    book.active["A1048576"] = "stray"
    out = io.BytesIO()
    book.save(out)
    assert rows(out.getvalue()) == [("Name", "E-mail")]


@pytest.mark.parametrize(
    ("start", "word"),
    [
        (b"%PDF-1.7 ", "PDF"),
        (b"\x89PNG\r\n", "picture"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (b"GIF89a", "picture"),
        (b"\xd0\xcf\x11\xe0", "older Excel"),
        (b"{\\rtf1", "letter"),
        (b"\x1f\x8b\x08", "packed"),
        (b"  <!DOCTYPE html><table>", "web page"),
        (b"PK\x05\x06", "packed"),
    ],
)
def test_what_is_no_list_is_called_what_it_is(start, word):
    message = refused(start + b"\0x" * 40)
    assert word in message
    assert "CSV or XLSX" in message


@pytest.mark.parametrize("data", [b"", b"  \r\n\r\n", b",,,\n,,\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_called_empty(data):
    assert "empty" in refused(data)


def test_bytes_that_are_no_text_are_refused():
    assert "text" in refused(bytes(range(256)) * 4)


def test_a_quotation_mark_that_is_never_closed_is_named_by_its_row():
    assert "row 3" in refused(b'Name,E-mail\nA,a@example.org\n"B,b@example.org\nC,c@example.org\n')


def test_a_quotation_mark_inside_a_cell_is_taken_as_it_is():
    assert rows(b'Name,E-mail\nA "Ace" B,a@example.org\n')[1][0] == 'A "Ace" B'


def test_one_endless_cell_is_refused():
    assert "too long" in refused(b'Name,E-mail\n"' + b"x" * 200_000 + b'",a@example.org\n')


def test_more_rows_or_columns_than_a_list_has_are_refused():
    assert read_table(b"Name\n" + b"A\n" * (MOST_ROWS - 1)).lines[-1].number == MOST_ROWS
    assert "20,000" in refused(b"Name\n" + b"A\n" * MOST_ROWS)
    assert len(rows(b",".join([b"x"] * MOST_COLUMNS))[0]) == MOST_COLUMNS
    assert "200" in refused(b",".join([b"x"] * (MOST_COLUMNS + 1)))
    assert "200" in refused(workbook_of(["x"] * (MOST_COLUMNS + 1)))


def test_a_cell_is_cut_at_2_000_characters():
    assert len(rows(b"Name,Note\nA," + b"x" * 5_000)[1][1]) == 2_000


def test_a_workbook_that_would_unpack_to_too_much_is_not_unpacked(monkeypatch):
    bomb = workbook_of(["Name"], theme1=b"x" * 70_000_000)
    assert len(bomb) < 1_000_000
    monkeypatch.setattr(workbooks, "_reader", lambda: pytest.fail("opened"))
    assert "too large" in refused(bomb)


def test_a_workbook_with_entities_is_refused():
    laughs = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
    <worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
    <row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>"""
    assert "broken" in refused(workbook_of(["Name"], sheet1=laughs))


@pytest.mark.parametrize("cut", [10, 400, -20])
def test_a_broken_workbook_is_called_broken(cut):
    assert "broken" in refused(workbook_of(["Name", "E-mail"])[:cut])


def test_another_archive_is_no_workbook():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("letter.txt", "Dear all")
    assert "not a sheet" in refused(out.getvalue())


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    with suppress(NotAList):
        assert read_table(data).lines


@given(st.lists(st.tuples(st.text(), st.text()), min_size=1, max_size=20))
def test_rows_come_out_of_the_database_as_they_went_in(cells):
    text = "\n".join(f'"{a.replace(chr(34), "")}","{b.replace(chr(34), "")}"' for a, b in cells)
    try:
        table = read_table(text.encode("utf-8", "replace"))
    except NotAList:
        return
    assert unpack(pack(table)) == table


@given(st.text())
def test_what_is_one_clean_line_already_stays(text):
    assert one_line(one_line(text)) == one_line(text)
