"""Printing badges in a real browser: paper and ticks show at once, a file says how far it is."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from people import make_attendee, make_cast

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a browser does with a file does not depend on the database."""


@pytest.fixture
def early(phone, session):
    """Return the page of badges before htmx is there, and what lets htmx come."""
    cast = make_cast(session)
    session.commit()
    organiser = phone(cast.organiser)
    late = []
    organiser.page.route("**/htmx-*.js", lambda route, _: late.append(route))
    place = f"{organiser.origin}/events/{cast.event.id}/badges"
    with organiser.page.expect_request("**/htmx-*.js"):
        organiser.page.goto(place, wait_until="commit")
    return organiser.page, lambda: late.pop().continue_()


@pytest.mark.browser
def test_the_file_is_fetched_while_the_page_shows_how_far_it_is(phone, session):
    cast = make_cast(session)
    session.commit()
    organiser = phone(cast.organiser)
    organiser.open(f"/events/{cast.event.id}/badges")
    page = organiser.page
    page.get_by_label("Whose badges").select_option("new")
    page.get_by_role("combobox", name="Paper").select_option("label-41x89")
    expect(page.locator("#paper input[name=layout]")).to_have_value("label-41x89")
    expect(page.get_by_label("Whose badges")).to_have_value("new")
    page.get_by_role("button", name="Make the PDF").click()
    with page.expect_download() as got:
        page.get_by_role("link", name="Download the PDF").click()
    assert got.value.suggested_filename.endswith("-label-41x89.pdf")
    assert Path(got.value.path()).read_bytes().startswith(b"%PDF-1.7")
    expect(page.get_by_text("All badges are in the file.")).to_be_visible()
    expect(page.locator("progress")).to_have_js_property("value", 3)


@pytest.mark.browser
def test_a_paper_chosen_before_htmx_is_there_is_shown_when_it_comes(early):
    page, let_htmx_come = early
    page.get_by_role("combobox", name="Paper").select_option("label-41x89")
    expect(page.locator("#paper input[name=layout]")).to_have_value("a4-8")
    let_htmx_come()
    expect(page.locator("#paper input[name=layout]")).to_have_value("label-41x89")


@pytest.mark.browser
def test_the_preview_follows_the_ticks_and_leaves_what_was_chosen(phone, session):
    cast = make_cast(session)
    make_attendee(session, event=cast.event, name="Maximiliane Hohenlohe", group_name="Speakers")
    session.commit()
    organiser = phone(cast.organiser)
    organiser.open(f"/events/{cast.event.id}/badges")
    page = organiser.page
    paper, backs, groups = (
        page.get_by_role("combobox", name="Paper"),
        page.get_by_label("With backs"),
        page.get_by_label("With groups"),
    )
    front, back = page.get_by_label("Front of the badge"), page.get_by_label("Back of the badge")
    with_tag, without_tag = 2, 1
    paper.select_option("a7")
    expect(page.locator("#paper input[name=layout]")).to_have_value("a7")
    page.get_by_label("Whose badges").select_option("new")
    expect(front.locator("rect")).to_have_count(with_tag)
    groups.uncheck()
    expect(front.locator("rect")).to_have_count(without_tag)
    expect(back).to_be_visible()
    expect(groups).to_be_focused()
    backs.uncheck()
    expect(back).to_have_count(0)
    expect(front).to_have_attribute("viewBox", "0 0 74 105")
    expect(page.get_by_label("Whose badges")).to_have_value("new")
    paper.select_option("a6")
    expect(back).to_be_visible()
    expect(groups).not_to_be_checked()
    expect(front.locator("rect")).to_have_count(without_tag)
    groups.check()
    expect(front.locator("rect")).to_have_count(with_tag)


@pytest.mark.browser
def test_a_tick_taken_before_htmx_is_there_is_followed_when_it_comes(early):
    page, let_htmx_come = early
    page.get_by_label("With backs").uncheck()
    expect(page.get_by_label("Back of the badge")).to_be_visible()
    let_htmx_come()
    expect(page.get_by_label("Back of the badge")).to_have_count(0)
    expect(page.get_by_label("With backs")).not_to_be_checked()
