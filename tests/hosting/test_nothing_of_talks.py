"""Nothing a host sees tells who talked with whom, or whether somebody talked at all."""

import re
from datetime import timedelta

import pytest

from people import live, say_talked, talk
from webapp.conversations.services import claim, refuse, undo
from webapp.core import clock
from webapp.events.models import RoleName
from webapp.events.services import grant_role

TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')


@pytest.fixture
def views(cast, browser_of, hosting):
    """Return what every host gets, byte for byte, without what is new in each answer."""

    def read():
        found = {}
        for person in (cast.organiser, cast.co_organiser, cast.desk):
            host = browser_of(person)
            for url in (hosting, f"{hosting}-now"):
                text = TOKEN.sub("", host.get(url).get_data(as_text=True))
                found[person.name, url] = re.sub(r'data-me="\w+"', "", text)
        return found

    return read


@pytest.fixture
def party(cast, asks, helps, guest):
    """Four who asked and fit each other; two of them are being helped."""
    chen, dora = guest("Chen Li"), guest("Dora Kim")
    for attendee in (cast.amina, cast.ben, chen, dora):
        asking = asks(attendee, offers="chess", seeks="choirs", has_met_nobody=attendee is chen)
        if attendee in {cast.amina, chen}:
            helps(cast.organiser, asking)
    return cast.amina, cast.ben, chen, dora


def confirmed(session, event, by, about):
    talk(session, event=event, by=by, about=about)


def claimed(session, event, by, about):
    say_talked(session, event=event, by=by, about=about)


def shown(session, event, by, about):
    claim(session, event=event, by=by, scan=live(session, about), now=clock.now())


def refused(session, event, by, about):
    said = say_talked(session, event=event, by=by, about=about)
    refuse(session, talk=said, by=about, now=clock.now())


def undone(session, event, by, about):
    said = say_talked(session, event=event, by=by, about=about)
    undo(session, talk=said, by=by, now=clock.now())


@pytest.mark.parametrize("happens", [confirmed, claimed, shown, refused, undone])
def test_hosts_read_the_same_before_and_after_people_talked(cast, session, party, views, happens):
    before = views()
    assert all("Chen Li" in text for text in before.values())
    amina, ben, chen, dora = party
    for by, about in ((amina, ben), (chen, amina), (dora, chen)):
        happens(session, cast.event, by, about)
    session.commit()
    assert views() == before


def test_the_tick_of_who_has_met_nobody_stays_as_they_left_it(cast, session, party, views):
    _amina, ben, chen, _dora = party
    for text in views().values():
        assert text.count("met nobody yet") == 1
    talk(session, event=cast.event, by=chen, about=ben)
    session.commit()
    for text in views().values():
        assert text.count("met nobody yet") == 1


def test_what_hosts_read_changes_with_what_people_ask_for(cast, session, party, views, evening):
    before = views()
    evening.shift(timedelta(minutes=2))
    assert views() != before


def test_helper_and_helped_talk_like_everybody(cast, session, asks, helps, browser_of):
    grant_role(
        session, event=cast.event, person=cast.recruiter, name=RoleName.DESK, now=clock.now()
    )
    helps(cast.recruiter, asks(cast.amina))
    talk(session, event=cast.event, by=cast.rita, about=cast.amina)
    session.commit()
    amina = browser_of(cast.attendee)
    amina.get("/people")
    assert "Rita Recruiter" in amina.text
