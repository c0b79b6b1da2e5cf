"""The server and a phone find the same guests in the same order by the same letters."""

import json
from pathlib import Path

import pytest

import services
from people import make_attendee, make_event
from webapp.badges.desk.queries import find_guests
from webapp.core.text import folded

HERE = Path(__file__).parent
AGREED = json.loads((HERE / "folding.json").read_text())


@pytest.mark.parametrize(("text", "words"), AGREED["words"])
def test_a_text_is_folded_as_agreed(text, words):
    assert folded(text) == words


@pytest.mark.parametrize(("letters", "names"), AGREED["searches"])
def test_the_server_finds_guests_as_agreed(session, letters, names):
    event = make_event(session)
    for name, organisation in AGREED["guests"]:
        make_attendee(session, event=event, name=name).organisation = organisation
    session.flush()
    found = find_guests(session, event_id=event.id, letters=letters)
    assert [one.name for one in found] == names


def test_a_phone_folds_finds_and_keeps_as_agreed():
    services.run_node_tests(HERE, at_least=2)
