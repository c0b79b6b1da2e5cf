"""The report on paper: one page to hand to somebody, whatever the event and the paper."""

import subprocess
from zoneinfo import ZoneInfo

import pytest
from crowds import hold_party

import services
from people import make_person
from webapp.insights.models import Snapshot

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a browser prints does not depend on the database."""

LONG = (
    "The Twenty-Seventh International Gathering of People Who Mend, Tune and Listen to Accordions"
)
PLACE = "Kongresszentrum am Alten Güterbahnhof, Eingang Süd, 10785 Berlin"
ALWAYS = ("Did people meet?", "talks", "When people talked", "How it is measured")
STYLE, HEADING = "getComputedStyle", "document.querySelector('h1')"
NEVER = ("Room", "Desk", "Follow up", "spreadsheet", "As a table", "All figures", "Meet first")


@pytest.fixture
def print_report(phone, session, tmp_path):
    """Print the report of an event as its organiser; returns the text of each page."""
    pdftotext = services.find("pdftotext") or services.missing("pdftotext")

    def printed(*, paper="A4", scheme="light", **party):
        olga = make_person(session, name="Olga Organiser")
        event = hold_party(session, by=olga, **party)
        one = phone(olga, color_scheme=scheme, viewport={"width": 1280, "height": 800})
        one.open(f"/events/{event.id}/report")
        one.page.pdf(path=tmp_path / "report.pdf", format=paper)
        command = [pdftotext, "-layout", tmp_path / "report.pdf", "-"]
        text = subprocess.run(command, check=True, capture_output=True).stdout.decode()
        return event, text.rstrip("\f").split("\f")

    return printed


@pytest.mark.browser
@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize(
    ("groups", "mixing"), [(12, True), (1, False)], ids=["with groups", "without"]
)
def test_a_report_is_one_page_with_the_figures(print_report, session, paper, groups, mixing):
    event, pages = print_report(
        paper=paper, name=LONG, place=PLACE, size=400, groups=groups, using=0.6
    )
    assert len(pages) == 1
    words = " ".join(pages[0].split())
    local = event.starts_at.astimezone(ZoneInfo(event.time_zone))
    for text in (*ALWAYS, LONG, PLACE, f"{local:%b} {local.day}, "):
        assert text in words
    assert ("Did groups mix?" in words) is mixing
    assert ("Who took part?" in words) is not mixing
    figures = session.query(Snapshot).filter_by(event_id=event.id).one().report["figures"]
    for key in ("participation_percent", "conversations", "confirmed_percent"):
        (value,) = [one["value"] for one in figures if one["key"] == key]
        assert str(value) in "".join(pages[0].split())


@pytest.mark.browser
def test_navigation_and_tables_stay_off_the_paper(print_report):
    _event, pages = print_report()
    assert [text for text in NEVER if text in "".join(pages)] == []


@pytest.mark.browser
def test_a_small_event_prints_what_it_may(print_report):
    _event, pages = print_report(size=25)
    assert len(pages) == 1
    assert "talks" in pages[0]
    assert "too few people" in pages[0]


@pytest.mark.browser
def test_paper_is_white_where_the_screen_is_dark(phone, session):
    olga = make_person(session, name="Olga Organiser")
    event = hold_party(session, by=olga)
    one = phone(olga, color_scheme="dark")
    one.open(f"/events/{event.id}/report")
    look = f"() => [{STYLE}(document.body).backgroundColor, {STYLE}({HEADING}).color]"
    assert one.page.evaluate(look)[0] != "rgb(255, 255, 255)"
    one.page.emulate_media(media="print", color_scheme="dark")
    assert one.page.evaluate(look) == ["rgb(255, 255, 255)", "rgb(33, 28, 21)"]
