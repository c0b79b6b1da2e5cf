"""Printing badges: whose, on what paper, who may, and what is noted."""

from datetime import timedelta

import pytest
from badges.sheets.paper import codes_on, pictures, text_of

from pages import HX
from people import badge_of, make_attendee, make_event
from webapp.badges import codes
from webapp.badges.printing.cli import badges as command
from webapp.badges.printing.models import BadgePrint, PrintedBadge
from webapp.badges.services import issue_badge
from webapp.badges.sheets.layouts import LAYOUTS
from webapp.core import clock
from webapp.core import db as database
from webapp.events.models import Event

FORM = {"layout": "a4-8", "which": "all", "has_backs": "y", "has_groups": "y"}


@pytest.fixture
def organiser(cast, browser_of):
    return browser_of(cast.organiser)


@pytest.fixture
def url(cast):
    return f"/events/{cast.event.id}/badges"


def add_guest(session, cast, name, **said):
    guest = make_attendee(session, event=cast.event, name=name, **said)
    session.commit()
    return guest


def form_to_print(browser):
    """Return what the form that makes the PDF says by itself."""
    (form,) = [one for one in browser.page.all("form") if one.get("method") == "post"]
    hidden = [one for one in form.iter("input") if one.get("type") == "hidden"]
    return {one.get("name"): one.get("value") for one in hidden[1:]}


def fetch(browser, answer, tmp_path):
    """Fetch the PDF of a print from the page it led to."""
    browser.get(answer.location)
    (link,) = [one for one in browser.page.links() if one.endswith(".pdf")]
    pdf = browser.get(link)
    assert pdf.mimetype == "application/pdf"
    file = tmp_path / "badges.pdf"
    file.write_bytes(pdf.data)
    return file


def test_everybodys_badges_are_printed(cast, session, organiser, url, tmp_path):
    organiser.get(url)
    assert "3 badges, 3 never printed" in organiser.text
    assert form_to_print(organiser) == {"layout": "a4-8"}
    answer = organiser.send(url, **FORM)
    assert answer.status_code == 303
    file = fetch(organiser, answer, tmp_path)
    assert "3 badges to print" in organiser.text
    assert "2 pages" in organiser.text
    front, back = text_of(file, 1), text_of(file, 2)
    read = {code for picture in pictures(file) for code in codes_on(picture)}
    for attendee in (cast.amina, cast.ben, cast.rita):
        badge = badge_of(session, attendee)
        assert attendee.name in front
        assert f"HTTP://LOCALHOST/B/{codes.printed_code(badge)}" in read
        short, claim = codes.short_code(badge), codes.claim_code(badge)
        assert f"{short[:4]} {short[4:]}" in front
        assert f"{claim[:4]} {claim[4:]}" in back
        assert f"{claim[:4]} {claim[4:]}" not in front


def test_the_host_stands_beside_every_code(app, organiser, url, tmp_path):
    host = app.extensions["bowline"].host
    organiser.get(url)
    file = fetch(
        organiser, organiser.send(url, **FORM | {"layout": "a6", "has_backs": ""}), tmp_path
    )
    assert len(codes_on(pictures(file)[0])) == 1
    assert host in text_of(file, 1)


def test_the_page_has_the_form_with_the_papers(organiser, url):
    organiser.get(url)
    options = {one.get("value") for one in organiser.page.all("option")}
    assert options >= LAYOUTS.keys() | {"all", "new"}


def test_the_late_batch_is_who_was_never_printed(cast, session, organiser, url, tmp_path, evening):
    organiser.send(url, **FORM)
    evening.shift(timedelta(minutes=5))
    late = add_guest(session, cast, "Lars Late")
    organiser.get(url)
    assert "4 badges, 1 never printed" in organiser.text
    text = text_of(fetch(organiser, organiser.send(url, **FORM | {"which": "new"}), tmp_path), 1)
    assert late.name in text
    assert cast.amina.name not in text
    evening.shift(timedelta(minutes=5))
    assert organiser.send(url, **FORM | {"which": "new"}).status_code == 422
    assert session.query(BadgePrint).count() == 2


def test_a_reprint_says_so_and_a_replaced_badge_too(
    cast, session, organiser, url, tmp_path, evening
):
    organiser.send(url, **FORM | {"attendee": cast.amina.id})
    evening.shift(timedelta(minutes=5))
    issue_badge(session, attendee=cast.ben, now=clock.now())
    session.commit()
    single = FORM | {"layout": "a7"}
    file = fetch(organiser, organiser.send(url, **single), tmp_path)
    backs = [text_of(file, page) for page in (2, 4, 6)]
    assert ["Reprint" in back for back in backs] == [True, False, False]
    assert ["Reissued badge" in back for back in backs] == [False, True, False]


def test_the_first_print_stays_a_first_print(cast, session, organiser, url, tmp_path, evening):
    first = organiser.send(url, **FORM)
    evening.shift(timedelta(minutes=5))
    organiser.send(url, **FORM)
    assert "Reprint" not in text_of(fetch(organiser, first, tmp_path), 2)


def test_one_persons_badge_is_printed_from_their_page(cast, session, organiser, url, tmp_path):
    organiser.get(f"/events/{cast.event.id}/desk/{cast.ben.id}/badge")
    (link,) = [one for one in organiser.page.links() if "/badges?attendee=" in one]
    organiser.get(link)
    assert "Badge of Ben Ng" in organiser.text
    said = form_to_print(organiser)
    assert said == {"layout": "a4-8", "attendee": cast.ben.id, "which": "all"}
    file = fetch(organiser, organiser.send(url, **said), tmp_path)
    assert cast.ben.name in text_of(file, 1)
    assert cast.amina.name not in text_of(file, 1)
    assert session.query(PrintedBadge).one().badge_id == badge_of(session, cast.ben).id


def test_a_badge_replaced_since_is_not_in_the_file(cast, session, organiser, url, tmp_path):
    answer = organiser.send(url, **FORM)
    old = badge_of(session, cast.amina)
    issue_badge(session, attendee=cast.amina, now=clock.now())
    session.commit()
    file = fetch(organiser, answer, tmp_path)
    assert "2 badges to print" in organiser.text
    read = {code for picture in pictures(file) for code in codes_on(picture)}
    assert len(read) == 2
    assert f"HTTP://LOCALHOST/B/{codes.printed_code(old)}" not in read


def test_a_print_of_replaced_badges_alone_has_no_file(cast, session, organiser, url):
    answer = organiser.send(url, **FORM | {"attendee": cast.amina.id})
    issue_badge(session, attendee=cast.amina, now=clock.now())
    session.commit()
    organiser.get(answer.location)
    assert "All of them were replaced since." in organiser.text
    assert organiser.get(f"{answer.location}/badges.pdf").status_code == 404


@pytest.mark.parametrize("field", ["has_backs", "has_groups"])
def test_backs_and_groups_can_be_left_out(cast, session, organiser, url, tmp_path, field):
    add_guest(session, cast, "Gustava Guest", group_name="Speakers")
    without = {name: value for name, value in FORM.items() if name != field}
    file = fetch(organiser, organiser.send(url, **without), tmp_path)
    assert ("Speakers" in text_of(file, 1)) is (field != "has_groups")
    assert len(pictures(file)) == (1 if field == "has_backs" else 2)


def test_the_preview_shows_the_longest_name_on_the_chosen_paper(cast, session, organiser, url):
    add_guest(session, cast, "Maximiliane von und zu Hohenlohe")
    plain = organiser.get(url)
    assert "Front of the badge of Maximiliane von und zu Hohenlohe" in plain.get_data(as_text=True)
    assert 'viewBox="0 0 95 68"' in plain.get_data(as_text=True)
    other = organiser.get(f"{url}/paper?layout=label-41x89", headers=HX)
    text = other.get_data(as_text=True)
    assert text.lstrip().startswith('<div id="paper"')
    assert 'viewBox="0 0 89 41"' in text
    assert 'name="layout" value="label-41x89"' in text
    (backs,) = [one for one in organiser.page.all("input") if one.get("name") == "has_backs"]
    assert backs.get("checked") is None, "labels stick on something"
    assert organiser.get(f"{url}?layout=a7").status_code == 200


def ticked(browser):
    boxes = [one for one in browser.page.all("input") if one.get("type") == "checkbox"]
    return {one.get("name") for one in boxes if one.get("checked") is not None}


def front_in(text):
    """Return the drawing of the front: its words are drawn as shapes."""
    return text.partition("Front of the badge")[2].partition("</svg>")[0]


@pytest.mark.parametrize(
    "ticks", [{"has_backs", "has_groups"}, {"has_backs"}, {"has_groups"}, set()]
)
@pytest.mark.parametrize("layout", ["a4-8", "label-41x89"])
def test_the_preview_follows_the_ticks(cast, session, organiser, url, ticks, layout):
    add_guest(session, cast, "Maximiliane von und zu Hohenlohe", group_name="Speakers")
    paper = f"{url}/paper?said=has_backs&said=has_groups&layout={layout}"
    bare = organiser.get(paper, headers=HX).get_data(as_text=True)
    said = "".join(f"&{name}=y" for name in sorted(ticks))
    text = organiser.get(f"{paper}{said}", headers=HX).get_data(as_text=True)
    assert (front_in(text) != front_in(bare)) is ("has_groups" in ticks)
    assert ("Back of the badge" in text) is ("has_backs" in ticks)
    assert ("Front and back" in text) is ("has_backs" in ticks)
    assert ticked(organiser) == ticks


def test_another_paper_keeps_the_groups_and_has_backs_as_is_usual_for_it(
    cast, session, organiser, url
):
    for layout, backs in (("a4-8", {"has_backs"}), ("label-41x89", set())):
        organiser.get(f"{url}/paper?said=has_groups&layout={layout}", headers=HX)
        assert ticked(organiser) == backs
        organiser.get(f"{url}/paper?said=has_groups&layout={layout}&has_groups=y", headers=HX)
        assert ticked(organiser) == backs | {"has_groups"}


def test_the_preview_shows_no_code_of_anybody(cast, session, organiser, url):
    text = organiser.get(url).get_data(as_text=True)
    for attendee in (cast.amina, cast.ben, cast.rita):
        badge = badge_of(session, attendee)
        assert codes.claim_code(badge) not in text
        assert codes.printed_code(badge) not in text


def test_a_name_that_cannot_be_printed_is_told_before(cast, session, organiser, url):
    organiser.get(url)
    assert "cannot be printed" not in organiser.text
    add_guest(session, cast, "ಕನ್ನಡ")
    organiser.get(url)
    assert "1 text cannot be printed in its script" in organiser.text
    assert "ಕನ್ನಡ" in organiser.text


def test_an_event_without_guests_says_so(session, browser_of, cast):
    empty = make_event(session, by=cast.organiser)
    session.commit()
    browser = browser_of(cast.organiser)
    browser.get(f"/events/{empty.id}/badges")
    assert "There are no badges yet." in browser.text
    assert browser.send(f"/events/{empty.id}/badges", **FORM).status_code == 422


@pytest.mark.parametrize(
    "wrong", [{"layout": "a5-3"}, {"layout": ""}, {"which": "some"}, {"attendee": "unknown"}]
)
def test_what_cannot_be_printed_is_refused(session, organiser, url, wrong):
    assert organiser.send(url, **FORM | wrong).status_code in {404, 422}
    assert session.query(BadgePrint).count() == 0


def test_an_unknown_paper_is_not_there(organiser, url):
    assert organiser.get(f"{url}?layout=a5-3").status_code == 404
    assert organiser.get(f"{url}/paper?layout=a5-3").status_code == 404


def test_a_print_notes_who_asked_and_when(cast, session, organiser, url):
    organiser.send(url, **FORM)
    asked = session.query(BadgePrint).one()
    assert (asked.asked_by_id, asked.asked_at) == (cast.organiser.id, clock.now())
    assert session.query(PrintedBadge).count() == 3
    organiser.get(url)
    assert "Printed so far" in organiser.text


def test_reading_notes_nothing(session, organiser, url):
    location = organiser.send(url, **FORM).location
    for path in (url, f"{url}/paper", location, f"{location}/badges.pdf"):
        assert organiser.get(path).status_code == 200
    assert session.query(BadgePrint).count() == 1
    assert session.query(PrintedBadge).count() == 3


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("co_organiser", 200),
        ("desk", 403),
        ("recruiter", 403),
        ("attendee", 403),
        ("stranger", 404),
    ],
)
def test_badges_are_printed_by_who_runs_the_event(
    cast, session, organiser, browser_of, url, role, status
):
    location = organiser.send(url, **FORM).location
    browser = browser_of(getattr(cast, role))
    for path in (url, f"{url}/paper", location, f"{location}/badges.pdf"):
        assert browser.get(path).status_code == status
    assert browser.send(url, **FORM).status_code == (303 if status == 200 else status)
    assert session.query(BadgePrint).count() == (2 if status == 200 else 1)


def test_the_signed_out_sign_in_first(browser, url):
    assert browser.get(url).location == f"/sign-in?next={url}"
    assert browser.post(url, data=FORM | {"csrf_token": browser.token()}).status_code == 303


def test_a_print_of_another_event_is_not_there(cast, session, organiser, url):
    location = organiser.send(url, **FORM).location
    other = make_event(session, by=cast.organiser)
    session.commit()
    strange = location.replace(cast.event.id, other.id)
    assert organiser.get(strange).status_code == 404
    assert organiser.get(f"{strange}/badges.pdf").status_code == 404
    assert organiser.get(f"{url}?attendee={cast.event.id}").status_code == 404


def test_helpers_at_the_desk_are_not_offered_to_print(cast, browser_of):
    desk = browser_of(cast.desk)
    desk.get(f"/events/{cast.event.id}/desk/{cast.ben.id}/badge")
    assert not [one for one in desk.page.links() if "/badges" in one]


@pytest.fixture
def printed_by_command(app, cast, session):
    """Run the command; it ends the session, so what is asked of the cast is asked before."""
    event_id = cast.event.id
    session.commit()

    def run(*options, event=event_id):
        return app.test_cli_runner().invoke(command, [event, *map(str, options)])

    return run


def test_the_command_prints_into_a_file(cast, tmp_path, printed_by_command):
    file, code, name = tmp_path / "all.pdf", cast.event.code.lower(), cast.amina.name
    done = printed_by_command("--layout", "a4-8", "--out", file, event=code)
    assert (done.exit_code, done.output) == (0, f"Badges in {file}: 3\n")
    assert name in text_of(file, 1)
    asked = database.session().query(BadgePrint).one()
    assert (asked.layout, asked.has_backs, asked.asked_by_id) == ("a4-8", True, None)


def test_the_command_prints_the_late_batch(cast, tmp_path, printed_by_command, evening):
    file = tmp_path / "late.pdf"
    event_id = cast.event.id
    printed_by_command("--out", file)
    evening.shift(timedelta(minutes=5))
    again = printed_by_command("--only-new", "--out", file)
    assert again.exit_code == 1
    assert "There is no badge to print." in again.output
    session = database.session()
    make_attendee(session, event=session.get_one(Event, event_id), name="Lars Late")
    session.commit()
    late = printed_by_command("--only-new", "--no-backs", "--out", file)
    assert late.output == f"Badges in {file}: 1\n"
    assert len(pictures(file)) == 1


def test_the_command_says_what_stays_blank(cast, session, tmp_path, printed_by_command):
    add_guest(session, cast, "ಕನ್ನಡ")
    done = printed_by_command("--out", tmp_path / "all.pdf")
    assert done.exit_code == 0
    assert "ಕನ್ನಡ" in done.stderr


def test_the_command_knows_its_events_and_papers(cast, tmp_path, printed_by_command):
    file = tmp_path / "none.pdf"
    assert "no event with the code" in printed_by_command("--out", file, event="zzzzzz").output
    assert printed_by_command("--layout", "a5", "--out", file).exit_code == 2
    assert not file.exists()
