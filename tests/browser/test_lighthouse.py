"""Lighthouse opens three of the screens people use most; what it weighs and sees is steady."""

import pytest

from bench.lighthouse import PAGE_BYTES, SCRIPT_BYTES, audit
from bench.screens import attendee_screens
from people import cookie_of, make_cast

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
"""What a screen looks like does not depend on the database."""


@pytest.mark.parametrize("name", ["Meet", "People", "Ask"])
def test_a_screen_is_light_accessible_and_without_a_defect(app, session, origin, playwright, name):
    cast = make_cast(session)
    path = attendee_screens(session, cast)[name]
    cookie = cookie_of(app, session, cast.attendee)
    found = audit(playwright, origin + path, cookie)
    assert (found.accessibility, found.best_practices) == (100, 100), found.defects
    assert found.page_bytes <= PAGE_BYTES
    assert found.script_bytes <= SCRIPT_BYTES
