"""What is written for others names our own host, and ids tell nothing."""

from dataclasses import replace

import pytest

from webapp.core.ids import ID_LENGTH, new_id
from webapp.mail.models import Mail

OURS, THEIRS = "https://meet.example.org", "evil.example.com"


@pytest.fixture
def at_home(app, monkeypatch):
    """The app under its own name; on a machine of one's own it is asked by any name."""
    home = replace(app.extensions["bowline"], origin=OURS)
    monkeypatch.setitem(app.extensions, "bowline", home)


def test_what_we_write_names_our_own_host(at_home, cast, session, browser_of):
    foreign = {"environ_overrides": {"HTTP_HOST": THEIRS}}
    organiser, where = browser_of(cast.organiser), f"/events/{cast.event.id}/team"
    asked = {"address": "new@example.org", "name": "desk", "csrf_token": organiser.token()}
    sent = organiser.post(where, data=asked, **foreign)
    assert sent.status_code == 303
    (mail,) = session.query(Mail).filter_by(recipient="new@example.org")
    assert OURS in mail.text
    code = organiser.get(f"/events/{cast.event.id}/meet", **foreign)
    for text in (mail.text, mail.html, str(sent.headers), code.get_data(as_text=True)):
        assert THEIRS not in text


def test_ids_have_80_random_bits():
    made = [new_id() for _ in range(2000)]
    assert {len(one) for one in made} == {ID_LENGTH}
    assert ID_LENGTH * 5 == 80
    for place in range(ID_LENGTH):
        assert len({one[place] for one in made}) == 32, place
