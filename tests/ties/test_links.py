"""Each Person adds, changes, orders and removes their own links, and nobody else's."""

from datetime import timedelta

import pytest

from people import make_link, talk
from webapp.core import clock
from webapp.ties import gate, services
from webapp.ties.models import Audience, Link, LinkAnswer, LinkKind, Tie

AMINA_HUB = "https://github.com/amina"
AT_FIRST = "https://amina.example.org"
TEN_MINUTES, TICK = timedelta(minutes=10), timedelta(microseconds=1)


def links_of(session, person):
    session.expire_all()
    mine = session.query(Link).filter_by(person_id=person.id, removed_at=None)
    return list(mine.order_by(Link.place, Link.added_at, Link.id))


def urls_of(session, person):
    return [link.url for link in links_of(session, person)]


@pytest.fixture
def amina(cast, browser_of):
    browser = browser_of(cast.attendee)
    browser.get("/me")
    return browser


@pytest.fixture
def first(cast, session):
    (link,) = links_of(session, cast.attendee)
    return link


def field(page, name, value=None):
    (found,) = [one for one in page.all("input") if one.get("id") == name]
    return found.get("value")


def shown(page):
    """The links on my card, from top to bottom."""
    (section,) = [one for one in page.all("section") if one.get("id") == "links"]
    return ["".join(one.itertext()) for one in section.iter("bdi")]


@pytest.mark.parametrize("hx", [False, True])
def test_adding_a_link_shows_it_at_once(cast, session, amina, hx):
    answer = amina.submit("/me/links", hx=hx, url="github.com/amina")
    assert answer.status_code == (200 if hx else 303)
    assert urls_of(session, cast.attendee) == [AT_FIRST, AMINA_HUB]
    if not hx:
        amina.get(answer.location)
    assert shown(amina.page) == ["amina.example.org", "github.com/amina"]


def test_a_link_added_twice_is_there_once(cast, session, amina):
    for typed in ("github.com/amina", "https://www.github.com/amina/"):
        assert amina.submit("/me/links", url=typed).status_code == 303
        amina.get("/me")
    assert session.query(Link).filter_by(url=AMINA_HUB).count() == 1


def test_who_gets_a_link_is_not_changed_by_adding_it_again(cast, session, amina, first):
    answer = amina.submit("/me/links", url=AT_FIRST, audience="ask")
    assert answer.status_code == 422
    assert "You have this one already" in amina.text
    assert [link.audience for link in links_of(session, cast.attendee)] == [Audience.EVERYONE]


@pytest.mark.parametrize("hx", [False, True])
@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        ("website", "javascript:alert(1)", "Only web addresses"),
        ("", "ftp://example.org", "Only web addresses"),
        ("website", 'https://user@example.org/"><b>', "before the @"),
        ("linkedin", "linkedin.com.evil.example/in/amina", "linkedin.com/in/your-name"),
        ("github", "https://[github.com/amina", "not its number"),
        ("", "https://127.1", "not its number"),
        ("", "https://lnkd.in/x", "hides where it leads"),
        ("", "@amina", "choose which it is"),
        ("", "mailto:a@example.org?subject=x", "e-mail address"),
        ("website", "", "paste an address"),
        ("website", "https://example.org/" + "a" * 481, "500"),
    ],
)
def test_a_link_that_cannot_be_taken_stays_typed_and_is_told_why(
    cast, session, amina, kind, typed, words, hx
):
    answer = amina.submit("/me/links", hx=hx, kind=kind, url=typed, audience="ask")
    assert answer.status_code == 422
    assert words in amina.text
    assert field(amina.page, "url") == typed
    chosen = [one.get("value") for one in amina.page.all("option") if "selected" in one.attrib]
    assert chosen[-2:] == ["ask", kind]
    assert urls_of(session, cast.attendee) == [AT_FIRST]


@pytest.mark.parametrize(
    "wrong", [{"kind": "phone"}, {"kind": "LINKEDIN"}, {"audience": ""}, {"audience": "nobody"}]
)
def test_a_kind_or_an_audience_that_does_not_exist_is_refused(cast, session, amina, wrong):
    answer = amina.submit("/me/links", **({"url": "https://example.org"} | wrong))
    assert answer.status_code == 422
    assert urls_of(session, cast.attendee) == [AT_FIRST]


@pytest.mark.parametrize("hx", [False, True])
def test_changing_a_link_shows_to_both_at_once(cast, session, amina, first, browser_of, hx):
    talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    ben = browser_of(cast.other)
    person = f"/people/{session.query(Tie).one().id}"
    amina.submit(f"/me/links/{first.id}", hx=hx, url="new.example.org")
    assert urls_of(session, cast.attendee) == ["https://new.example.org"]
    for url in (person, f"{person}/card.vcf"):
        text = ben.get(url).get_data(as_text=True)
        assert "new.example.org" in text
        assert "amina.example.org" not in text
    if not hx:
        amina.get("/me")
    assert shown(amina.page) == ["new.example.org"]


@pytest.mark.parametrize("hx", [False, True])
def test_a_change_that_cannot_be_taken_stays_typed_in_its_place(cast, session, amina, first, hx):
    answer = amina.submit(f"/me/links/{first.id}", hx=hx, url="http:/x")
    assert answer.status_code == 422
    assert field(amina.page, f"url-{first.id}") == "http:/x"
    assert field(amina.page, "url") in {None, ""}
    assert urls_of(session, cast.attendee) == [AT_FIRST]


def test_a_changed_link_may_become_another_kind(cast, session, amina, first):
    amina.submit(f"/me/links/{first.id}", url="@amina@chaos.social")
    (link,) = links_of(session, cast.attendee)
    assert (link.kind, link.url) == (LinkKind.MASTODON, "https://chaos.social/@amina")


def test_a_kind_that_the_address_does_not_say_stays_chosen(cast, session, amina):
    amina.submit("/me/links", url="meet.example.org", kind="calendar")
    amina.get("/me")
    link = links_of(session, cast.attendee)[-1]
    amina.submit(f"/me/links/{link.id}", audience="ask")
    link = links_of(session, cast.attendee)[-1]
    assert (link.kind, link.audience) == (LinkKind.CALENDAR, Audience.ASK)


def test_a_link_cannot_be_changed_into_one_there_is_already(cast, session, amina, first):
    make_link(session, person=cast.attendee, url=AMINA_HUB)
    amina.get("/me")
    answer = amina.submit(f"/me/links/{first.id}", url=AMINA_HUB)
    assert answer.status_code == 422
    assert "You have this one already" in amina.text
    assert urls_of(session, cast.attendee) == [AT_FIRST, AMINA_HUB]


def test_a_link_may_take_the_address_of_one_just_removed(cast, session, amina, first):
    make_link(session, person=cast.attendee, url=AMINA_HUB)
    amina.send(f"/me/links/{first.id}/remove")
    other = links_of(session, cast.attendee)[0]
    amina.get("/me")
    assert amina.submit(f"/me/links/{other.id}", url=AT_FIRST).status_code == 303
    assert urls_of(session, cast.attendee) == [AT_FIRST]
    assert session.query(Link).filter_by(person_id=cast.attendee.id).count() == 1


def test_links_are_put_in_order_one_step_at_a_time(cast, session, amina, first, browser_of):
    talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    for number in (1, 2):
        make_link(session, person=cast.attendee, url=f"https://{number}.example.org")
    amina.get("/me")
    last = links_of(session, cast.attendee)[-1]
    assert amina.submit(f"/me/links/{last.id}/up").status_code == 303
    assert urls_of(session, cast.attendee) == [AT_FIRST, last.url, "https://1.example.org"]
    amina.get("/me")
    amina.submit(f"/me/links/{last.id}/up", hx=True)
    order = [last.url, AT_FIRST, "https://1.example.org"]
    assert urls_of(session, cast.attendee) == order
    assert shown(amina.page) == [url.removeprefix("https://") for url in order]
    tie = session.query(Tie).one()
    over = gate.links_over(session, tie=tie, person_id=cast.other.id)
    assert [link.url for link in over] == order
    amina.get("/me")
    assert f"/me/links/{last.id}/up" not in [form.get("action") for form in amina.page.all("form")]
    assert amina.send(f"/me/links/{last.id}/up").status_code == 303
    assert urls_of(session, cast.attendee) == order


@pytest.mark.parametrize("hx", [False, True])
def test_removing_a_link_takes_it_away_from_everybody_at_once(
    cast, session, amina, first, browser_of, hx
):
    talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    person = f"/people/{session.query(Tie).one().id}"
    ben = browser_of(cast.other)
    assert "amina.example.org" in ben.get(person).get_data(as_text=True)
    amina.submit(f"/me/links/{first.id}/remove", hx=hx)
    for url in (person, f"{person}/card.vcf", "/people"):
        assert "amina.example.org" not in ben.get(url).get_data(as_text=True)
    amina.get("/me/seen")
    assert "amina.example.org" not in amina.text


def test_removing_can_be_undone_on_the_spot_and_nothing_else_has_changed(
    cast, session, amina, first, evening
):
    make_link(session, person=cast.attendee, url=AMINA_HUB)
    amina.send(f"/me/links/{first.id}/remove")
    evening.shift(TEN_MINUTES - TICK)
    amina.get("/me")
    assert amina.submit(f"/me/links/{first.id}/restore").status_code == 303
    assert urls_of(session, cast.attendee) == [AT_FIRST, AMINA_HUB]
    assert amina.send(f"/me/links/{first.id}/restore").status_code == 303


def test_after_ten_minutes_a_removed_link_cannot_be_put_back(cast, session, amina, first, evening):
    amina.send(f"/me/links/{first.id}/remove")
    evening.shift(TEN_MINUTES)
    amina.get("/me")
    assert "amina.example.org" not in amina.text
    assert amina.send(f"/me/links/{first.id}/restore").status_code == 409
    assert urls_of(session, cast.attendee) == []


@pytest.mark.parametrize("by", ["the next change", "the worker"])
def test_a_removed_link_is_soon_gone_for_good(cast, session, amina, first, evening, by):
    talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    first.audience = Audience.ASK
    tie = session.query(Tie).one()
    amina.send(f"/people/{tie.id}/links/{first.id}/give")
    amina.send(f"/me/links/{first.id}/remove")
    evening.shift(TEN_MINUTES - TICK)
    services.forget_removed_links(session, now=clock.now())
    assert session.query(Link).filter_by(id=first.id).count() == 1
    evening.shift(TICK)
    if by == "the worker":
        services.forget_removed_links(session, now=clock.now())
    else:
        make_link(session, person=cast.attendee, url=AMINA_HUB)
    assert session.query(Link).filter_by(url=AT_FIRST).count() == 0
    assert session.query(LinkAnswer).count() == 0


def test_a_link_added_again_after_removing_it_is_a_new_one(cast, session, amina, first):
    amina.send(f"/me/links/{first.id}/remove")
    make_link(session, person=cast.attendee, url=AMINA_HUB)
    amina.get("/me")
    amina.submit("/me/links", url=AT_FIRST, audience="never_recruiters")
    assert urls_of(session, cast.attendee) == [AMINA_HUB, AT_FIRST]
    assert links_of(session, cast.attendee)[1].audience is Audience.NEVER_RECRUITERS


ACTIONS = ("", "/up", "/remove", "/restore")


@pytest.mark.parametrize("action", ACTIONS)
def test_the_id_of_another_persons_link_is_an_unknown_one(cast, session, amina, action):
    (link,) = links_of(session, cast.other)
    said = {"url": "https://evil.example", "audience": "everyone", "kind": ""}
    answers = [
        amina.send(f"/me/links/{one}{action}", **said) for one in (link.id, "0" * len(link.id))
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].get_data() == answers[1].get_data()
    assert urls_of(session, cast.other) == ["https://ben.example.org"]
    assert urls_of(session, cast.attendee) == [AT_FIRST]


@pytest.mark.parametrize("hx", [False, True])
def test_ten_links_are_enough_and_the_eleventh_stays_typed(cast, session, amina, hx):
    for number in range(8):
        make_link(session, person=cast.attendee, url=f"https://{number}.example.org")
    amina.get("/me")
    assert amina.submit("/me/links", url="tenth.example.org").status_code == 303
    amina.get("/me")
    assert "10 links are enough" in amina.text
    assert "/me/links" not in [form.get("action") for form in amina.page.all("form")]
    eleventh = {"url": "more.example.org", "audience": "everyone", "kind": ""}
    assert amina.send("/me/links", hx=hx, **eleventh).status_code == 422
    assert field(amina.page, "url") == "more.example.org"
    assert "10 links are enough" in amina.text
    have = urls_of(session, cast.attendee)
    assert len(have) == 10
    assert "https://tenth.example.org" in have
    again = eleventh | {"url": "tenth.example.org"}
    assert amina.send("/me/links", **again).status_code == 303


def test_a_removed_link_cannot_come_back_as_the_eleventh(cast, session, amina, first):
    amina.send(f"/me/links/{first.id}/remove")
    for number in range(10):
        make_link(session, person=cast.attendee, url=f"https://{number}.example.org")
    amina.get("/me")
    assert f"/me/links/{first.id}/restore" not in [
        form.get("action") for form in amina.page.all("form")
    ]
    assert amina.send(f"/me/links/{first.id}/restore").status_code == 422
    assert len(urls_of(session, cast.attendee)) == 10


@pytest.mark.parametrize("action", ACTIONS)
def test_reading_changes_no_link_and_nobody_signed_out_does(cast, session, browser, amina, action):
    (link,) = links_of(session, cast.other)
    assert amina.get(f"/me/links/{link.id}{action}").status_code == 405
    said = {"url": "https://evil.example", "csrf_token": browser.token()}
    for url in ("/me/links", f"/me/links/{link.id}{action}"):
        answer = browser.post(url, data=said)
        assert answer.status_code == 303
        assert answer.location.startswith("/sign-in")
    assert urls_of(session, cast.other) == ["https://ben.example.org"]
