"""An organiser grants a team; its admin asks colleagues; whoever reads the address joins."""

import pytest

from people import make_person
from webapp.core import clock
from webapp.events.models import Role, RoleName
from webapp.mail.models import Mail
from webapp.recruiting.models import Member, Stage, Team, TeamInvitation
from webapp.security.models import Action, AuditEntry

RITA = "rita@example.org"


@pytest.fixture
def olga(cast, browser_of):
    """The organiser's browser."""
    return browser_of(cast.organiser)


@pytest.fixture
def granted(session, olga, here):
    """Kora Labs, whose admin has not joined yet."""
    olga.get(f"{here}/teams")
    olga.submit(f"{here}/teams", name="Kora Labs", address=RITA)
    return session.query(Team).one()


@pytest.fixture
def newcomer(session, evening):
    return make_person(session, name="Nia New", address=RITA)


def letters(session):
    return session.query(Mail).filter_by(kind="recruiting/invitation").all()


def members(session):
    session.expire_all()
    return {(one.person_id, one.is_admin) for one in session.query(Member)}


def test_the_organiser_grants_a_team_and_its_admin_gets_one_mail(session, olga, granted, here):
    (letter,) = letters(session)
    assert letter.recipient == RITA
    for text in ("Olga Organiser", "Kora Labs", "PyMeetup Nov", "/teams"):
        assert text in letter.text
        assert text in letter.html
    olga.get(f"{here}/teams")
    assert "Kora Labs" in olga.text
    assert "nobody has joined yet" in olga.text
    assert f"{here}/teams" in (olga.get(f"{here}/team"), olga.page.links())[1]
    assert session.query(Stage).count() == 7


def test_granting_the_same_team_again_asks_one_more_admin(session, olga, granted, here):
    for _ in range(2):
        olga.send(f"{here}/teams", name="Kora Labs", address="two@example.org")
    assert session.query(Team).count() == 1
    assert len(letters(session)) == 2


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "x" * 121}, {"address": "?"}, {"address": ""}]
)
def test_what_cannot_be_a_team_is_asked_again(session, olga, here, wrong):
    answer = olga.send(f"{here}/teams", **({"name": "Kora Labs", "address": RITA} | wrong))
    assert answer.status_code == 422
    assert session.query(Team).count() == 0
    assert letters(session) == []


@pytest.mark.parametrize(
    ("who", "reads", "grants"),
    [
        ("co_organiser", 200, 403),
        ("desk", 403, 403),
        ("recruiter", 403, 403),
        ("attendee", 403, 403),
        ("stranger", 404, 404),
    ],
)
def test_only_the_organiser_grants(session, cast, browser_of, here, who, reads, grants):
    browser = browser_of(getattr(cast, who))
    assert browser.get(f"{here}/teams").status_code == reads
    assert browser.send(f"{here}/teams", name="Kora", address=RITA).status_code == grants
    assert session.query(Team).count() == 0


def test_whoever_reads_the_address_finds_the_team_and_joins(
    session, cast, granted, newcomer, browser_of, here
):
    nia = browser_of(newcomer)
    for page in ("/events", "/me"):
        nia.get(page)
        assert "/teams" in nia.page.links()
    nia.get("/teams")
    assert "Kora Labs" in nia.text
    nia.submit(f"{here}/teams/{granted.id}/join")
    assert members(session) == {(newcomer.id, True)}
    role = session.get(Role, (cast.event.id, newcomer.id, RoleName.RECRUITER))
    assert role.team_name == "Kora Labs"
    assert newcomer.has_recruited
    assert session.query(TeamInvitation).count() == 0
    assert nia.get(f"{here}/candidates").status_code == 200
    assert "Nobody yet" in nia.text


def test_nobody_else_can_join(session, cast, granted, browser_of, here):
    for who in ("organiser", "recruiter", "attendee", "stranger"):
        browser = browser_of(getattr(cast, who))
        assert browser.send(f"{here}/teams/{granted.id}/join").status_code == 404
        assert browser.get(f"{here}/my-team").status_code == (404 if who == "stranger" else 403)
    assert members(session) == set()


def test_an_invitation_that_was_taken_back_is_worth_nothing(session, cast, rita, browser_of, here):
    nia = make_person(session, name="Nia New", address="nia@example.org")
    rita.send(f"{here}/my-team", address="nia@example.org")
    rita.get(f"{here}/my-team")
    assert "nia@example.org" in rita.text
    rita.send(f"{here}/my-team/remove", address="nia@example.org")
    team = session.query(Team).one()
    assert browser_of(nia).send(f"{here}/teams/{team.id}/join").status_code == 404
    rita.send(f"{here}/my-team", address="nia@example.org")
    assert len([one for one in letters(session) if one.recipient == "nia@example.org"]) == 1
    browser_of(nia).send(f"{here}/teams/{team.id}/join")
    assert (nia.id, False) in members(session)


def test_only_admins_ask_and_remove(session, cast, ben, rita, here):
    before = members(session)
    assert ben.send(f"{here}/my-team", address="x@example.org").status_code == 403
    assert ben.send(f"{here}/my-team/stages", new="Mine").status_code == 403
    gone = {"person_id": cast.recruiter.id}
    assert ben.send(f"{here}/my-team/remove", **gone).status_code == 403
    assert members(session) == before
    rita.send(f"{here}/my-team/remove", person_id=cast.other.id)
    assert members(session) == {(cast.recruiter.id, True)}
    assert ben.get(f"{here}/candidates").status_code in {403, 404}


def test_an_admin_of_one_team_cannot_remove_from_another(session, cast, hire, rita, here):
    hire(cast.attendee, team="Zeta")
    rita.send(f"{here}/my-team/remove", person_id=cast.attendee.id)
    assert (cast.attendee.id, True) in members(session)


def test_leaving_ends_the_role_and_is_noted(session, cast, ben, browser_of, here):
    ben.get(f"{here}/my-team")
    ben.submit(f"{here}/my-team/leave")
    assert members(session) == {(cast.recruiter.id, True)}
    assert session.get(Role, (cast.event.id, cast.other.id, RoleName.RECRUITER)) is None
    noted = {one.action for one in session.query(AuditEntry).filter_by(person_id=cast.other.id)}
    assert noted == {Action.TEAM_JOINED, Action.TEAM_LEFT}
    ben.get("/me/log")
    assert "You ended your place in a team" in ben.text
    olga = browser_of(cast.organiser)
    olga.get(f"{here}/log")
    assert "Granted a team" in olga.text
    assert "Ended the place of Ben Ng in a team" in olga.text


def test_an_organiser_who_takes_the_role_ends_the_place_too(session, cast, olga, team, here):
    olga.send(f"{here}/team/remove", person_id=cast.other.id, name="recruiter")
    assert members(session) == {(cast.recruiter.id, True)}


def test_one_is_in_one_team_of_an_event(session, cast, hire, team, ben, olga, here):
    olga.send(f"{here}/teams", name="Zeta", address="ben@example.org")
    zeta = session.query(Team).filter_by(name="Zeta").one()
    assert ben.send(f"{here}/teams/{zeta.id}/join").status_code == 409
    ben.send(f"{here}/my-team/leave")
    assert ben.send(f"{here}/teams/{zeta.id}/join").status_code == 303
    assert (cast.other.id, True) in members(session)


def test_stages_get_names_of_the_team_s_own(session, rita, here):
    first, *_rest = session.query(Stage).order_by(Stage.place)
    rita.get(f"{here}/my-team")
    rita.submit(f"{here}/my-team/stages", **{f"stage-{first.id}": "Fresh", "new": "Moved in"})
    session.expire_all()
    names = [one.name for one in session.query(Stage).order_by(Stage.place)]
    assert (names[0], names[-1], len(names)) == ("Fresh", "Moved in", 8)
    rita.send(f"{here}/my-team/stages", **{f"stage-{first.id}": "", "stage-zz": "?"})
    assert rita.send(f"{here}/my-team/stages", new="x" * 41).status_code == 422
    session.expire_all()
    assert [one.name for one in session.query(Stage).order_by(Stage.place)] == names


def test_nothing_is_left_to_join_of_an_erased_event(
    session, cast, granted, newcomer, browser_of, here
):
    cast.event.erasure_asked_at = clock.now()
    nia = browser_of(newcomer)
    nia.get("/teams")
    assert "Kora Labs" not in nia.text
    assert nia.send(f"{here}/teams/{granted.id}/join").status_code == 404
