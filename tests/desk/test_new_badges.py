"""A lost badge is replaced, and the old one dies at once."""

from desk.steps import fresh, noted

from people import badge_of
from webapp.badges import codes
from webapp.badges.models import Badge
from webapp.core import clock
from webapp.security.tokens import grouped


def test_a_new_badge_ends_the_old_one(cast, session, desk, url):
    old = badge_of(session, cast.amina)
    desk.get(f"{url}/{cast.amina.id}/badge")
    assert "Reissued" not in desk.text
    answer = desk.submit(f"{url}/{cast.amina.id}/reissue")
    assert (answer.status_code, answer.location) == (303, f"{url}/{cast.amina.id}/badge")
    session.expire_all()
    assert session.get_one(Badge, (old.event_id, old.id)).revoked_at == clock.now()
    new = badge_of(session, cast.amina)
    assert new.id != old.id
    desk.get(answer.location)
    assert "New badge. The old one no longer works." in desk.text
    assert "Reissued badge." in desk.text
    assert grouped(codes.claim_code(new)) in desk.text
    assert grouped(codes.claim_code(old)) not in desk.text
    (entry,) = noted(session, "badge_reissued")
    assert (entry.actor_id, entry.attendee_id) == (cast.desk.id, cast.amina.id)


def test_the_owner_of_a_new_badge_keeps_their_place(cast, session, desk, url):
    desk.send(f"{url}/{cast.amina.id}/reissue")
    assert fresh(session, cast.amina).person_id == cast.attendee.id


def test_the_printed_badge_names_the_host_in_clear(cast, desk, url):
    desk.get(f"{url}/{cast.amina.id}/badge")
    assert "localhost" in desk.text


def test_whether_a_badge_is_claimed_is_said_and_its_claim_code_shown_large(
    cast, session, desk, url, late
):
    desk.get(f"{url}/{cast.amina.id}/badge")
    assert "Badge claimed" in desk.text
    desk.get(f"{url}/{late.id}/badge")
    assert "Not claimed yet" in desk.text
    (large,) = [one for one in desk.page.all("strong") if one.get("class") == "huge"]
    assert large.text == grouped(codes.claim_code(badge_of(session, late)))
