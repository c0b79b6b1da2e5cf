"""A real spreadsheet opens the files of the screen: nothing is run, every character is there."""

import csv
import io

import openpyxl
import pytest
import vobject
from recruiting.exporting.leaving import FORMULAS, HARD
from recruiting.files import file_of, rows_in

import services
from people import make_attendee, make_cast, make_person, sign_in, talk
from webapp.accounts.models import EmailAddress
from webapp.core import clock
from webapp.core.spreadsheets import defused
from webapp.core.text import one_line
from webapp.recruiting.exporting.presets import PLAIN, PRESETS, VCARD
from webapp.recruiting.models import Stage
from webapp.recruiting.queries.teams import member_of
from webapp.recruiting.services.candidates import move, plan
from webapp.recruiting.services.consent import agree
from webapp.recruiting.services.teams import grant_team, join
from webapp.ties.models import LinkKind
from webapp.ties.rules import CheckedLink
from webapp.ties.services import add_link, keep_note

pytestmark = [
    pytest.mark.service,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
"""What a spreadsheet makes of a file does not depend on the database."""

READ_AS_NUMBERS = {"1/2", "007", "10,000", "TRUE"}
"""No formulas, and the file has them right, but a spreadsheet shows the number it sees."""
TEXTS = [text for text in HARD + FORMULAS if one_line(text) and text not in READ_AS_NUMBERS]
TABLES = [preset for preset in PRESETS.values() if preset.columns]


def _review_hard_ones(session, cast):
    """Let Rita review one person for each text: their badge, stage, next step and note hold it."""
    event, now = cast.event, clock.now()
    mine = {"person_id": cast.recruiter.id, "proven_at": now, "code_proven_at": now}
    session.add(EmailAddress(address="rita@example.org", **mine))
    asked = {"event": event, "by": cast.organiser, "now": now}
    team = grant_team(session, name="Kora Labs", address="rita@example.org", **asked)
    join(session, event=event, team=team, person=cast.recruiter, now=now)
    member = member_of(session, event_id=event.id, person_id=cast.recruiter.id)
    for number, text in enumerate(TEXTS):
        person = make_person(session, name=f"{one_line(text)} Diallo")
        address = f"mailto:{'-' * (number % 2)}a{number}@example.org"
        link = CheckedLink(LinkKind.EMAIL, address)
        add_link(session, person=person, link=link, now=now)
        place = make_attendee(session, event=event, person=person)
        place.organisation = place.headline = one_line(text)
        talk(session, event=event, by=place, about=cast.rita)
        agree(session, team=team, person=person, now=now)
        words = text.replace("\0", "")
        keep_note(session, author=cast.rita, about_id=place.id, text=words, now=now)
        stage = Stage(event_id=event.id, team_id=team.id, name=one_line(text), place=number + 9)
        session.add(stage)
        session.flush()
        known = {"member": member, "person_id": person.id, "now": now}
        move(session, stage=stage, seen=0, **known)
        step = {"next_step": one_line(text), "next_on": None, "owner_id": None}
        plan(session, seen=1, **step, **known)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("files")


@pytest.fixture
def files(app, evening, session, folder, tmp_path_factory):
    """Return what the screen answers for each preset; made and opened once for all tests."""
    if not list(folder.iterdir()):
        cast = make_cast(session)
        _review_hard_ones(session, cast)
        rita = app.test_client()
        sign_in(rita, session, cast.recruiter)
        for key in PRESETS:
            here = f"/events/{cast.event.id}"
            rita.get(f"{here}/export/check?preset={key}&whom=all&has_notes=y")
            (folder / f"check-{key}.txt").write_text(rita.text)
            text = file_of(rita, here, key, has_notes="y")
            (folder / f"{key}.{PRESETS[key].ending}").write_bytes(text.encode())
        services.opened_by_libreoffice(
            [folder / f"{preset.key}.csv" for preset in TABLES],
            separators=",;\t",
            profile=tmp_path_factory.getbasetemp() / "libreoffice",
        )
    return {
        one.stem: one.read_bytes().decode()
        for one in folder.iterdir()
        if one.suffix in {".csv", ".vcf", ".txt"}
    }


@pytest.fixture
def opened(files, folder):
    """Return each table as the spreadsheet sees it: rows of cells."""
    books = {one.stem: openpyxl.load_workbook(one) for one in folder.glob("*.xlsx")}
    return {name: [list(row) for row in book.active.iter_rows()] for name, book in books.items()}


def test_everybody_is_in_every_file(files):
    for preset in TABLES:
        assert len(rows_in(files[preset.key])) == len(TEXTS)
    cards = list(vobject.readComponents(files[VCARD.key]))
    assert len(cards) == len(TEXTS)
    names = {one_line(f"{text} Diallo") for text in TEXTS}
    assert {one_line(card.fn.value) for card in cards} == names


def test_no_cell_is_run(opened):
    assert opened.keys() == {preset.key for preset in TABLES}
    for rows in opened.values():
        assert [cell.value for row in rows for cell in row if cell.data_type == "f"] == []


def test_every_character_is_there(files, opened):
    for name, rows in opened.items():
        written = list(csv.reader(io.StringIO(files[name], newline="")))
        shown = [[cell.value or "" for cell in row] for row in rows]
        assert shown == written
    whole = {str(defused(one_line(text))) for text in TEXTS}
    for column in ("Organisation", "Headline", "Stage", "Next step"):
        assert {row[column] for row in rows_in(files[PLAIN.key])} == whole


def test_what_a_target_needs_is_there_and_what_is_too_long_for_it_was_told(files):
    for preset in TABLES:
        rows = rows_in(files[preset.key])
        for column in preset.columns:
            cells = [row[column.header] for row in rows]
            assert all(cells) or not column.is_required, (preset.key, column)
            many = sum(len(cell) > (column.longest or 10**6) for cell in cells)
            told = f"{column.longest} characters under '{column.header}'"
            assert (told in files[f"check-{preset.key}"]) == bool(many), column


def test_an_address_that_begins_like_a_formula_stands_in_the_note_alone(files):
    for key in ("hubspot", "salesforce", "greenhouse", "lever"):
        column = {"hubspot": "Note body", "salesforce": "Description"}.get(key, "Notes")
        for row in rows_in(files[key]):
            address = row["Email"]
            assert address.startswith("a") or not address
            assert address or "-a" in row[column]
