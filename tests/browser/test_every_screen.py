"""Every screen, light and dark: accessible, within its frame, with targets a thumb can hit."""

import pytest

import services
from people import badge_of, make_cast, say_talked, talk
from webapp.badges import codes
from webapp.badges.printing.services import Which, ask_for_print
from webapp.core import clock
from webapp.exchange.guests.packing import pack
from webapp.exchange.guests.rules.workbooks import read_table
from webapp.exchange.guests.services import keep_list
from webapp.ties.models import Tie
from webapp.topics.rules import OwnTopics, topics_in
from webapp.topics.services import keep_topics

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a screen looks like does not depend on the database."""

AXE_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SMALLEST_TARGET = 48
TALL = {"width": 390, "height": 2400}
"""Nothing lies under the tabs, as after scrolling."""

TARGETS_TOO_SMALL = """(least) =>
  [...document.querySelectorAll('a, button, input, select, summary')]
  .filter(e => e.checkVisibility() && e.type !== 'hidden')
  .filter(e => !e.closest('p:not(.links)') && !e.matches('.skip'))
  .filter(e => !(e.labels && [...e.labels].some(l => l.contains(e))))
  .map(e => [e, e.getBoundingClientRect()])
  .filter(([e, box]) => box.height < least - 0.5 || box.width < least - 0.5)
  .map(([e, box]) => `${e.outerHTML.slice(0, 90)} is ${box.width} x ${box.height}`)"""
DOUBLE_TEXT = "() => { document.documentElement.style.fontSize = '200%' }"
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


WEIGHT = """() => [...performance.getEntriesByType("navigation"),
    ...performance.getEntriesByType("resource")]
  .map(({name, transferSize}) => [new URL(name).pathname, transferSize])"""
HEAVIEST, HEAVIEST_SCRIPTS = 30_000, 20_000
SCANNER = ("/js/scan/", "/vendor/qr/")
"""Scripts of the camera; what the other pages need has to be small without them."""


@pytest.fixture(scope="session")
def axe() -> str:
    return (services.node_modules() / "axe-core" / "axe.min.js").read_text()


GUESTS = (
    "Nom complet;E-Mail-Adresse;Ticket;Telefon;Firma\n"
    "Amina Diallo;a@kora.example.org;Speaker;+49 170 1234567;Kora Labs\n"
    "Ben Ng;a@;Guest;;Acme\n"
)


def waiting_guests(session, cast):
    """A list about to be imported, with a wrong row."""
    return keep_list(
        session,
        event=cast.event,
        by=cast.organiser,
        file_name="guests.csv",
        content=pack(read_table(GUESTS.encode())),
        now=clock.now(),
    )


@pytest.fixture
def screens(session):
    """Every screen there is, by the person who sees it."""
    cast = make_cast(session)
    proven = talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    waiting = say_talked(session, event=cast.event, by=cast.amina, about=cast.rita)
    for attendee in (cast.amina, cast.rita):
        said = OwnTopics(seeks=tuple(topics_in("vector search")), is_looking=True)
        keep_topics(session, attendee=attendee, said=said, now=clock.now())
    guests = waiting_guests(session, cast)
    asked = ask_for_print(
        session,
        event=cast.event,
        layout="a4-8",
        has_backs=True,
        has_groups=True,
        which=Which.ALL,
        attendee_id=None,
        by=cast.organiser,
        now=clock.now(),
    )
    session.commit()
    here = f"/events/{cast.event.id}"
    tie = session.query(Tie).one()
    return cast, {
        None: ["/", "/sign-in", f"/E/{cast.event.code}", "/mail", "/nothing-here"],
        cast.attendee: [
            f"{here}/meet",
            f"{here}/scan",
            f"{here}/look-for",
            f"{here}/ask?code=ABCD1234",
            f"{here}/talks/{proven.id}",
            f"{here}/talks/{waiting.id}",
            f"/B/{codes.printed_code(badge_of(session, cast.rita))}",
            "/people",
            f"/people/{tie.id}",
            "/follow-up",
            "/me",
            "/me/devices",
            "/events",
            "/events/new",
            "/B/ABCDEFGH12345678",
        ],
        cast.recruiter: ["/follow-up", f"{here}/talks/{waiting.id}", f"{here}/look-for"],
        cast.organiser: [
            f"{here}/desk",
            f"{here}/desk/{cast.ben.id}/badge",
            f"{here}/badges",
            f"{here}/badges/prints/{asked.id}",
            f"{here}/report",
            f"{here}/team",
            f"{here}/import",
            f"{here}/import/{guests.id}/match",
            f"{here}/import/{guests.id}/check",
        ],
    }


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_screen_has_an_axe_violation(phone, screens, axe, scheme):
    found = []
    for person, paths in screens[1].items():
        one = phone(person, color_scheme=scheme, viewport=TALL)
        for path in paths:
            one.open(path)
            one.page.evaluate(axe)
            result = one.page.evaluate("(options) => axe.run(document, options)", AXE_RULES)
            found += [
                (path, violation["id"], [node["html"][:120] for node in violation["nodes"]])
                for violation in result["violations"]
            ]
    assert not found


@pytest.mark.browser
def test_no_screen_scrolls_sideways_at_320_px_with_double_text(phone, screens):
    found = []
    for person, paths in screens[1].items():
        one = phone(person, viewport={"width": 320, "height": 640})
        for path in paths:
            one.open(path)
            one.page.evaluate(DOUBLE_TEXT)
            if (sideways := one.page.evaluate(SIDEWAYS)) > 0:
                found.append((path, sideways))
    assert not found


@pytest.mark.browser
def test_no_target_is_too_small_for_a_thumb(phone, screens):
    found = []
    for person, paths in screens[1].items():
        one = phone(person)
        for path in paths:
            one.open(path)
            small = one.page.evaluate(TARGETS_TOO_SMALL, SMALLEST_TARGET)
            found += [(path, target) for target in small]
    assert not found


@pytest.mark.browser
def test_no_attendee_page_weighs_more_than_30_kb_and_20_kb_of_script(phone, screens):
    cast, paths = screens
    found = []
    for path in paths[cast.attendee]:
        one = phone(cast.attendee, service_workers="block")
        one.open(path)
        one.page.wait_for_load_state("networkidle")
        loaded = [
            (name, size)
            for name, size in one.page.evaluate(WEIGHT)
            if not any(part in name for part in SCANNER)
        ]
        scripts = sum(size for name, size in loaded if name.endswith(("js", "mjs")))
        weight = sum(size for _, size in loaded)
        assert scripts > 1000, "nothing was measured"
        if weight > HEAVIEST or scripts > HEAVIEST_SCRIPTS:
            found.append((path, weight, scripts))
        one.context.close()
    assert not found
