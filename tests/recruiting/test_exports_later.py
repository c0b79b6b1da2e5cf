"""What somebody withdrew is in no later file, for any target."""

from datetime import timedelta

import pytest
from recruiting.files import file_of, make

from people import sign_in, talk
from webapp.conversations import services as talks
from webapp.conversations.models import Conversation
from webapp.core import clock
from webapp.events.models import RoleName
from webapp.events.services import remove_role
from webapp.exchange.mydata.services import leave
from webapp.recruiting.exporting.presets import PRESETS
from webapp.recruiting.models import Team
from webapp.recruiting.services.consent import withdraw
from webapp.ties.models import Audience, Link, LinkKind, Tie
from webapp.ties.queries import own_offers
from webapp.ties.rules import CheckedLink
from webapp.ties.services import add_link, answer_offer, change_link, keep_note, remove_link, untie

GONE = {}
"""By name: what makes a person disappear from the exporter's files."""
CLOSED = {}
"""By name: what takes a link or a note away and leaves the person."""


def own_tie(session, cast):
    low, high = sorted((cast.attendee.id, cast.recruiter.id))
    return session.query(Tie).filter_by(low_person_id=low, high_person_id=high).one()


def of(table):
    def add(do):
        table[do.__name__.replace("_", " ").strip()] = do
        return do

    return add


@of(GONE)
def withdrawn(session, cast):
    team = session.query(Team).one()
    withdraw(session, team=team, person=cast.attendee, now=clock.now())


@of(GONE)
def untied_by_the_candidate(session, cast):
    untie(session, tie=own_tie(session, cast), by=cast.attendee, now=clock.now())


@of(GONE)
def untied_by_the_exporter(session, cast):
    untie(session, tie=own_tie(session, cast), by=cast.recruiter, now=clock.now())


@of(GONE)
def blocked_by_the_candidate(session, cast):
    pair = {"blocker_id": cast.attendee.id, "blocked_id": cast.recruiter.id}
    talks.block(session, now=clock.now(), **pair)


@of(GONE)
def blocked_by_the_exporter(session, cast):
    pair = {"blocker_id": cast.recruiter.id, "blocked_id": cast.attendee.id}
    talks.block(session, now=clock.now(), **pair)


@of(GONE)
def talk_undone(session, cast):
    said = session.query(Conversation).filter_by(claimed_by_id=cast.amina.id).one()
    talks.undo(session, talk=said, by=cast.amina, now=clock.now())


@of(GONE)
def account_deleted(session, cast):
    leave(session, person=cast.attendee, now=clock.now())


@of(CLOSED)
def tie_closed(session, cast):
    """A colleague has talked with them, too."""
    untie(session, tie=own_tie(session, cast), by=cast.attendee, now=clock.now())


@of(CLOSED)
def link_removed(session, cast):
    link = session.query(Link).filter(Link.url.contains("canary")).one()
    remove_link(session, person=cast.attendee, link=link, now=clock.now())


@of(CLOSED)
def link_no_longer_for_recruiters(session, cast):
    link = session.query(Link).filter(Link.url.contains("canary")).one()
    to = CheckedLink(link.kind, link.url)
    change_link(
        session,
        person=cast.attendee,
        link=link,
        to=to,
        audience=Audience.NEVER_RECRUITERS,
        now=clock.now(),
    )


@of(CLOSED)
def link_taken_back(session, cast):
    link = session.query(Link).filter(Link.url.contains("canary")).one()
    link.audience = Audience.ASK
    session.flush()
    tie_id = own_tie(session, cast).id
    (offer,) = own_offers(session, person_id=cast.attendee.id, tie_id=tie_id)
    for is_given in (True, False):
        answer_offer(session, offer=offer, is_given=is_given, now=clock.now())


@pytest.fixture
def canary(cast, session, seen, secret):
    """A word in all that Amina shows the team, and in a link."""
    cast.amina.name = f"Amina {secret}"
    cast.amina.organisation = cast.amina.headline = secret
    link = CheckedLink(LinkKind.GITHUB, f"https://github.com/{secret}")
    add_link(session, person=seen, link=link, now=clock.now())
    session.commit()
    return secret


@pytest.mark.parametrize("why", GONE)
def test_who_is_gone_is_in_no_file(cast, session, rita, let_see, somebody, canary, here, why):
    let_see(somebody("Somebody Else"))
    both = [cast.attendee.id, cast.stranger.id]
    for preset in PRESETS:
        assert canary in file_of(rita, here, preset)
    GONE[why](session, cast)
    for preset in PRESETS:
        text = file_of(rita, here, preset, has_notes="y")
        assert canary not in text
        assert "Else" in text
        assert make(rita, here, preset, "chosen", person=both).status_code == 422
        rita.get(f"{here}/export/check?preset={preset}&whom=all")
        assert "1 person to" in rita.text


@pytest.mark.parametrize("why", CLOSED)
def test_what_is_closed_is_in_no_file(cast, session, rita, canary, here, why, evening):
    evening.shift(timedelta(minutes=30))
    talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    sign_in(rita, session, cast.recruiter)
    for preset in PRESETS:
        assert f"github.com/{canary}" in file_of(rita, here, preset)
    CLOSED[why](session, cast)
    for preset in PRESETS:
        text = file_of(rita, here, preset)
        assert f"Amina {canary}" in text.replace(",", " ")
        assert f"github.com/{canary}" not in text


def test_what_the_app_no_longer_shows_its_author_is_in_no_file_either(
    cast, session, rita, seen, here, secret
):
    talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    keep_note(session, author=cast.rita, about_id=cast.amina.id, text=secret, now=clock.now())
    assert secret in file_of(rita, here, has_notes="y")
    untie(session, tie=own_tie(session, cast), by=cast.attendee, now=clock.now())
    assert secret not in file_of(rita, here, has_notes="y")


def test_whom_only_a_colleague_knew_leaves_with_the_colleague(
    cast, session, rita, let_see, somebody, here
):
    let_see(somebody("Known to Ben"), by=cast.ben)
    assert "Known" in file_of(rita, here)
    remove_role(session, event=cast.event, person_id=cast.other.id, name=RoleName.RECRUITER)
    assert make(rita, here).status_code == 422
