"""A first event is where its organiser's browser is, unless they say otherwise."""

import pytest
from playwright.sync_api import expect

from people import make_event, make_person

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
"""What a browser guesses does not depend on the database."""


@pytest.mark.parametrize(
    ("has_javascript", "has_earlier", "zone"),
    [
        (True, False, "America/New_York"),
        (False, False, "Europe/Berlin"),
        (True, True, "Asia/Kathmandu"),
    ],
)
def test_the_time_zone_is_guessed_once(phone, session, has_javascript, has_earlier, zone):
    ada = make_person(session, name="Ada")
    if has_earlier:
        make_event(session, by=ada, time_zone="Asia/Kathmandu")
    session.commit()
    one = phone(ada, java_script_enabled=has_javascript, timezone_id="America/New_York")
    one.open("/events/new")
    one.page.wait_for_load_state("load")
    assert one.page.get_by_label("Time zone").input_value() == zone
    if not has_earlier:
        one.page.get_by_label("Time zone").select_option("Asia/Tokyo")
        one.tap("Create the event")
        expect(one.page.locator("[aria-invalid=true]").first).to_be_visible()
        assert one.page.get_by_label("Time zone").input_value() == "Asia/Tokyo"
