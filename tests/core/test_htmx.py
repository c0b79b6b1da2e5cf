"""A part of a page for htmx, the whole page or a 303 for everyone else."""

import pytest

from pages import HX
from webapp.core.htmx import done, gone_to, invalid, wants_fragment

WHOLE = [
    {},
    {"HX-Request": "true"},
    {"HX-Request": "true", "HX-Request-Type": "full"},
    {"HX-Request-Type": "partial"},
    {"HX-Request": "false", "HX-Request-Type": "partial"},
    {"HX-History-Restore-Request": "true"},
]
whole = pytest.mark.parametrize("headers", WHOLE, ids=str)


def test_only_a_request_for_a_part_gets_a_part(app):
    with app.test_request_context(headers=HX):
        assert wants_fragment()


@whole
def test_everything_else_wants_the_whole(headers, app):
    with app.test_request_context(headers=headers):
        assert not wants_fragment()


@pytest.mark.parametrize("path", ["/", "/sign-in", "/nowhere", "/me", "/mail", "/sign-out"])
def test_every_answer_tells_caches_what_it_depends_on(path, browser):
    vary = {name.strip() for name in browser.get(path).headers["Vary"].split(",")}
    assert {"HX-Request", "HX-Request-Type"} <= vary


def test_an_action_that_succeeded_gives_its_part(lab):
    def view():
        return done("errors/_problem.html", otherwise="/events", message="Kept.")

    answer = lab.run(view, "POST", headers=HX)
    assert answer.status_code == 200
    assert "Kept." in answer.get_data(as_text=True)
    assert "<!doctype" not in answer.get_data(as_text=True)


@whole
def test_an_action_that_succeeded_sends_everyone_else_on(headers, lab):
    def view():
        return done("errors/_problem.html", otherwise="/events", message="Kept.")

    answer = lab.run(view, "POST", headers=headers)
    assert (answer.status_code, answer.location) == (303, "/events")


def refuse(fragment=None):
    def view():
        said = {"title": "No", "message": "No.", "status": 422, "way_back": None}
        return invalid("errors/problem.html", fragment, **said)

    return view


def test_a_form_that_cannot_be_taken_is_422_in_the_size_it_was_asked_in(lab):
    part = lab.run(refuse("errors/_problem.html"), "POST", headers=HX)
    page = lab.run(refuse("errors/_problem.html"), "POST")
    only = lab.run(refuse(), "POST", headers=HX)
    assert [one.status_code for one in (part, page, only)] == [422] * 3
    assert "<!doctype" not in part.get_data(as_text=True)
    assert "<!doctype" in page.get_data(as_text=True)
    assert "<!doctype" in only.get_data(as_text=True)


def test_another_screen_is_reached_from_inside_a_page_too(lab):
    inside = lab.run(lambda: gone_to("/events"), "POST", headers=HX)
    assert inside.status_code == 200
    assert inside.headers["HX-Redirect"] == "/events"
    assert inside.get_data() == b""
    outside = lab.run(lambda: gone_to("/events"), "POST")
    assert (outside.status_code, outside.location) == (303, "/events")


def test_a_person_signed_out_inside_a_page_is_told_there(browser):
    answer = browser.get("/me", headers=HX)
    assert answer.status_code == 403
    assert answer.headers["HX-Retarget"] == "#status"
    assert browser.text == "You are signed out. Please reload the page and sign in."
    assert browser.get("/me").location == "/sign-in?next=/me"
