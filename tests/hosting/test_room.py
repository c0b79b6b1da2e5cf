"""The room tells hosts how many ask to be introduced; an unchanged screen costs nothing."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest

from pages import HX
from people import talk
from webapp.core import clock
from webapp.hosting.services import note_introduction, stop_asking
from webapp.insights.pages import HelpRow, help_row
from webapp.insights.services import freeze_summary

NOBODY = "Nobody asks to be introduced just now."


@pytest.fixture
def room(cast):
    return f"/events/{cast.event.id}/room"


def test_the_room_counts_who_asks_and_leads_to_them(cast, asks, helps, olga, room, hosting):
    olga.get(room)
    assert NOBODY in olga.text
    helps(cast.desk, asks(cast.amina, "canary line"))
    olga.get(room)
    assert "1 person asks to be introduced." in olga.text
    asks(cast.ben)
    olga.get(room)
    assert "2 people ask to be introduced." in olga.text
    (button,) = [one for one in olga.page.all("a") if one.text == "Help someone in"]
    assert button.get("href") == hosting
    assert "Amina" not in olga.text
    assert "canary line" not in olga.text


def test_who_was_introduced_or_took_it_back_is_counted_no_more(
    cast, session, asks, helps, olga, room
):
    asking = asks(cast.amina)
    helps(cast.desk, asking)
    asks(cast.ben)
    note_introduction(session, asking=asking, by=cast.desk, now=clock.now())
    session.commit()
    olga.get(room)
    assert "1 person asks" in olga.text
    stop_asking(session, attendee=cast.ben)
    session.commit()
    olga.get(room)
    assert NOBODY in olga.text


def test_a_screen_gets_an_answer_only_when_the_number_changed(cast, asks, helps, olga, room):
    url = f"{room}-now"
    first = olga.get(url, headers=HX).headers["ETag"]
    assert olga.get(url, headers=HX | {"If-None-Match": first}).status_code == 304
    asking = asks(cast.amina)
    answer = olga.get(url, headers=HX | {"If-None-Match": first})
    assert answer.status_code == 200
    assert "1 person asks to be introduced." in olga.text
    second = answer.headers["ETag"]
    helps(cast.desk, asking)
    assert olga.get(url, headers=HX | {"If-None-Match": second}).status_code == 304


@pytest.mark.parametrize("hours", [-2, 16])
def test_before_and_after_the_event_nobody_asks(cast, asks, browser_of, room, evening, hours):
    asks(cast.amina)
    evening.shift(timedelta(hours=hours))
    olga = browser_of(cast.organiser)
    olga.get(room)
    assert NOBODY in olga.text


def figures(text):
    return SimpleNamespace(
        figures=[
            SimpleNamespace(key="pairs", text="70"),
            SimpleNamespace(key="isolates", text=text),
        ]
    )


@pytest.mark.parametrize("text", ["12", "≥ 12", None])
def test_how_many_had_no_talk_is_what_the_summary_may_show(text):
    assert help_row(figures(text), asked=4) == HelpRow(4, text)


def test_without_a_summary_nothing_is_said_of_those_without_a_talk():
    assert help_row(SimpleNamespace(figures=[]), asked=4) == HelpRow(4, None)


def test_the_room_says_how_many_had_no_talk_in_the_last_summary(
    cast, session, olga, room, guest, evening
):
    people = [guest(f"Guest {number}") for number in range(60)]
    for by, about in zip(people[:20], people[20:40], strict=True):
        talk(session, event=cast.event, by=by, about=about)
    evening.shift(timedelta(hours=2))
    freeze_summary(session, event=cast.event, now=clock.now())
    session.commit()
    olga.get(room)
    assert re.search(r"In the last summary (≥ )?[0-9]+ had no recorded talk; nobody", olga.text)
