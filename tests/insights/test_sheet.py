"""The report as a spreadsheet: every number on the page is in it, and none besides."""

import csv
import io
import re
from datetime import datetime, timedelta

import pytest
from crowds import hold_party

from people import make_person
from webapp.insights.models import Snapshot

NUMBER = re.compile(r"\d[\d\u2009.,]*")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T[\d:.+]+")
UNCOUNTED = ("path", "nav", "header", "h1", "footer")
"""Where a page has numbers that are no figures: drawings, and what the event is called."""


@pytest.fixture
def olga(session, evening):
    return make_person(session, name="Olga Organiser")


def open_both(browser, event):
    """Return the page's main part and the rows of its spreadsheet."""
    assert browser.get(f"/events/{event.id}/report").status_code == 200
    main = next(iter(browser.page.all("article")))
    answer = browser.get(f"/events/{event.id}/report.csv")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    text = answer.get_data(as_text=True)
    return main, list(csv.reader(io.StringIO(text, newline="")))


def parts_of(rows):
    """Return the tables of a spreadsheet: they stand apart by an empty row."""
    parts = [[]]
    for row in rows:
        if row:
            parts[-1].append([cell.lstrip("'") for cell in row])
        else:
            parts.append([])
    return parts


def texts(element):
    """Return what a reader sees of an element, without headings and drawings."""
    found = [element.text or ""]
    for child in element:
        if child.tag.rpartition("}")[2] not in UNCOUNTED:
            found += texts(child)
        found.append(child.tail or "")
    return found


def figures_on(main):
    """Return label, value and what is behind it, of each figure on the page."""
    return [
        [row[0].text, row[1][0].text, *(span.text for span in row[1][1] if span.text)]
        for row in main.iter("div")
        if len(row) == 2 and row[0].tag == "dt"
    ]


def test_every_figure_of_the_page_is_a_row_and_no_other(session, browser_of, olga):
    hold_party(session, by=olga, days_ago=60)
    main, rows = open_both(browser_of(olga), hold_party(session, by=olga))
    figures = parts_of(rows)[0][1:]
    on_page = figures_on(main)
    assert [row[:2] for row in figures] == [row[:2] for row in on_page]
    for row, shown in zip(figures, on_page, strict=True):
        _, _, n, use, _, usual = row
        behind = f"N = {n}" + (f", {use} use Bowline" if use else "") if n else ""
        assert [one for one in (usual, behind) if one] == shown[2:]


def test_every_table_of_the_page_is_in_it_and_no_other(session, browser_of, olga):
    hold_party(session, by=olga, days_ago=60)
    main, rows = open_both(browser_of(olga), hold_party(session, by=olga))
    _, shares, rhythm, mixing, steps, compared = parts_of(rows)
    tables = [
        [["".join(cell.itertext()).strip() for cell in row] for row in table.iter("tr")]
        for table in main.iter("table")
    ]
    assert len(tables) == 3
    assert [row[2] for row in rhythm] == [row[2] for row in tables[0]]
    assert [row[2:] for row in mixing[1:]] == [
        ["" if cell in {"hidden", "\N{EN DASH}"} else cell for cell in row[1:]]
        for row in tables[1][1:]
    ]
    dashed = [[cell or "\N{EN DASH}" for cell in row] for row in compared[3:]]
    assert dashed == tables[2][1:]
    lists = ["".join(item.itertext()).split() for item in main.iter("li")]
    assert [set(f"{row[1]} {row[0]}".split()) for row in shares[1:] + steps[1:]] == [
        set(item) for item in lists
    ]


def numbers(text):
    return {one.rstrip(".,") for one in NUMBER.findall(text)}


def test_no_number_is_on_the_page_alone_nor_in_it_alone(session, browser_of, olga):
    hold_party(session, by=olga, days_ago=60, size=100)
    event = hold_party(session, by=olga)
    main, rows = open_both(browser_of(olga), event)
    cells = " ".join(cell for row in rows for cell in row)
    moments = [datetime.fromisoformat(one) for one in MOMENT.findall(cells)]
    in_sheet = numbers(MOMENT.sub(" ", cells))
    on_page = numbers(" ".join(texts(main)))
    times = {word for at in moments for word in clock_words(at)}
    in_words = {"1.0", "2.0", "60", "17", "3", "5", "10", "2018"}
    in_matrix = {text.text for text in main.iter("{http://www.w3.org/2000/svg}text")}
    assert on_page - in_sheet - times - in_words - numbers(" ".join(in_matrix)) == set()
    assert in_sheet - on_page == set()
    assert moments


def clock_words(at):
    local = at + timedelta(hours=1)
    return {f"{local.hour % 12 or 12}", f"{local:%M}", f"{local.day}"}


def test_the_picture_of_mixing_says_what_its_table_says(session, browser_of, olga):
    main, rows = open_both(browser_of(olga), hold_party(session, by=olga))
    mixing = parts_of(rows)[3][1:]
    times = sorted(f"{float(row[3][:-1]):.1f}" for row in mixing)
    fields = main.iter("{http://www.w3.org/2000/svg}text")
    assert sorted(text.text for text in fields if text.get("class") != "group") == times


def test_an_old_summary_without_steps_is_still_shown(session, browser_of, olga):
    event = hold_party(session, by=olga)
    snapshot = session.query(Snapshot).one()
    figures = [one for one in snapshot.report["figures"] if one["key"] != "using_percent"]
    left = {key: part for key, part in snapshot.report.items() if key != "following"}
    snapshot.report = left | {"figures": figures}
    session.commit()
    main, rows = open_both(browser_of(olga), event)
    assert "Follow-through" not in "".join(main.itertext())
    assert "use Bowline" not in "".join(cell for row in rows for cell in row[:2])
