"""A real spreadsheet opens what leaves a team: nothing is run, and every character is there."""

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from recruiting.exporting.leaving import FORMULAS, HARD, TABLES, make_row, text_of

import services
from webapp.recruiting.exporting.presets import PLAIN

pytestmark = pytest.mark.service

READ_AS_NUMBERS = {"1/2", "007", "10,000", "TRUE"}
"""No formulas, and the file has them right, but a spreadsheet shows the number it sees."""
LONG = 'Lange Geschichte; \N{GRINNING FACE} \u05d0\u05de\u05d9\u05e0\u05d4, "quoted"\n' * 200
TEXTS = [*(text for text in HARD if text not in READ_AS_NUMBERS), *FORMULAS]
SEPARATORS = {"comma": ",", "semicolon": ";", "any": ",;\t"}
"""Where people write 1,5 a double click splits at semicolons; some programs split at all."""
RUN = {"comma": 1, "semicolon": 3, "any": 2}
"""Cells of the control that are run."""
CONTROL = 'a,b,c\r\n=1+1,a;=1+1;b,"x\n=1+1"\r\n'


def people():
    hard = [
        make_row(
            name=f"{text} Diallo",
            organisation=text,
            headline=text,
            met_at=text,
            stage=text,
            next_step=text,
            topics=(text, "Rust"),
            note=text,
        )
        for text in TEXTS
    ]
    return [*hard, make_row(headline=LONG, note=LONG)]


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    texts = {preset.key: text_of(people(), preset) for preset in TABLES}
    marked = text_of(people(), PLAIN, has_bom=True)
    return texts | {"marked": marked, "control": CONTROL}


@pytest.fixture(scope="module", params=SEPARATORS)
def separators(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def opened(files, separators, tmp_path_factory):
    """Return each file as the spreadsheet sees it: rows of cells."""
    folder: Path = tmp_path_factory.mktemp(separators)
    for name, text in files.items():
        (folder / f"{name}.csv").write_bytes(text.encode())
    books = services.opened_by_libreoffice(
        [folder / f"{name}.csv" for name in files],
        separators=SEPARATORS[separators],
        profile=tmp_path_factory.getbasetemp() / "libreoffice",
    )
    return {
        name: [list(row) for row in openpyxl.load_workbook(book).active.iter_rows()]
        for name, book in zip(files, books, strict=True)
    }


def formulas_in(rows):
    return [cell.value for row in rows for cell in row if cell.data_type == "f"]


def test_what_is_not_defused_would_be_run(opened, separators):
    assert len(formulas_in(opened["control"])) == RUN[separators]


def test_nothing_is_run(opened, files):
    assert {name: formulas_in(opened[name]) for name in files if name != "control"} == {
        name: [] for name in files if name != "control"
    }


@pytest.mark.parametrize("separators", ["comma", "any"], indirect=True)
def test_every_character_is_there(opened, files):
    for name in files.keys() - {"control"}:
        text = files[name].removeprefix("\ufeff")
        written = list(csv.reader(io.StringIO(text, newline="")))
        assert len(opened[name]) == len(written) == len(TEXTS) + 2
        for cells, expected in zip(opened[name], written, strict=True):
            assert [shown(cell) for cell in cells] == expected


def shown(cell) -> str:
    return f"{cell.value:%Y-%m-%d}" if cell.is_date else cell.value or ""
