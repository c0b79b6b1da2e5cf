"""What an event does not show on badges is shown on no paper, no phone and at no scan."""

import pytest

from people import badge_of, make_attendee, say_talked
from webapp.badges import codes
from webapp.badges.printing.pages import _sample, to_print
from webapp.badges.printing.queries import badges_in, texts_of
from webapp.badges.printing.services import Which, ask_for_print
from webapp.core import clock
from webapp.topics.rules import OwnTopics, topics_in
from webapp.topics.services import keep_topics

SHOWN = {
    "has_organisations": "Zzorganisation",
    "has_headlines": "Zzheadline",
    "has_groups": "Zzgroup",
}


@pytest.fixture
def ben(cast, session):
    """Ben, with something on every line of his badge."""
    cast.ben.organisation, cast.ben.headline, cast.ben.group_name = SHOWN.values()
    session.commit()
    return cast.ben


@pytest.fixture
def amina(cast, browser_of):
    return browser_of(cast.attendee)


@pytest.fixture(params=[*SHOWN, None])
def hidden(request, cast, session):
    """Hide one line, or none."""
    if request.param:
        setattr(cast.event, request.param, False)
        session.commit()
    return request.param


def expect(text, hidden, *, among):
    found = {name for name in among if SHOWN[name] in text}
    assert found == set(among) - {hidden}


def test_printed_badges(cast, session, ben, hidden):
    asked = ask_for_print(
        session,
        event=cast.event,
        layout="a4-8",
        has_backs=True,
        has_groups=True,
        which=Which.ALL,
        attendee_id=ben.id,
        by=None,
        now=clock.now(),
    )
    (badge,) = to_print(cast.event, badges_in(session, asked), has_groups=asked.has_groups)
    expect(f"{badge.organisation} {badge.headline} {badge.group}", hidden, among=SHOWN)
    expect(" ".join(texts_of(session, cast.event)), hidden, among=SHOWN)


def test_groups_are_offered_to_be_printed_only_if_the_event_shows_them(
    cast, ben, hidden, browser_of
):
    olga = browser_of(cast.organiser)
    page = olga.get(f"/events/{cast.event.id}/badges?attendee={ben.id}").get_data(as_text=True)
    assert ('name="has_groups"' in page) == (hidden != "has_groups")


def test_the_preview_of_a_badge(cast, session, ben, hidden):
    badge = _sample(cast.event, ben, has_groups=True)
    expect(f"{badge.organisation} {badge.headline} {badge.group}", hidden, among=SHOWN)


def test_the_page_of_one_badge_at_the_desk(cast, session, ben, hidden, browser_of):
    olga = browser_of(cast.organiser)
    page = olga.get(f"/events/{cast.event.id}/desk/{ben.id}/badge").get_data(as_text=True)
    front = page.partition('class="badge"')[2].partition("</section>")[0]
    assert front
    expect(front, hidden, among=("has_organisations", "has_headlines"))


def test_the_question_after_a_scan(cast, session, ben, hidden, amina):
    amina.get(f"/B/{codes.printed_code(badge_of(session, ben))}")
    assert "Did you talk" in amina.text
    expect(amina.text, hidden, among=("has_organisations", "has_headlines"))


def test_a_claim_about_me(cast, session, ben, hidden, amina):
    say_talked(session, event=cast.event, by=ben, about=cast.amina)
    amina.get("/follow-up")
    assert "Ben Ng" in amina.text
    expect(amina.text, hidden, among=("has_organisations", "has_headlines"))


def test_whom_to_look_for(cast, session, ben, hidden, amina):
    for attendee, side in ((ben, "offers"), (cast.amina, "seeks")):
        said = OwnTopics(**{side: tuple(topics_in("chess"))}, is_looking=True)
        keep_topics(session, attendee=attendee, said=said, now=clock.now())
    amina.get(f"/events/{cast.event.id}/look-for")
    assert "Ben Ng" in amina.text
    expect(amina.text, hidden, among=("has_organisations", "has_headlines"))


def test_a_badge_that_waits_for_me(cast, session, hidden, browser_of):
    guest = make_attendee(session, event=cast.event, name="Sam", address="sam@example.org")
    guest.organisation, guest.headline = SHOWN["has_organisations"], SHOWN["has_headlines"]
    sam = browser_of(cast.stranger)
    sam.get(f"/B/{codes.printed_code(badge_of(session, guest))}")
    assert "This is your badge" in sam.text
    expect(sam.text, hidden, among=("has_organisations", "has_headlines"))
