"""A promise and a meeting as files: one entry, in place, for one's own calendar alone."""

from datetime import UTC, date, datetime, timedelta

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from people import EVENING
from webapp.followups.models import PromiseKind
from webapp.followups.rules.calendars import Entry, calendar_file
from webapp.ties.services import untie

PLAIN = Entry("promise-1@localhost", date(2026, 11, 26), "Send a link", "http://localhost/x")
CONTROLS = [chr(code) for code in (*range(10), *range(11, 32), *range(127, 160))]
FAMILY = "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"
INJECTED = "END:VEVENT{0}BEGIN:VEVENT{0}SUMMARY:Eve{0}ATTENDEE:mailto:eve@example.org"
HARD = [
    "Meet, Amina; now: \\ \\n \\N \\, \\;",
    "\u0623\u0645\u064a\u0646\u0629 " * 30 + "x",
    "\u05d0\u05de\u05d9\u05e0\u05d4 " * 30 + "x",
    f"{FAMILY} " * 30 + "x",
    "a" * 500,
    "two\nlines",
    "two\r\nlines",
    "=SUM(A1)",
    "\uff1dSUM(A1)",
    *(INJECTED.format(end) for end in ("\n", "\r\n", "\r", "\u2028", "\x85", "\0")),
    *(f"a{one}b" for one in CONTROLS),
]


def read(text):
    """Read the one entry of a file whose form is as it should be, by another parser."""
    assert not set(text.replace("\r\n", "")) & {"\r", "\n"}
    lines = text.split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 1
    (calendar,) = vobject.readComponents(text)
    assert calendar.name == "VCALENDAR"
    (entry,) = calendar.components()
    assert not {"method"} & set(calendar.contents)
    assert not {"attendee", "organizer"} & set(entry.contents)
    return entry


def entry_of(**said):
    plain = {name: getattr(PLAIN, name) for name in ("uid", "begins", "summary", "about")}
    return read(calendar_file(Entry(**(plain | said)), now=EVENING))


def as_read(text):
    return "".join(" " if c in CONTROLS else c for c in text.replace("\r\n", "\n"))


def test_a_day_is_a_whole_day():
    entry = entry_of()
    assert (entry.dtstart.value, entry.dtend.value) == (date(2026, 11, 26), date(2026, 11, 27))
    assert entry.uid.value == PLAIN.uid
    assert entry.dtstamp.value == EVENING
    assert (entry.summary.value, entry.description.value) == (PLAIN.summary, PLAIN.about)


def test_a_moment_is_an_hour_in_utc():
    text = calendar_file(
        Entry("u", datetime(2026, 11, 26, 17, 30, tzinfo=UTC), "Meet", "x"), now=EVENING
    )
    assert "DTSTART:20261126T173000Z\r\n" in text
    assert "DTEND:20261126T183000Z\r\n" in text
    assert "DTSTAMP:20261119T180000Z\r\n" in text
    assert read(text).dtstart.value == datetime(2026, 11, 26, 17, 30, tzinfo=UTC)


@pytest.mark.parametrize("words", HARD, ids=ascii)
def test_hard_words_stay_in_their_line(words):
    entry = entry_of(summary=words)
    assert entry.summary.value == as_read(words)
    assert entry.contents.keys() == entry_of().contents.keys()


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_words_at_all_are_one_entry(summary, about):
    entry = entry_of(summary=summary, about=about)
    assert (entry.summary.value, entry.description.value) == (as_read(summary), as_read(about))


@pytest.fixture
def amina(cast, browser_of):
    return browser_of(cast.attendee)


@pytest.fixture
def promised(cast, make):
    return make(cast.attendee, "pgvector", PromiseKind.SEND_LINK, date(2026, 11, 26))


def url_of(promise):
    return f"/people/{promise.tie_id}/promises/{promise.id}"


def test_a_promise_comes_after_a_redirect_under_the_same_id_each_time(
    cast, promised, amina, evening
):
    answer = amina.get(f"{url_of(promised)}/calendar")
    assert (answer.status_code, answer.location) == (303, f"{url_of(promised)}/promise.ics")
    first = amina.get(answer.location)
    assert first.content_type == "text/calendar; charset=utf-8"
    entry = read(first.get_data(as_text=True))
    assert entry.summary.value == "Send a link: pgvector (Ben Ng)"
    assert entry.dtstart.value == date(2026, 11, 26)
    assert entry.description.value == f"http://localhost/people/{promised.tie_id}"
    evening.shift(timedelta(days=1))
    again = read(amina.get(answer.location).get_data(as_text=True))
    assert again.uid.value == entry.uid.value == f"promise-{promised.id}@localhost"


def test_only_the_two_get_the_file_and_only_over_an_open_tie(
    cast, session, tie, promised, browser_of, browser
):
    for path in (
        f"{url_of(promised)}/promise.ics",
        f"/people/{tie.id}/meeting.ics?begins=2026-12-01",
    ):
        assert browser_of(cast.other).get(path).status_code == 200
        for somebody in (cast.recruiter, cast.organiser, cast.stranger):
            assert browser_of(somebody).get(path).status_code == 404
        assert browser.get(path).status_code == 303
    untie(session, tie=tie, by=cast.other, now=EVENING)
    for path in (
        f"{url_of(promised)}/promise.ics",
        f"/people/{tie.id}/meeting.ics?begins=2026-12-01",
    ):
        assert browser_of(cast.attendee).get(path).status_code == 404


def test_a_promise_without_a_day_has_no_file(cast, make, amina):
    undated = make(cast.attendee, "Sing together")
    assert amina.get(f"{url_of(undated)}/calendar").status_code == 404
    assert amina.get(f"{url_of(undated)}/promise.ics").status_code == 404


def test_a_meeting_is_put_into_my_own_calendar_at_the_time_of_the_place(tie, amina):
    where = f"/people/{tie.id}/calendar"
    assert amina.get(where).status_code == 200
    answer = amina.submit(where, day="2026-12-01", hour="18:30")
    assert answer.status_code == 303
    entry = read(amina.get(answer.location).get_data(as_text=True))
    assert entry.dtstart.value == datetime(2026, 12, 1, 17, 30, tzinfo=UTC)
    assert entry.summary.value == "Meet Ben Ng"
    amina.get(where)
    whole = amina.submit(where, day="2026-12-01")
    assert read(amina.get(whole.location).get_data(as_text=True)).dtstart.value == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("day", "hour"), [("", ""), ("2026-11-18", ""), ("soon", ""), ("2026-12-01", "late")]
)
def test_a_day_that_is_none_is_said_beside_the_field(tie, amina, day, hour):
    amina.get(f"/people/{tie.id}/calendar")
    answer = amina.submit(f"/people/{tie.id}/calendar", day=day, hour=hour)
    assert answer.status_code == 422


@pytest.mark.parametrize("begins", ["", "soon", "2026-12-01T18:30:00", "2026-13-01", "9999-12-31"])
def test_a_moment_nobody_chose_is_not_found(tie, amina, begins):
    assert amina.get(f"/people/{tie.id}/meeting.ics?begins={begins}").status_code == 404
