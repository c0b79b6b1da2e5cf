"""From badge to open links, as two people do it, without JavaScript."""

from people import badge_of, talk
from webapp.badges import codes
from webapp.core import clock


def test_scan_then_yes_opens_links_to_both(cast, session, browser_of):
    amina, ben = browser_of(cast.attendee), browser_of(cast.other)
    code = codes.printed_code(badge_of(session, cast.ben))
    amina.get(f"/B/{code.lower()}")
    assert "Did you talk with Ben Ng?" in amina.text
    answer = amina.submit(f"/events/{cast.event.id}/talks")
    assert answer.status_code == 303
    talk_url = answer.location
    amina.get(talk_url)
    assert "You said you talked with Ben Ng" in amina.text
    assert "ben.example.org" not in amina.text

    ben.get("/follow-up")
    assert "Amina Diallo" in ben.text
    assert "amina.example.org" not in ben.text
    yes = ben.submit(f"{talk_url}/confirm")
    assert yes.status_code == 303
    ben.get(yes.location)
    assert "amina.example.org" in ben.text
    amina.get(talk_url)
    assert "ben.example.org" in amina.text


def test_live_code_opens_links_with_one_scan_and_one_tap(cast, session, browser_of):
    amina, ben = browser_of(cast.attendee), browser_of(cast.other)
    amina.get(f"/events/{cast.event.id}/meet")
    badge = badge_of(session, cast.amina)
    code = codes.live_code(badge, codes.step_at(cast.event.created_at))
    ben.get(f"/L/{cast.event.code}/{code}")
    answer = ben.submit(f"/events/{cast.event.id}/talks")
    ben.get(answer.location)
    assert "amina.example.org" in ben.text
    amina.get(f"/events/{cast.event.id}/meet")
    assert "Ben Ng connected with you" in amina.text


def test_after_untying_a_new_scan_ties_anew_however_soon(cast, session, browser_of):
    talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    amina, ben = browser_of(cast.attendee), browser_of(cast.other)
    amina.get("/people")
    person = next(link for link in amina.page.links() if link.startswith("/people/"))
    amina.get(person)
    amina.submit(f"{person}/untie")
    badge = badge_of(session, cast.ben)
    code = codes.live_code(badge, codes.step_at(clock.now()))
    amina.get(f"/L/{cast.event.code}/{code}")
    answer = amina.submit(f"/events/{cast.event.id}/talks")
    amina.get(answer.location)
    assert "ben.example.org" in amina.text
    ben.get("/people")
    assert "Amina Diallo" in ben.text
