"""The demo's guard rails: there and nowhere else, with people nobody could mistake."""

from dataclasses import replace

import pytest
from flask import Flask

from conftest import make_config
from people import EVENING
from webapp.core.config import Mode
from webapp.demo.names import invented
from webapp.demo.stage import DATA
from webapp.demo.yesterday import add_yesterday
from webapp.exchange import sociopatterns
from webapp.factory import create_app
from webapp.followups.letters.tasks import write_letters
from webapp.mail.models import Mail

HTTPS = "https://meet.example.org"


@pytest.fixture
def make(tmp_path):
    def app_in(mode: Mode) -> Flask:
        config = make_config(tmp_path, f"sqlite:///{tmp_path / 'x.sqlite'}")
        return create_app(replace(config, mode=mode, origin=HTTPS, smtp_url="smtp://localhost"))

    return app_in


@pytest.mark.parametrize("mode", [Mode.LOCAL, Mode.PRODUCTION])
def test_outside_the_demo_nobody_can_step_into_anybody(make, mode):
    routes = [rule.rule for rule in make(mode).url_map.iter_rules()]
    assert not [route for route in routes if "demo" in route]


@pytest.mark.parametrize("mode", [Mode.LOCAL, Mode.PRODUCTION])
def test_outside_the_demo_no_page_may_be_framed(make, mode):
    answer = make(mode).test_client().get("/", base_url=HTTPS)
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_demo_does_not_start_in_production(make):
    app = make(Mode.PRODUCTION)
    with app.app_context():
        result = app.test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 1
    assert "does not run in production" in result.output


def test_everybody_in_the_demo_has_a_name_of_their_own():
    people = sociopatterns.people(sociopatterns.read_contacts(DATA))
    names = {invented(one).name for one in people}
    assert len(names) == len(people) == 403


@pytest.mark.parametrize("hour", [0, 6, 9, 10, 11, 21, 22, 23])
def test_a_morning_letter_can_be_read_at_whatever_hour_the_demo_starts(app, session, evening, hour):
    now = EVENING.replace(hour=hour, minute=20)
    evening.move_to(now)
    add_yesterday(session, now=now)
    session.commit()
    with app.app_context():
        assert write_letters() == 2
    texts = {mail.recipient: mail.text for mail in session.query(Mail)}
    assert "Idris Bell" in texts["nora.winter@example.org"]


def test_phones_of_the_demo_do_not_share_a_session(make):
    app = make(Mode.DEMO)
    left, right = app.test_client(), app.test_client()
    first = left.get("/left/sign-in", base_url=HTTPS)
    second = right.get("/right/sign-in", base_url=HTTPS)
    cookies = {answer.headers["Set-Cookie"].split("=")[0] for answer in (first, second)}
    assert len(cookies) == 2
    assert "Path=/left" in first.headers["Set-Cookie"]
