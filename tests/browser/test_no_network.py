"""A phone without a network: what it keeps, shows and sends later."""

import io
from datetime import timedelta
from itertools import count

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from people import badge_of, make_attendee, make_cast, make_event, make_person, talk
from webapp.badges import codes
from webapp.conversations.models import Claim, Conversation, Evidence
from webapp.core import clock

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

MANY = 500
SOON = 15_000
KEEP = """([build, scans]) => import(`/static/${build}/js/queue.js`)
  .then(({keep}) => Promise.all(scans.map(scan => keep(scan)))).then(() => true)"""
KEPT = """(build) => import(`/static/${build}/js/queue.js`).then(({scans}) => scans())"""
NO_ROOM = """() => {
  IDBObjectStore.prototype.put = () => {
    throw new DOMException("no room", "QuotaExceededError");
  };
}"""
CLOCK_TEN_MINUTES_WRONG = """(() => {
  const right = Date, wrong = 600_000;
  globalThis.Date = class extends right {
    constructor(...parts) { parts.length ? super(...parts) : super(right.now() + wrong); }
    static now() { return right.now() + wrong; }
  };
})()"""


@pytest.fixture
def cast(session):
    return make_cast(session)


@pytest.fixture
def held(phone, site):
    """A phone at an event, after its very first visit."""

    def take(person, **options):
        one = phone(person, **options)
        one.open("/meet")
        wait_until(one, "caches.has('bowline-pages')")
        wait_until(one, "caches.open('bowline-pages').then(c => c.keys()).then(k => k.length >= 4)")
        return one

    return take


def wait_until(phone, condition):
    for _ in range(400):
        if phone.page.evaluate(condition):
            return
        phone.page.wait_for_timeout(50)
    raise AssertionError(condition)


def build_of(phone):
    return phone.page.locator("link[rel=stylesheet]").get_attribute("href").split("/")[-2]


def read_screen(page):
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.screenshot())))
    assert len(found) == 1
    return found[0].text


def claims(session):
    """About whom something was claimed; leaves no transaction open that phones would wait for."""
    session.rollback()
    found = [about_id for (about_id,) in session.query(Claim.about_id)]
    session.rollback()
    return found


def test_offline_is_on_by_default_a_scan_survives_closing_the_tab_and_counts_once(
    cast, held, session
):
    ben = held(cast.other)
    ben.context.set_offline(True)
    ben.open(f"/B/{codes.printed_code(badge_of(session, cast.amina))}")
    expect(ben.page.get_by_role("heading", name="Did you talk?")).to_be_visible()
    ben.tap("Yes, we talked")
    expect(ben.page.get_by_role("heading", name="Kept on this phone")).to_be_visible()
    ben.page.close()
    ben.page = ben.context.new_page()
    ben.open("/meet")
    expect(ben.page.get_by_role("link", name="1 scan waits on this phone")).to_be_visible()
    assert not claims(session)
    ben.context.set_offline(False)
    expect(ben.page.locator("#waiting")).to_be_hidden(timeout=SOON)
    ben.open("/waiting")
    expect(ben.page.get_by_text("sent and counted")).to_be_visible()
    assert len(claims(session)) == 1
    assert session.query(Conversation).one().claimed_by_id == cast.ben.id


def test_a_code_typed_without_a_network_is_kept(cast, held, session):
    ben = held(cast.other)
    ben.context.set_offline(True)
    ben.page.get_by_role("link", name="Scan their badge").click()
    short = codes.short_code(badge_of(session, cast.amina))
    ben.open(f"/events/{cast.event.id}/ask?code={short}")
    ben.tap("Yes, we talked")
    expect(ben.page.get_by_role("heading", name="Kept on this phone")).to_be_visible()
    ben.context.set_offline(False)
    ben.open("/waiting")
    expect(ben.page.get_by_text("sent and counted")).to_be_visible()
    assert claims(session) == [cast.amina.id]


def test_a_live_code_scanned_without_a_network_opens_the_links_later(cast, held, session):
    amina, ben = held(cast.attendee), held(cast.other)
    for one in (amina, ben):
        one.context.set_offline(True)
        one.page.reload()
    url = read_screen(amina.page)
    ben.open("/L/" + url.split("/L/")[1])
    ben.tap("Yes, we talked")
    expect(ben.page.get_by_role("heading", name="Kept on this phone")).to_be_visible()
    ben.context.set_offline(False)
    ben.open("/waiting")
    ben.page.get_by_role("link", name="Open").click()
    expect(ben.page.get_by_role("link", name="amina.example.org")).to_be_visible()
    session.expire_all()
    assert session.query(Conversation).one().evidence is Evidence.LIVE


def test_undo_before_it_was_sent_leaves_nothing(cast, held, session):
    ben = held(cast.other)
    ben.context.set_offline(True)
    ben.open(f"/B/{codes.printed_code(badge_of(session, cast.amina))}")
    ben.tap("Yes, we talked")
    ben.tap("Undo")
    expect(ben.page.get_by_role("heading", name="Did you talk?")).to_be_visible()
    ben.context.set_offline(False)
    ben.open("/waiting")
    expect(ben.page.get_by_text("Nothing waits.")).to_be_visible()
    assert not claims(session)


@pytest.mark.parametrize("lost", ["request", "answer"])
def test_a_yes_lost_on_its_way_is_kept_and_counts_once(cast, held, session, lost):
    ben = held(cast.other)
    ben.open(f"/B/{codes.printed_code(badge_of(session, cast.amina))}")

    def lose(route):
        if lost == "answer":
            route.fetch()
        route.abort()

    ben.context.route("**/talks", lose)
    ben.tap("Yes, we talked")
    expect(ben.page.get_by_role("heading", name="Kept on this phone")).to_be_visible()
    ben.open("/waiting")
    expect(ben.page.get_by_text("sent and counted")).to_be_visible()
    assert len(claims(session)) == 1
    ben.problems.clear()


def test_one_bad_code_never_blocks_the_next(cast, held, session):
    ben = held(cast.other)
    amina, rita = (codes.printed_code(badge_of(session, one)) for one in (cast.amina, cast.rita))
    ben.context.set_offline(True)
    for code in ("QQQQQQQQQQQQQQQQ", amina, "7777777777777777", rita):
        ben.open(f"/B/{code}")
        ben.tap("Yes, we talked")
        expect(ben.page.get_by_role("heading", name="Kept on this phone")).to_be_visible()
    ben.open("/waiting")
    expect(ben.page.locator("#scans li")).to_have_count(4)
    ben.context.set_offline(False)
    expect(ben.page.get_by_text("sent and counted")).to_have_count(2)
    expect(ben.page.get_by_text("could not be counted: We do not know this code")).to_have_count(2)
    assert set(claims(session)) == {cast.amina.id, cast.rita.id}


def test_five_hundred_scans_over_a_network_that_loses_two_thirds_count_once_each(
    phone, session, site
):
    start = clock.now() - timedelta(hours=20)
    event = make_event(session, starts_at=start, ends_at=clock.now())
    ben = make_person(session, name="Ben Ng")
    make_attendee(session, event=event, person=ben)
    now, scans = clock.now(), []
    for number in range(MANY):
        badge = badge_of(session, make_attendee(session, event=event, name=f"Guest {number}"))
        at = now - timedelta(minutes=number + 1)
        live = codes.live_code(badge, codes.step_at(at))
        scans.append({"code": live, "event": event.code, "at": at.timestamp() * 1000})
    session.commit()
    one = phone(ben)
    one.context.add_init_script("navigator.serviceWorker.register = async () => {}")
    one.open("/waiting")
    turn = count()

    def lose(route):
        match next(turn) % 3:
            case 0:
                route.abort()
            case 1:
                route.fetch()
                route.abort()
            case _:
                route.continue_()

    one.context.route("**/inbox", lose)
    one.open("/meet")
    one.page.evaluate(KEEP, [build_of(one), scans])
    one.open("/waiting")
    for _ in range(600):
        states = {scan["state"] for scan in one.page.evaluate(KEPT, build_of(one))}
        if states == {"counted"}:
            break
        one.page.wait_for_timeout(500)
    assert states == {"counted"}
    assert len(claims(session)) == MANY
    assert session.query(Conversation).count() == MANY
    one.problems.clear()


def test_a_full_phone_says_so_and_keeps_the_code_in_sight(cast, held, session):
    ben = held(cast.other)
    ben.context.set_offline(True)
    code = codes.printed_code(badge_of(session, cast.amina))
    ben.open(f"/B/{code}")
    ben.page.evaluate(NO_ROOM)
    ben.tap("Yes, we talked")
    expect(ben.page.get_by_text("This phone has no room left")).to_be_visible()
    expect(ben.page.get_by_text(code[:4])).to_be_visible()
    expect(ben.page.get_by_role("heading", name="Kept on this phone")).to_be_hidden()


def test_my_code_and_my_people_are_there_without_a_network_marked_with_the_time(
    cast, held, session
):
    talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    session.commit()
    ben = held(cast.other)
    ben.context.set_offline(True)
    ben.open("/meet")
    expect(ben.page.get_by_text("No connection. As of")).to_be_visible()
    badge = badge_of(session, cast.ben)
    near = codes.step_at(clock.now())
    shown = read_screen(ben.page).rpartition("/")[2]
    assert shown in {codes.live_code(badge, step) for step in (near - 1, near)}
    ben.page.get_by_role("link", name="People").click()
    expect(ben.page.get_by_role("link", name="Amina Diallo")).to_be_visible()
    expect(ben.page.get_by_text("No connection. As of")).to_be_visible()
    ben.open("/me")
    expect(ben.page.get_by_role("heading", name="No connection")).to_be_visible()


def test_who_untied_is_gone_from_the_phone_once_it_has_seen_the_network(cast, held, session):
    talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    session.commit()
    ben, amina = held(cast.other), held(cast.attendee)
    ben.open("/people")
    ben.page.get_by_role("link", name="Amina Diallo").click()
    expect(ben.page.get_by_role("link", name="amina.example.org")).to_be_visible()
    here = ben.page.url
    wait_until(ben, "caches.match(location.href).then(Boolean)")
    amina.open("/people")
    amina.page.get_by_role("link", name="Ben Ng").click()
    amina.page.get_by_text("Untie or block").click()
    amina.tap("Untie")
    expect(amina.page.get_by_role("heading", level=1)).to_have_text("Untied")
    ben.open("/people")
    wait_until(ben, f"caches.match({here!r}).then(kept => !kept)")
    ben.context.set_offline(True)
    ben.open(here)
    expect(ben.page.get_by_role("heading", name="No connection")).to_be_visible()


def test_a_withdrawn_link_is_gone_from_the_phone_once_it_has_seen_the_network(cast, held, session):
    for about in (cast.ben, cast.rita):
        talk(session, event=cast.event, by=cast.amina, about=about)
    session.commit()
    amina = held(cast.attendee)
    here = {}
    for name, link in (("Ben Ng", "ben.example.org"), ("Rita Recruiter", "rita.example.org")):
        amina.open("/people")
        amina.page.get_by_role("link", name=name).click()
        expect(amina.page.get_by_role("link", name=link)).to_be_visible()
        here[name] = amina.page.url
        wait_until(amina, "caches.match(location.href).then(Boolean)")
    ben = held(cast.other)
    ben.open("/me")
    ben.page.get_by_text("ben.example.org").click()
    ben.tap("Remove")
    expect(ben.page.get_by_text("Removed ben.example.org")).to_be_visible()
    amina.open("/people")
    wait_until(amina, f"caches.match({here['Ben Ng']!r}).then(kept => !kept)")
    wait_until(amina, f"caches.match({here['Rita Recruiter']!r}).then(Boolean)")


def test_signing_out_wipes_what_the_phone_keeps(cast, held, session):
    ben = held(cast.other)
    ben.open("/me/devices")
    ben.tap("Sign out here")
    expect(ben.page.get_by_role("link", name="Sign in").first).to_be_visible()
    wait_until(ben, "caches.has('bowline-pages').then(has => !has)")
    wait_until(ben, "indexedDB.databases().then(all => !all.length)")


def test_signing_out_with_scans_that_wait_asks_first(cast, held, session):
    ben = held(cast.other)
    ben.open("/me/devices")
    ben.context.route("**/inbox", lambda route: route.abort())
    ben.page.evaluate(KEEP, [build_of(ben), [{"code": "ABCDEFGH12345678", "event": ""}]])
    ben.page.get_by_role("button", name="Sign out here").click()
    expect(ben.page.get_by_text("have not been sent yet. Sign out again")).to_be_visible()
    ben.tap("Sign out here")
    expect(ben.page.get_by_role("link", name="Sign in").first).to_be_visible()
    ben.problems.clear()


def test_another_person_on_the_same_phone_neither_sees_nor_sends_what_was_kept(
    cast, held, session, app
):
    ben = held(cast.other)
    amina = held(cast.attendee)
    ben.context.set_offline(True)
    code = codes.printed_code(badge_of(session, cast.rita))
    ben.page.evaluate(KEEP, [build_of(ben), [{"code": code, "event": ""}]])
    ben.context.clear_cookies()
    ben.context.add_cookies(amina.context.cookies())
    ben.context.set_offline(False)
    ben.open("/waiting")
    ben.open("/people")
    expect(ben.page.locator("#waiting")).to_be_hidden()
    assert ben.page.evaluate(KEPT, build_of(ben)) == []
    assert not claims(session)
    ben.problems.clear()


def test_the_live_code_is_right_on_a_phone_whose_clock_is_ten_minutes_wrong(cast, held, session):
    ben = held(cast.other)
    ben.context.add_init_script(CLOCK_TEN_MINUTES_WRONG)
    badge = badge_of(session, cast.ben)
    for is_offline in (False, True):
        ben.context.set_offline(is_offline)
        ben.page.reload()
        for _ in range(150):
            near = codes.step_at(clock.now())
            shown = read_screen(ben.page).rpartition("/")[2]
            if shown in {codes.live_code(badge, step) for step in (near - 1, near)}:
                break
            ben.page.wait_for_timeout(100)
        else:
            raise AssertionError((is_offline, shown))


def test_the_live_code_changes_by_itself_and_equals_the_servers(cast, held, session):
    ben = held(cast.other)
    ben.context.set_offline(True)
    code = ben.page.locator("#live-code .typed strong")
    first = code.inner_text()
    expect(code).not_to_have_text(first, timeout=16_000)
    near = codes.step_at(clock.now())
    assert code.inner_text().replace(" ", "") == codes.live_code(badge_of(session, cast.ben), near)


def test_no_script_can_read_the_secret_of_the_live_code(cast, held):
    ben = held(cast.other)
    kept = ben.page.evaluate(
        """() => new Promise(done => {
          indexedDB.open("bowline").onsuccess = ({target}) => {
            const all = target.result.transaction("keys").objectStore("keys").getAll();
            all.onsuccess = () => crypto.subtle.exportKey("raw", all.result[0].key)
              .then(() => done("readable"), error => done(error.name));
          };
        })"""
    )
    assert kept == "InvalidAccessError"


@pytest.mark.parametrize("is_on", [True, False])
def test_nobody_is_asked_to_install_anything_and_not_even_offered_it_during_an_event(
    cast, phone, session, is_on
):
    if not is_on:
        cast.event.starts_at -= timedelta(days=9)
        cast.event.ends_at -= timedelta(days=9)
    ben = phone(cast.other)
    ben.open("/events")
    ben.page.evaluate(
        """() => {
          const offer = new Event("beforeinstallprompt", { cancelable: true });
          offer.prompt = () => (document.title = "asked");
          globalThis.isQuiet = !dispatchEvent(offer);
        }"""
    )
    assert ben.page.evaluate("isQuiet")
    button = ben.page.get_by_role("button", name="Put it there")
    expect(button).to_have_count(0 if is_on else 1)
    if not is_on:
        button.click()
        expect(ben.page).to_have_title("asked")
