"""Printing badges in a real browser: another paper at once, and a file that says how far it is."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from people import make_cast

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a browser does with a file does not depend on the database."""


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
def test_a_paper_chosen_before_htmx_is_there_is_shown_when_it_comes(phone, session):
    cast = make_cast(session)
    session.commit()
    organiser = phone(cast.organiser)
    late = []
    organiser.page.route("**/htmx-*.js", lambda route, _: late.append(route))
    organiser.open(f"/events/{cast.event.id}/badges")
    page = organiser.page
    page.get_by_role("combobox", name="Paper").select_option("label-41x89")
    expect(page.locator("#paper input[name=layout]")).to_have_value("a4-8")
    late.pop().continue_()
    expect(page.locator("#paper input[name=layout]")).to_have_value("label-41x89")
