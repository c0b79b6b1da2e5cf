"""Two people with two phones, as they do it at an event, with Safari's engine."""

import re

import pytest

from people import badge_of, make_cast
from webapp.badges import codes
from webapp.conversations.models import Claim

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
"""What an engine makes of a screen does not depend on the database."""


def typed_by_camera(url):
    """A printed address is uppercase; a browser makes its host lowercase."""
    return re.sub("^HTTP://LOCALHOST", "http://localhost", url)


def test_printed_badge_scan_yes_links_untie_gone(phone, session):
    cast = make_cast(session)
    desk, amina, ben = phone(cast.desk), phone(cast.attendee), phone(cast.other)
    desk.open(f"/events/{cast.event.id}/desk/{cast.ben.id}/badge")
    printed_url = desk.scanned()

    amina.open(typed_by_camera(printed_url))
    amina.sees_heading("Did you talk with Ben Ng?")
    amina.tap("Yes, we talked")
    amina.sees_heading("You said you talked with Ben Ng")
    assert "ben.example.org" not in amina.driver.page_source

    ben.open("/follow-up")
    ben.sees_heading("Amina Diallo")
    assert "amina.example.org" not in ben.driver.page_source
    ben.tap("Yes")
    ben.sees_link("amina.example.org")
    amina.reload()
    amina.sees_link("ben.example.org")

    amina.open("/people")
    amina.follow("Ben Ng")
    amina.follow("Untie or block")
    amina.tap("Untie")
    amina.sees_heading("Untied")
    ben.open("/people")
    ben.sees("Nobody yet.")
    assert "Amina Diallo" not in ben.driver.page_source


def test_live_code_connects_with_one_scan_and_one_tap_and_its_owner_sees_it(phone, session):
    cast = make_cast(session)
    amina, ben = phone(cast.attendee), phone(cast.other)
    amina.open("/meet")
    ben.open(typed_by_camera(amina.scanned()))
    ben.sees_heading("Did you talk with Amina Diallo?")
    ben.tap("Yes, we talked")
    ben.sees_link("amina.example.org")

    amina.sees_link("Ben Ng connected with you")
    amina.tap("Undo")
    amina.sees("Undone.")
    ben.reload()
    assert "amina.example.org" not in ben.driver.page_source


KEPT = """const done = arguments[0];
navigator.serviceWorker.ready
  .then(() => caches.open('bowline-pages'))
  .then((pages) => pages.keys())
  .then((keys) => done(keys.length), () => done(0))"""


def test_a_badge_scanned_without_a_network_is_kept_and_counts_once(phone, session, server):
    cast = make_cast(session)
    ben = phone(cast.other)
    ben.open("/meet")
    ben.until(lambda: ben.driver.execute_async_script(KEPT) >= 4)
    code = codes.printed_code(badge_of(session, cast.amina))
    with server.away():
        ben.open(f"/B/{code}")
        ben.sees_heading("Did you talk?")
        ben.tap("Yes, we talked")
        ben.sees_heading("Kept on this phone")
        ben.open("/people")
        ben.sees("No connection. As of")
    ben.open("/waiting")
    ben.sees("sent and counted")
    session.rollback()
    assert session.query(Claim).count() == 1


def test_live_code_goes_on_without_a_network_and_is_right(phone, session, server):
    cast = make_cast(session)
    amina, ben = phone(cast.attendee), phone(cast.other)
    amina.open("/meet")
    amina.until(lambda: amina.has_loaded("/live-key"))
    with server.away():
        first = amina.scanned()
        amina.until(lambda: amina.scanned() != first, seconds=25)
        later = amina.scanned()
    ben.open(typed_by_camera(later))
    ben.sees_heading("Did you talk with Amina Diallo?")
