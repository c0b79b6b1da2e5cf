"""Every route names who may use it, or the app does not start."""

import pytest
from flask import Flask, abort
from werkzeug.wrappers import Response

from webapp import factory
from webapp.security.access import (
    RULE_ATTRIBUTE,
    UnguardedRoute,
    anyone,
    refuse_unguarded,
    requires,
)


@pytest.fixture
def bare():
    """An app without routes."""
    return Flask("bare", static_folder=None)


def view(**found):
    return f"seen {found}"


def test_a_route_without_a_rule_stops_the_start(bare):
    bare.add_url_rule("/open", "open_door", view)
    with pytest.raises(UnguardedRoute, match=r"^open_door$"):
        refuse_unguarded(bare)


def test_a_route_with_a_rule_may_start(bare):
    bare.add_url_rule("/open", "open_door", requires(anyone)(view))
    refuse_unguarded(bare)


def test_one_forgotten_among_many_is_found(bare):
    for number in range(5):
        bare.add_url_rule(f"/{number}", f"door_{number}", requires(anyone)(view))
    bare.add_url_rule("/sixth", "door_6", view)
    with pytest.raises(UnguardedRoute, match="door_6"):
        refuse_unguarded(bare)


def test_the_real_app_does_not_start_with_an_unguarded_route(app, tmp_path, monkeypatch):
    config = app.extensions["bowline"]

    def forgetful(built, *_):
        built.add_url_rule("/open", "open_door", view)

    monkeypatch.setattr(factory.demo, "init_app", forgetful)
    with pytest.raises(UnguardedRoute, match="open_door"):
        factory.create_app(config)


def test_every_route_of_the_app_names_its_rule(app):
    guarded = {name for name, one in app.view_functions.items() if hasattr(one, RULE_ATTRIBUTE)}
    assert set(app.view_functions) - guarded == {"static"}
    assert len(guarded) > 40


def test_a_rule_that_answers_keeps_the_view_from_running(bare):
    ran = []

    def rule():
        return Response("not you", 403)

    bare.add_url_rule("/", "door", requires(rule)(lambda: ran.append(True) or "in"))
    answer = bare.test_client().get("/")
    assert (answer.status_code, answer.get_data(as_text=True)) == (403, "not you")
    assert ran == []


def test_a_rule_that_aborts_keeps_the_view_from_running(bare):
    ran = []
    bare.add_url_rule("/", "door", requires(lambda: abort(404))(lambda: ran.append(True) or "in"))
    assert bare.test_client().get("/").status_code == 404
    assert ran == []


def test_a_rule_that_breaks_lets_nobody_in(bare):
    bare.add_url_rule("/", "door", requires(lambda: 1 / 0)(view))
    assert bare.test_client().get("/").status_code == 500


def test_a_rule_that_agrees_hands_over_to_the_view(bare):
    bare.add_url_rule("/<name>", "door", requires(lambda: None)(view))
    assert bare.test_client().get("/amina").get_data(as_text=True) == "seen {'name': 'amina'}"


def test_the_rule_is_asked_for_every_method(bare):
    asked = []
    methods = ["GET", "POST", "PUT", "DELETE"]
    bare.add_url_rule("/", "door", requires(lambda: asked.append(1))(view), methods=methods)
    client = bare.test_client()
    for method in [*methods, "HEAD"]:
        assert client.open("/", method=method).status_code == 200
    assert len(asked) == 5


def test_a_guarded_view_keeps_its_name():
    guarded = requires(anyone)(view)
    assert guarded.__name__ == "view"
    assert getattr(guarded, RULE_ATTRIBUTE) is anyone
