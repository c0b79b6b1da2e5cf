"""With the mail server, Redis and the sign-in provider away scanning goes on."""

import time

import pytest

import services
from pages import Browser
from people import badge_of, make_attendee, make_event, make_person, sign_in
from webapp.badges import codes
from webapp.conversations.models import Conversation
from webapp.core import db as database
from webapp.core.config import OidcProvider
from webapp.mail.models import Mail


@pytest.fixture(params=["away from the start", "gone in the middle"])
def lonely(request, build, migrated_file, tmp_path):
    """An app all of whose neighbours are away."""
    (tmp_path / "bowline.sqlite").write_bytes(migrated_file.read_bytes())
    port = services.free_port()
    away = {
        "smtp_url": f"smtp://127.0.0.1:{port}",
        "redis_url": f"redis://127.0.0.1:{port}",
        "providers": (
            OidcProvider(
                name="oidc",
                label="Company",
                discovery_url=f"http://127.0.0.1:{port}/.well-known/openid-configuration",
                client_id="bowline",
                client_secret="hush",
            ),
        ),
    }
    if request.param == "away from the start":
        app = build(**away)
    else:
        with services.redis(tmp_path) as url:
            app = build(**away | {"redis_url": url})
            assert app.test_client().get("/sign-in/with/nobody").status_code == 404
    app.test_client_class = Browser
    with app.app_context():
        yield app
        database.db.session.remove()


def test_people_scan_and_ask_for_codes_and_nobody_waits_long(lonely):
    with database.transaction() as session:
        ben, amina = (make_person(session, name=name) for name in ("Ben", "Amina"))
        event = make_event(session, by=make_person(session, name="Olga"))
        places = [make_attendee(session, event=event, person=one) for one in (ben, amina)]
        code = codes.printed_code(badge_of(session, places[0]))
        event_id, hers = event.id, lonely.test_client()
        sign_in(hers, session, amina)
    began = time.monotonic()
    assert hers.get(f"/B/{code}").status_code == 200
    claim = {"code": code, "nonce": "nonce-of-a-phone"}
    assert hers.send(f"/events/{event_id}/talks", **claim).status_code == 303
    newcomer = lonely.test_client()
    assert newcomer.get("/sign-in").status_code == 200
    assert newcomer.submit("/sign-in", address="new@example.org").status_code == 303
    assert newcomer.send("/sign-in/with/oidc").status_code < 500
    assert time.monotonic() - began < 10
    with database.reading() as session:
        assert session.query(Conversation).count() == 1
        assert session.query(Mail).filter(Mail.sent_at.is_(None)).count() == 1
    waits = lonely.test_client().get("/readyz").json["waits"]
    assert len(waits) == 2
