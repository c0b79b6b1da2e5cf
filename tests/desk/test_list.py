"""The list a helper's phone keeps: compact, fetched again only where it changed, and harmless."""

import hashlib
import json
from base64 import urlsafe_b64encode
from datetime import timedelta

from crawl.test_query_counts import counted

from people import badge_of, make_attendee, make_link
from webapp.badges import codes
from webapp.badges.desk.rules import second_of
from webapp.badges.services import issue_badge
from webapp.core import clock
from webapp.core import db as database


def fetch(browser, url, *, known="", etag=""):
    answer = browser.get(f"{url}/list?list={known}", headers={"If-None-Match": etag})
    return answer, answer.get_json() if answer.status_code == 200 else None


def here(told):
    """Return who is here, by id and second; a list without names is read with those before."""
    return [None if one is None else told["base"] + one for one in told["here"]]


def test_it_holds_names_organisations_and_who_is_here(cast, session, desk, url, late):
    _, told = fetch(desk, url)
    names = {one[0]: one[1:3] for one in told["guests"]}
    assert names[late.id] == ["Lars Late", "Kora Labs"]
    assert len(names) == 4
    came = dict(zip((one[0] for one in told["guests"]), here(told), strict=True))
    assert came[late.id] is None
    assert came[cast.amina.id] == second_of(cast.amina.checked_in_at)
    assert told["zone"] == "Europe/Berlin"


def test_it_goes_twelve_hours_after_the_end(cast, desk, url):
    _, told = fetch(desk, url)
    assert told["until"] == second_of(cast.event.ends_at + timedelta(hours=12))


def test_it_is_not_sent_again_while_nothing_has_changed(desk, url, late, evening):
    answer, told = fetch(desk, url)
    evening.shift(timedelta(minutes=3))
    again, _ = fetch(desk, url, known=told["list"], etag=answer.headers["ETag"])
    assert (again.status_code, again.get_data()) == (304, b"")


def test_only_who_is_here_is_sent_again_when_somebody_came(session, desk, url, late):
    answer, told = fetch(desk, url)
    desk.send(f"{url}/{late.id}/check-in")
    changed, now = fetch(desk, url, known=told["list"], etag=answer.headers["ETag"])
    assert changed.status_code == 200
    assert now["list"] == told["list"]
    assert "guests" not in now
    number = [one[0] for one in told["guests"]].index(late.id)
    assert here(now)[number] == second_of(clock.now())
    assert here(now)[:number] == here(told)[:number]


def test_names_are_sent_again_when_somebody_was_added_renamed_or_got_another_badge(
    cast, session, desk, url, late
):
    lists = []
    for change in (
        lambda: None,
        lambda: make_attendee(session, event=cast.event, name="One More"),
        lambda: setattr(late, "name", "Lars Later"),
        lambda: setattr(late, "organisation", "Elsewhere"),
        lambda: issue_badge(session, attendee=late, now=clock.now()),
    ):
        change()
        session.commit()
        _, told = fetch(desk, url, known=lists[-1] if lists else "")
        assert "guests" in told
        lists.append(told["list"])
    assert len(set(lists)) == len(lists)


def test_a_printed_badge_is_known_by_a_part_of_its_digest(session, desk, url, late):
    _, told = fetch(desk, url)
    (digest,) = [one[3] for one in told["guests"] if one[0] == late.id]
    code = codes.printed_code(badge_of(session, late))
    assert digest == urlsafe_b64encode(hashlib.sha256(code.encode()).digest()[:6]).decode()


def test_no_code_address_or_link_is_in_it(cast, session, desk, url, secret):
    guest = make_attendee(
        session, event=cast.event, name="Gus", address=f"{secret}@example.org", group_name=secret
    )
    guest.headline = secret
    make_link(session, person=cast.attendee, url=f"https://{secret}.example.org")
    answer, _ = fetch(desk, url)
    body = answer.get_data(as_text=True)
    assert secret not in body
    for attendee in (guest, cast.amina, cast.ben):
        badge = badge_of(session, attendee)
        found = [codes.printed_code(badge), codes.short_code(badge), codes.claim_code(badge)]
        found += [codes.live_secret(badge), badge.handle, badge.id, badge.code_digest]
        assert [one for one in found if one in body] == []


def test_it_is_kept_by_no_cache_on_the_way(desk, url):
    answer, _ = fetch(desk, url)
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_guest_takes_fifty_bytes_of_it_as_it_travels(cast, session, desk, url):
    for number in range(500):
        make_attendee(session, event=cast.event, name=f"Guest Number {number}")
    session.commit()
    with counted(database.db.engine) as statements:
        answer = desk.get(f"{url}/list", headers={"Accept-Encoding": "gzip"})
    assert len([one for one in statements if one.startswith("SELECT")]) <= 3
    assert answer.headers["Content-Encoding"] == "gzip"
    assert int(answer.headers["Content-Length"]) < 500 * 50


def test_who_asks_too_often_waits(desk, url):
    statuses = [desk.get(f"{url}/list").status_code for _ in range(21)]
    assert statuses == [200] * 20 + [429]


def test_it_is_json_that_any_phone_reads(desk, url, late):
    answer, _ = fetch(desk, url)
    assert answer.mimetype == "application/json"
    assert json.loads(answer.get_data(as_text=True))["guests"]
