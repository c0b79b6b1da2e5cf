"""What is written for others names our own host, and ids tell nothing."""

from dataclasses import replace

from flask import request

from webapp.core.ids import ID_LENGTH, new_id
from webapp.core.urls import absolute

OURS, THEIRS = "https://meet.example.org", "evil.example.com"


def test_what_we_write_names_our_own_host(app, monkeypatch):
    home = replace(app.extensions["bowline"], origin=OURS)
    monkeypatch.setitem(app.extensions, "bowline", home)
    with app.test_request_context("/", base_url=f"http://{THEIRS}"):
        assert request.host == THEIRS
        assert absolute("/B/7F3K") == f"{OURS}/B/7F3K"


def test_ids_have_80_random_bits():
    made = [new_id() for _ in range(2000)]
    assert {len(one) for one in made} == {ID_LENGTH}
    assert ID_LENGTH * 5 == 80
    for place in range(ID_LENGTH):
        assert len({one[place] for one in made}) == 32, place
