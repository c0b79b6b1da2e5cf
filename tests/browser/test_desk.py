"""The desk on phones: found as one types, checked in at once, with and without a network."""

import pytest
from playwright.sync_api import expect

from people import make_attendee, make_cast
from webapp.badges.desk.models import DeskItem
from webapp.core import clock
from webapp.events.models import Attendee, Role
from webapp.security.models import Action, AuditEntry

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

SOON = 15_000
NO_ROOM = """() => {
  IDBObjectStore.prototype.put = () => {
    throw new DOMException("no room", "QuotaExceededError");
  };
}"""
ALL = """(table) => new Promise((done) => {
  indexedDB.open("bowline").onsuccess = ({target}) => {
    const all = target.result.transaction(table).objectStore(table).getAll();
    all.onsuccess = () => { target.result.close(); done(all.result); };
  };
})"""


@pytest.fixture
def cast(session):
    return make_cast(session)


@pytest.fixture
def late(cast, session):
    return make_attendee(session, event=cast.event, name="Lars Láte")


@pytest.fixture
def at_desk(phone, cast, late):
    """A helper's phone at the desk; its worker and its list are there."""

    def open_desk(person, **options):
        one = phone(person, **options)
        one.open(f"/events/{cast.event.id}/desk")
        expect(one.page.get_by_text("guests on this phone, as of")).to_be_visible(timeout=SOON)
        wait_until(one, "caches.has('bowline-pages')")
        wait_until(one, "caches.match(location.href).then(Boolean)")
        wait_until(one, KEPT_SCRIPT)
        return one

    return open_desk


KEPT_SCRIPT = """(async () => {
  const script = document.querySelector('script[src*="js/desk/desk.js"]').src;
  const all = ["desk.js", "items.js", "scanning.js"].map((name) => script.replace("desk.js", name));
  return (await Promise.all(all.map((url) => caches.match(url)))).every(Boolean);
})()"""


def wait_until(phone, condition):
    for _ in range(400):
        if phone.page.evaluate(condition):
            return
        phone.page.wait_for_timeout(50)
    raise AssertionError(condition)


def row_of(phone, attendee):
    """Return a guest's row; leaves no transaction open that phones would wait for."""
    attendee_id = attendee.id
    phone.session.commit()
    return phone.page.locator(f"#guest-{attendee_id}")


def tap(phone, attendee, name):
    """Tap a button of a guest's row, and wait until the row says something else."""
    row = row_of(phone, attendee)
    before = row.inner_text()
    row.get_by_role("button", name=name).click()
    expect(row).not_to_have_text(before, use_inner_text=True)


def all_sent(phone):
    """Wait until the server has answered for everything a phone did."""
    wait_until(
        phone, f"({ALL})('items').then((all) => all.every(({{state}}) => state !== 'waiting'))"
    )
    expect(phone.page.locator("#waiting")).to_be_hidden()


def fresh(session, attendee):
    session.rollback()
    found = session.get_one(Attendee, (attendee.event_id, attendee.id), populate_existing=True)
    came_at = found.checked_in_at
    session.rollback()
    return came_at


def logged(session, action=Action.CHECKED_IN):
    session.rollback()
    number = session.query(AuditEntry).filter_by(action=action).count()
    session.rollback()
    return number


def test_guests_are_found_as_one_types_without_a_new_page(at_desk, cast, late):
    dan = at_desk(cast.desk)
    opened = []
    dan.page.on("framenavigated", lambda frame: opened.append(frame.url))
    dan.page.get_by_label("Find by a few letters").press_sequentially("late la", delay=40)
    expect(dan.page.locator("#guests li")).to_have_count(1)
    expect(row_of(dan, late)).to_contain_text("not here yet")
    expect(dan.page.locator("#heard")).to_have_text("1 found")
    dan.page.get_by_label("Find by a few letters").fill("xyz")
    expect(dan.page.get_by_text("Nobody with these letters.").last).to_be_visible()
    dan.page.get_by_role("button", name="Find", exact=True).click()
    expect(dan.page.get_by_role("button", name="Find", exact=True)).to_be_enabled()
    assert opened == []


def test_who_was_looked_for_in_vain_is_added_in_three_taps(at_desk, cast, session):
    dan = at_desk(cast.desk)
    dan.page.get_by_label("Find by a few letters").fill("Nia New")
    expect(dan.page.get_by_text("Nobody with these letters.").last).to_be_visible()
    dan.page.get_by_text("Add a guest").click()
    expect(dan.page.get_by_label("Their name")).to_have_value("Nia New")
    dan.tap("Add and check in")
    expect(dan.page.get_by_role("heading", name="Nia New").first).to_be_visible()
    expect(dan.page.get_by_text("is on the list and checked in.")).to_be_visible()
    nia = session.query(Attendee).filter_by(name="Nia New").one()
    assert fresh(session, nia) is not None


def test_a_check_in_is_one_tap_and_another_desk_sees_it_at_its_next_search(
    at_desk, cast, late, session
):
    dan, cleo = at_desk(cast.desk), at_desk(cast.co_organiser)
    tap(dan, late, "Check in")
    expect(row_of(dan, late)).to_contain_text("here since")
    all_sent(dan)
    expect(row_of(dan, late)).not_to_contain_text("kept on this phone")
    assert fresh(session, late) is not None
    cleo.page.get_by_label("Find by a few letters").fill("lars")
    expect(row_of(cleo, late)).to_contain_text("here since")


def test_who_was_checked_in_before_is_said_to_be_and_undone_only_by_saying_so(
    at_desk, cast, late, session
):
    dan, cleo = at_desk(cast.desk), at_desk(cast.co_organiser)
    tap(dan, late, "Check in")
    all_sent(dan)
    came_at = fresh(session, late)
    tap(cleo, late, "Check in")
    expect(row_of(cleo, late)).to_contain_text("was here already, since", timeout=SOON)
    assert fresh(session, late) == came_at
    tap(cleo, late, "Take back")
    expect(row_of(cleo, late)).to_contain_text("not here yet", timeout=SOON)
    all_sent(cleo)
    assert fresh(session, late) is None


def test_two_desks_without_a_network_agree_afterwards_and_each_guest_counts_once(
    at_desk, cast, late, session
):
    gus = make_attendee(session, event=cast.event, name="Gus Guest")
    session.commit()
    dan, cleo = at_desk(cast.desk), at_desk(cast.co_organiser)
    for one in (dan, cleo):
        one.context.set_offline(True)
    dan.page.get_by_label("Find by a few letters").fill("late")
    expect(dan.page.get_by_text("From the list on this phone")).to_be_visible()
    tap(dan, late, "Check in")
    expect(row_of(dan, late)).to_contain_text("kept on this phone")
    cleo.page.wait_for_timeout(3000)
    later = clock.now()
    tap(cleo, late, "Check in")
    tap(cleo, gus, "Check in")
    expect(cleo.page.get_by_role("link", name="2 check-ins wait on this phone")).to_be_visible()
    for one in (dan, cleo):
        one.open(f"/events/{cast.event.id}/desk")
        expect(one.page.get_by_text("No connection. As of")).to_be_visible()
        expect(row_of(one, late)).to_contain_text("here since")
        expect(one.page.locator("#waiting")).to_be_visible()
    assert fresh(session, late) is None
    cleo.context.set_offline(False)
    all_sent(cleo)
    dan.context.set_offline(False)
    all_sent(dan)
    assert fresh(session, late) < later
    assert fresh(session, gus) is not None
    assert session.query(DeskItem).count() == 3
    session.rollback()
    for one in (dan, cleo):
        one.open(f"/events/{cast.event.id}/desk?q=gus")
        expect(row_of(one, gus)).to_contain_text("here since")
        one.open(f"/events/{cast.event.id}/desk?q=late")
        expect(row_of(one, late)).to_contain_text("here since")


def test_the_scanner_opens_without_a_network_though_it_was_never_opened_before(at_desk, cast):
    dan = at_desk(cast.desk)
    dan.context.set_offline(True)
    dan.page.get_by_role("link", name="Scan badges").click()
    expect(dan.page.get_by_role("heading", name="Scan badges")).to_be_visible()
    expect(dan.page.get_by_text("guests on this phone, as of")).to_be_visible()


def test_an_undo_before_it_was_sent_leaves_nothing(at_desk, cast, late, session):
    dan = at_desk(cast.desk)
    dan.context.set_offline(True)
    tap(dan, late, "Check in")
    expect(row_of(dan, late)).to_contain_text("kept on this phone")
    tap(dan, late, "Undo")
    expect(row_of(dan, late)).to_contain_text("not here yet")
    expect(dan.page.locator("#waiting")).to_be_hidden()
    dan.context.set_offline(False)
    dan.page.wait_for_timeout(1500)
    assert fresh(session, late) is None
    assert logged(session) == 0


def test_an_undo_made_without_a_network_counts_later(at_desk, cast, session):
    dan = at_desk(cast.desk)
    dan.context.set_offline(True)
    tap(dan, cast.ben, "Undo")
    expect(row_of(dan, cast.ben)).to_contain_text("not here yet, kept on this phone")
    dan.context.set_offline(False)
    all_sent(dan)
    assert fresh(session, cast.ben) is None
    assert logged(session, Action.CHECK_IN_UNDONE) == 1


@pytest.mark.parametrize("lost", ["request", "answer"])
def test_a_check_in_lost_on_its_way_counts_once(at_desk, cast, late, session, lost):
    dan = at_desk(cast.desk)
    times = []

    def lose(route):
        if route.request.method == "GET" or times:
            return route.fallback()
        times.append(1)
        if lost == "answer":
            route.fetch()
        return route.abort()

    dan.context.route("**/desk/inbox", lose)
    tap(dan, late, "Check in")
    all_sent(dan)
    expect(row_of(dan, late)).to_contain_text("here since")
    assert times
    assert fresh(session, late) is not None
    assert logged(session) == 1
    dan.problems.clear()


def test_what_could_not_be_counted_is_said_until_it_was_seen(at_desk, cast, session):
    dan, cleo = at_desk(cast.desk), at_desk(cast.co_organiser)
    dan.context.set_offline(True)
    tap(dan, cast.ben, "Undo")
    expect(dan.page.locator("#waiting")).to_be_visible()
    tap(cleo, cast.ben, "Undo")
    all_sent(cleo)
    cleo.page.wait_for_timeout(1100)
    tap(cleo, cast.ben, "Check in")
    all_sent(cleo)
    dan.context.set_offline(False)
    words = dan.page.get_by_text("Another desk has checked Ben Ng in.")
    expect(words).to_be_visible(timeout=SOON)
    dan.open(f"/events/{cast.event.id}/desk")
    expect(words).to_be_visible()
    dan.tap("Close")
    expect(words).to_be_hidden()
    assert fresh(session, cast.ben) is not None


def test_a_server_that_takes_too_long_is_not_waited_for(at_desk, cast, late):
    dan = at_desk(cast.desk)
    dan.context.route("**/desk?q=*", lambda _: None)
    dan.page.get_by_label("Find by a few letters").fill("late")
    expect(dan.page.get_by_text("From the list on this phone")).to_be_visible()
    expect(row_of(dan, late)).to_contain_text("not here yet")


def test_a_full_phone_sends_the_form_instead(at_desk, cast, late, session):
    dan = at_desk(cast.desk)
    dan.page.evaluate(NO_ROOM)
    row_of(dan, late).get_by_role("button", name="Check in").click()
    expect(dan.page.get_by_text("Lars Láte is here.")).to_be_visible()
    assert fresh(session, late) is not None


def test_the_list_goes_from_the_phone_half_a_day_after_the_event(at_desk, cast, late):
    dan = at_desk(cast.desk)
    assert len(dan.page.evaluate(ALL, "guests")[0]["guests"]) == 4
    dan.context.add_init_script("const now = Date.now; Date.now = () => now() + 16 * 3600 * 1000;")
    dan.open("/events")
    for table in ("guests", "desks"):
        wait_until(dan, f"({ALL})('{table}').then((all) => !all.length)")
    assert not dan.page.evaluate(
        "caches.open('bowline-pages').then(c => c.keys())"
        ".then(all => all.some(({url}) => url.includes('/desk')))"
    )


def test_signing_out_wipes_the_list_and_asks_first_if_something_waits(at_desk, cast, late):
    dan = at_desk(cast.desk)
    dan.context.route("**/desk/inbox", lambda route: route.abort())
    tap(dan, late, "Check in")
    expect(dan.page.locator("#waiting")).to_be_visible()
    dan.open("/me/devices")
    dan.page.get_by_role("button", name="Sign out here").click()
    expect(dan.page.get_by_text("have not been sent yet. Sign out again")).to_be_visible()
    dan.tap("Sign out here")
    expect(dan.page.get_by_role("link", name="Sign in").first).to_be_visible()
    wait_until(dan, "indexedDB.databases().then(all => !all.length)")
    dan.problems.clear()


def test_another_person_on_the_same_phone_finds_no_list_and_sends_nothing(
    at_desk, cast, late, session
):
    dan, cleo = at_desk(cast.desk), at_desk(cast.co_organiser)
    dan.context.set_offline(True)
    tap(dan, late, "Check in")
    expect(dan.page.locator("#waiting")).to_be_visible()
    dan.context.clear_cookies()
    dan.context.add_cookies(cleo.context.cookies())
    dan.context.set_offline(False)
    dan.open("/people")
    expect(dan.page.locator("#waiting")).to_be_hidden()
    wait_until(dan, f"({ALL})('guests').then((all) => !all.length)")
    dan.page.wait_for_timeout(1000)
    assert fresh(session, late) is None
    dan.problems.clear()


def test_who_helps_no_more_loses_the_list(at_desk, cast, late, session):
    dan = at_desk(cast.desk)
    session.query(Role).filter_by(person_id=cast.desk.id).delete()
    session.commit()
    dan.page.evaluate("dispatchEvent(new Event('online'))")
    wait_until(dan, f"({ALL})('guests').then((all) => !all.length)")


def test_what_waits_is_on_the_list_of_what_waits(at_desk, cast, late):
    dan = at_desk(cast.desk)
    dan.context.set_offline(True)
    tap(dan, late, "Check in")
    expect(dan.page.locator("#waiting")).to_be_visible()
    dan.open("/waiting")
    expect(dan.page.locator("#scans li")).to_contain_text("Lars Láte")
    dan.tap("Remove")
    expect(dan.page.locator("#scans li")).to_have_count(0)


def test_an_attendees_phone_keeps_no_list(phone, cast, late):
    amina = phone(cast.attendee)
    amina.open(f"/events/{cast.event.id}/desk")
    amina.open(f"/events/{cast.event.id}/meet")
    wait_until(amina, "indexedDB.databases().then(all => all.length)")
    assert amina.page.evaluate(ALL, "guests") == []
