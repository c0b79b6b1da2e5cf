"""Every screen, light and dark: accessible, within its frame, with targets a thumb can hit."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from crawl.test_reading import NOT_PEOPLES_TEXT
from crowds import hold_party

import services
from people import (
    badge_of,
    make_attendee,
    make_cast,
    make_event,
    make_link,
    make_person,
    say_talked,
    talk,
)
from webapp.accounts.keys.models import Authenticator
from webapp.accounts.keys.services import add_passkey, make_recovery_codes
from webapp.accounts.keys.webauthn import NewKey
from webapp.accounts.models import EmailAddress
from webapp.badges import codes
from webapp.badges.desk.services import ask_desk
from webapp.badges.printing.services import Which, ask_for_print
from webapp.core import clock
from webapp.core.db import Base
from webapp.core.ids import ID_LENGTH
from webapp.exchange.guests.packing import pack
from webapp.exchange.guests.rules.workbooks import read_table
from webapp.exchange.guests.services import keep_list
from webapp.followups.models import Depth, Introduction, PromiseKind, Rhythm
from webapp.followups.queries.promises import open_promises
from webapp.followups.rules.promises import Said
from webapp.followups.services.following import choose_rhythm
from webapp.followups.services.following import follow_up as mark_followed_up
from webapp.followups.services.introductions import propose
from webapp.followups.services.promises import confirm_promise, make_promise
from webapp.followups.services.sides import choose_depth
from webapp.hosting.models import Asking
from webapp.hosting.rules import Wish
from webapp.hosting.services import ask, begin_to_help
from webapp.mail.models import LetterKind, Trouble
from webapp.mail.services import note_failure, queue_mail
from webapp.mail.stopping import stop_url
from webapp.recruiting.models import Criterion, Stage
from webapp.recruiting.queries.teams import member_of
from webapp.recruiting.services.candidates import move, plan
from webapp.recruiting.services.consent import agree
from webapp.recruiting.services.exports import note_export
from webapp.recruiting.services.handovers import accept, hand_over
from webapp.recruiting.services.openings import add_opening, close_opening
from webapp.recruiting.services.reviews import Rated, Seen, write_note, write_review
from webapp.recruiting.services.teams import grant_team, join
from webapp.recruiting.services.teams import invite as invite_colleague
from webapp.ties.models import Audience, LinkKind, Tie
from webapp.ties.queries import tie_between
from webapp.ties.rules import CheckedLink
from webapp.ties.services import add_link, keep_note
from webapp.topics.rules import OwnTopics, topics_in
from webapp.topics.services import keep_topics
from webapp.worker.services import begin_run, end_run
from webapp.worker.tasks import DELIVERY

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a screen looks like does not depend on the database."""

AXE_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
AXE_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
SMALLEST_TARGET = 48
NARROWEST = {"width": 320, "height": 640}
TALL = {"width": 390, "height": 3200}
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


LINKS = (
    (LinkKind.LINKEDIN, "https://www.linkedin.com/in/somebody", Audience.EVERYONE),
    (LinkKind.GITHUB, "https://github.com/somebody", Audience.EVERYONE),
    (LinkKind.EMAIL, "mailto:somebody.with.a.long.name@example.org", Audience.ASK),
    (LinkKind.MASTODON, "https://mastodon.example.org/@somebody", Audience.NEVER_RECRUITERS),
    (LinkKind.BLUESKY, "https://bsky.app/profile/somebody.bsky.social", Audience.EVERYONE),
    (LinkKind.X, "https://x.com/somebody", Audience.EVERYONE),
    (LinkKind.CALENDAR, "https://cal.com/somebody/half-an-hour-of-talking", Audience.ASK),
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


def queue_failing_mail(session):
    """One that waits after a failed try, one that was given up, and a task that failed."""
    for trouble in (Trouble.LATER, Trouble.NOBODY):
        mail = queue_mail(
            session,
            kind="accounts/sign_in_code",
            recipient="amina.diallo@a-rather-long-domain.kora.example.org",
            subject="Hello",
            now=clock.now(),
            code="1234 5678",
        )
        note_failure(mail, trouble=trouble, problem="450 4.2.0 greylisted", now=clock.now())
    begin_run(session, name=DELIVERY.name, every=DELIVERY.every, now=clock.now())
    end_run(session, name=DELIVERY.name, problem="OSError: no such file", now=clock.now())


def share_links(session, cast):
    """A link of every kind on both sides; of some, Amina wants to be asked each time."""
    for person in (cast.attendee, cast.other):
        for kind, url, audience in LINKS:
            link = CheckedLink(kind, url)
            add_link(session, person=person, link=link, audience=audience, now=clock.now())


def follow_up(session, cast, tie):
    """Open promises of both, one that was kept, and a depth both agree on."""
    now, kind = clock.now(), PromiseKind.OWN_WORDS
    for by in (cast.other, cast.attendee):
        for text in ("Read the draft about vector search in a rather large database", "Call"):
            said = Said(kind=kind, text=text, due_on=now.date())
            make_promise(session, tie=tie, by=by, said=said, now=now)
        choose_depth(session, tie=tie, by=by, depth=Depth.IDEAS)
    mine = [one for one in open_promises(session, tie.id) if one.by_id == cast.attendee.id]
    confirm_promise(session, promise=mine[0], by=cast.other, now=now)
    return mine[1]


def prove_by_all(session, person):
    """A passkey with a long name, an app, and all recovery codes: which passkey."""
    named = "Safari on the telephone I was given by the company in the autumn"
    now, made = clock.now(), NewKey("a-key", b"-", 0)
    passkey = add_passkey(session, person=person, made=made, name=named, now=now)
    passkey.used_at = now
    session.add(Authenticator(person_id=person.id, salt="0", last_step=0, added_at=now))
    make_recovery_codes(session, person=person, now=now)
    return passkey


def morning_after(session):
    """All that can wait for somebody whose event is over: who it is, and one of their ties."""
    now = clock.now()
    event = make_event(session, ends_at=now - timedelta(minutes=1))
    nora, *others = (make_person(session, name=name) for name in ("Nora", "Olu", "Pam", "Quim"))
    places = [make_attendee(session, event=event, person=one) for one in (nora, *others)]
    for number, place in enumerate(places):
        for other in places[number + 1 :]:
            talk(session, event=event, by=place, about=other)
    make_link(session, person=others[0], url="mailto:olu@example.org", kind=LinkKind.EMAIL)
    ties = [tie_between(session, *sorted((nora.id, one.id))) for one in others]
    for by in (nora, others[0]):
        said = Said(kind=PromiseKind.MEET_AGAIN, text="in the park", due_on=now.date())
        make_promise(session, tie=ties[0], by=by, said=said, now=now)
    keep_note(session, author=places[0], about_id=places[1].id, text="A choir", now=now)
    mark_followed_up(session, tie=ties[1], by=nora, now=now)
    for reason, by, pair in (
        ("Both of you sing", others[0], (nora, others[1])),
        ("Both of you dance", others[1], (nora, others[2])),
        ("Both of you cook", nora, (others[0], others[2])),
    ):
        propose(session, by=by, pair=pair, reason=reason, now=now)
    made = session.query(Introduction).filter_by(reason="Both of you dance").one()
    made.low_accepted_at = made.high_accepted_at = now
    ties[2].opened_at = ties[2].last_talk_at = now - timedelta(days=40)
    session.flush()
    choose_rhythm(session, tie=ties[2], by=nora, rhythm=Rhythm.MONTHLY, now=ties[2].opened_at)
    return nora, ties[0]


def review_together(session, cast):
    """Rita and Tom review Ben, who has agreed; Amina, who has not, is asked after her talk.

    Rita hands Ben to Tom, who carries on, and then asks whether Una may.
    """
    event, now = cast.event, clock.now()
    tom = make_person(session, name="Tom Tester", address="tom@example.org")
    place = make_attendee(session, event=event, person=tom)
    asked = {"event": event, "by": cast.organiser, "now": now}
    team = grant_team(session, name="Kora Labs", address="tom@example.org", **asked)
    join(session, event=event, team=team, person=tom, now=now)
    mine = {"person_id": cast.recruiter.id, "proven_at": now, "code_proven_at": now}
    session.add(EmailAddress(address="rita@example.org", **mine))
    session.flush()
    for address in ("rita@example.org", "una.with.a.long.name@a-rather-long-domain.example.org"):
        invite_colleague(session, team=team, address=address, is_admin=True, **asked)
    join(session, event=event, team=team, person=cast.recruiter, now=now)
    talk(session, event=event, by=cast.ben, about=cast.rita)
    agree(session, team=team, person=cast.other, now=now)
    member = member_of(session, event_id=event.id, person_id=cast.recruiter.id)
    plan(
        session,
        member=member,
        person_id=cast.other.id,
        next_step="Show them the office and the large database behind it",
        next_on=now.date(),
        owner_id=tom.id,
        seen=0,
        now=now,
    )
    said = Said(kind=PromiseKind.SEND_LINK, text="the paper", due_on=now.date())
    tie = tie_between(session, *sorted((cast.other.id, cast.recruiter.id)))
    make_promise(session, tie=tie, by=cast.recruiter, said=said, now=now)
    second = session.query(Stage).filter_by(team_id=team.id, place=1).one()
    note_export(session, member=member, preset="hubspot", person_ids=[cast.other.id], now=now)
    later = {"member": member, "person_id": cast.other.id, "seen": 1, "now": now}
    move(session, stage=second, **later)
    hand_twice(session, cast, team, tom)
    colleague = member_of(session, event_id=event.id, person_id=tom.id)
    openings = [judge(session, cast, member, [member, colleague]), judge(session, cast, member, [])]
    return talk(session, event=event, by=cast.amina, about=place), tie, openings


def judge(session, cast, admin, reviewers):
    """An opening for which colleagues disagree about Ben; one nobody reviewed for is closed."""
    title = "Data engineer for a rather large database in Berlin or from afar"
    texts = ["Explains how a database finds a row in a table of many", "Listens", "Writes clearly"]
    now = clock.now()
    opening = add_opening(session, member=admin, title=title, criteria=texts, now=now)
    found = session.query(Criterion).filter_by(opening_id=opening.id).order_by(Criterion.place)
    criteria = [one.id for one in found]
    for number, member in enumerate(reviewers):
        scores = [(4 - 2 * number, "Drew a tree on a napkin"), (3, "Asked back"), (None, "")]
        rated = [Rated(one, *said) for one, said in zip(criteria, scores, strict=True)]
        named = {"member": member, "person_id": cast.other.id}
        seen = Seen(opening=0, review=0)
        write_review(session, **named, opening_id=opening.id, rated=rated, seen=seen, now=now)
        write_note(session, **named, text="Would like to hear from us soon\nAsked back", now=now)
    if not reviewers:
        close_opening(session, opening=opening, now=now)
    return opening


def hand_twice(session, cast, team, tom):
    """One hand-over with Ben's yes, and one that waits."""
    event, now = cast.event, clock.now()
    una = make_person(session, name="Una Undergraduate-Researcher", address="una@example.org")
    named = {"event": event, "team": team, "now": now}
    by = cast.organiser
    invite_colleague(session, address="una@example.org", is_admin=False, by=by, **named)
    join(session, person=una, **named)
    member = member_of(session, event_id=event.id, person_id=cast.recruiter.id)
    for to, reason in (
        (tom, "Tom built the large database you asked about, and he hires for that team."),
        (una, "Una does the research behind it."),
    ):
        asked = hand_over(
            session, member=member, person_id=cast.other.id, to_id=to.id, reason=reason, now=now
        )
        if to is tom:
            accept(session, handover=asked, now=now)


@pytest.fixture
def screens(session, site, monkeypatch):
    """Every screen there is, by the person who sees it."""
    cast = make_cast(session)
    proven = talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    waiting = say_talked(session, event=cast.event, by=cast.amina, about=cast.rita)
    share_links(session, cast)
    for attendee in (cast.amina, cast.rita):
        said = OwnTopics(seeks=tuple(topics_in("vector search")), is_looking=True)
        keep_topics(session, attendee=attendee, said=said, now=clock.now())
        ask(session, attendee=attendee, wish=Wish("Somebody who sings", True), now=clock.now())
    begin_to_help(
        session,
        asking=session.get_one(Asking, (cast.event.id, cast.amina.id)),
        by=cast.organiser,
        instead_of=None,
        now=clock.now(),
    )
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
    hold_party(session, by=cast.organiser, days_ago=60)
    party = hold_party(session, by=cast.organiser)
    queue_failing_mail(session)
    twin = make_attendee(session, event=cast.event, name="Amina Diallo")
    ask_desk(session, event=cast.event, person=cast.stranger, now=clock.now())
    session.commit()
    operators = replace(site.extensions["bowline"], operators=frozenset({"olga@example.org"}))
    monkeypatch.setitem(site.extensions, "bowline", operators)
    said_no = urlsplit(stop_url(LetterKind.MORNING, cast.attendee.id)).path
    here = f"/events/{cast.event.id}"
    tie = session.query(Tie).one()
    promised = follow_up(session, cast, tie)
    with_tom, of_ben, (judged, closed) = review_together(session, cast)
    first = session.query(Stage).filter_by(place=0).first()
    nora, of_nora = morning_after(session)
    passkey = prove_by_all(session, cast.attendee)
    session.commit()
    return cast, {
        None: [
            *("/", "/how-it-works", "/privacy", "/sign-in"),
            *(f"/E/{cast.event.code}", "/mail", said_no, "/nothing-here"),
        ],
        cast.attendee: [
            f"{here}/meet",
            f"{here}/scan",
            f"{here}/look-for",
            f"{here}/introduce-me",
            f"{here}/ask?code=ABCD1234",
            f"{here}/talks/{proven.id}",
            f"{here}/talks/{waiting.id}",
            f"{here}/talks/{with_tom.id}",
            "/me/teams",
            f"/B/{codes.printed_code(badge_of(session, cast.rita))}",
            "/people",
            f"/people/{tie.id}",
            f"/people/{tie.id}/promises/{promised.id}",
            f"/people/{tie.id}/write",
            f"/people/{tie.id}/calendar",
            f"/people/{tie.id}/introduce",
            "/follow-up",
            "/me",
            "/me/seen",
            f"/me/seen?by={tie.id}",
            "/me/keys",
            "/me/keys/new",
            f"/me/keys/{passkey.id}/remove",
            "/me/keys/recovery",
            "/sign-in/prove",
            "/me/devices",
            "/me/mails",
            "/me/data",
            "/me/leave",
            "/sign-in/again",
            "/me/log",
            "/events",
            "/events/new",
            "/B/ABCDEFGH12345678",
        ],
        cast.recruiter: [
            "/follow-up",
            f"{here}/talks/{waiting.id}",
            f"{here}/look-for",
            "/teams",
            f"{here}/my-team",
            f"{here}/candidates",
            f"{here}/candidates?words=nobody&due=step",
            f"{here}/candidates/board?moved={cast.other.id}&before={first.id}",
            f"{here}/candidates/{cast.other.id}?before={first.id}",
            f"{here}/export",
            f"{here}/export?words=nobody",
            f"{here}/export/check?preset=greenhouse&whom=all&has_notes=y",
            f"{here}/export/check?preset=hubspot&whom=new",
            f"{here}/candidates/{cast.other.id}/reviews/{judged.id}",
            f"{here}/openings",
            f"{here}/openings/{judged.id}",
            f"{here}/openings/{closed.id}",
        ],
        cast.other: [
            "/me/teams",
            f"/me/teams/{cast.event.id}/{judged.team_id}",
            "/me/log",
            "/follow-up",
            f"/people/{of_ben.id}",
        ],
        cast.stranger: [
            "/me/keys",
            "/me/keys/app",
            "/me/keys/recovery",
            "/follow-up",
            f"/E/{cast.event.code}",
        ],
        nora: ["/follow-up", f"/people/{of_nora.id}", f"/people/{of_nora.id}/introduce"],
        cast.desk: [f"{here}/desk?q=nobody", f"{here}/desk?q=amina"],
        cast.organiser: [
            "/operator",
            f"{here}/desk",
            f"{here}/desk/{cast.ben.id}/badge",
            f"{here}/desk/{twin.id}/badge",
            f"{here}/desk/scan",
            f"{here}/hosting",
            f"{here}/room",
            f"{here}/badges",
            f"{here}/badges/prints/{asked.id}",
            f"{here}/report",
            f"/events/{party.id}/report",
            f"/events/{party.id}/room",
            f"{here}/team",
            f"{here}/teams",
            f"{here}/settings",
            f"{here}/log",
            "/events",
            f"/events/new?like={cast.event.id}",
            f"{here}/import",
            f"{here}/import/{guests.id}/match",
            f"{here}/import/{guests.id}/check",
        ],
    }


def violations(page, axe, options):
    """What axe finds on the page that is open."""
    page.evaluate(axe)
    found = page.evaluate("(options) => axe.run(document, options)", options)["violations"]
    return [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found]


def sideways(page):
    """By how much the page that is open scrolls sideways on the narrowest phone."""
    page.set_viewport_size(NARROWEST)
    page.evaluate(DOUBLE_TEXT)
    wide = page.evaluate(SIDEWAYS)
    page.set_viewport_size(TALL)
    return [("scrolls sideways at 320 px with double text by", wide)] if wide > 0 else []


@pytest.mark.browser
def test_every_screen_is_accessible_fits_a_narrow_phone_and_can_be_hit_by_a_thumb(
    phone, screens, axe
):
    found = []
    for person, paths in screens[1].items():
        one = phone(person, color_scheme="light", viewport=TALL)
        for path in paths:
            one.open(path)
            problems = violations(one.page, axe, AXE_RULES)
            problems += one.page.evaluate(TARGETS_TOO_SMALL, SMALLEST_TARGET)
            found += [(path, problem) for problem in problems + sideways(one.page)]
    assert not found


HOSTILE = (
    "\"'><img src=x onerror=alert(1)><svg/onload=alert(2)></textarea></script>"
    "<script>alert(3)</script><a href=javascript:alert(4)>{{7*7}}</a>"
)
MUST_MEAN_SOMETHING = {
    "attendee.folded": "finds a guest; nobody sees it",
    "email_address.address": "tells who looks after the installation",
    "history_entry.told": "for an outcome a name of ours",
    "mail.html": "made by our templates, which other tests give such texts",
    "mail.stop_url": "made by us",
    "topic.key": "finds a topic; nobody sees it",
}
TOOK_IT_FOR_HTML = """document.querySelectorAll(
  'img[src="x"], svg[onload], [onerror], main script:not([src]), a[href^="javascript"]').length"""


@pytest.fixture
def hostile_screens(session, screens):
    """The same screens; every text a person can have typed goes on with what would be a script."""
    for table in Base.metadata.sorted_tables:
        texts = [column for column in table.columns if is_text_of_people(column)]
        if texts:
            values = {column: column.concat(HOSTILE) for column in texts}
            session.execute(sa.update(table).values(values))
    session.commit()
    return screens[1]


def is_text_of_people(column):
    name, kind = f"{column.table.name}.{column.name}", column.type
    is_text = isinstance(kind, sa.String) and not isinstance(kind, sa.Enum)
    is_id = is_text and kind.length == ID_LENGTH
    return is_text and not is_id and name not in NOT_PEOPLES_TEXT.keys() | MUST_MEAN_SOMETHING


@pytest.mark.browser
def test_every_screen_can_be_read_in_the_dark_and_runs_no_text_as_a_script(
    phone, hostile_screens, axe
):
    """Nothing but colours is another in the dark; dialogs and refused content fail on any phone."""
    found, shown = [], 0
    for person, paths in hostile_screens.items():
        one = phone(person, color_scheme="dark", viewport=TALL)
        for path in paths:
            one.open(path)
            found += [(path, problem) for problem in violations(one.page, axe, AXE_COLOURS)]
            if taken := one.page.evaluate(TOOK_IT_FOR_HTML):
                found.append((path, "took a text for HTML", taken))
            shown += "<img src=x onerror=alert(1)>" in one.page.inner_text("body")
    assert not found
    assert shown > 60


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
