"""One event full of people in every relation, each with a canary in every column of text.

A canary is a word nobody could have typed; the registry knows whose it is and what it stands for.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy.orm import Session

from people import badge_of, live, make_event, printed
from webapp.accounts.keys.models import Authenticator, Challenge, Passkey, RecoveryCode
from webapp.accounts.models import EmailAddress, Identity, Person, Proof, SignInCode
from webapp.accounts.services import new_person, open_device
from webapp.badges import codes
from webapp.badges.desk.services import ask_desk, vouch
from webapp.badges.printing.models import PrintedBadge
from webapp.badges.printing.services import Which, ask_for_print
from webapp.badges.services import issue_badge
from webapp.conversations import services as talks
from webapp.conversations.models import Conversation
from webapp.core import clock
from webapp.events.models import Attendee, Event, RoleName
from webapp.events.services import add_attendee, check_in, grant_role, remove_role
from webapp.events.settings.services import archive
from webapp.events.team.services import invite, offer_event
from webapp.exchange.guests.models import GuestSource
from webapp.exchange.guests.packing import pack
from webapp.exchange.guests.rules.workbooks import read_table
from webapp.exchange.guests.services import keep_list
from webapp.followups.models import (
    Depth,
    Introduction,
    Outcome,
    OutcomeKind,
    PromiseKind,
    Rhythm,
    UsedMessage,
)
from webapp.followups.rules.promises import Said
from webapp.followups.services.following import choose_rhythm
from webapp.followups.services.promises import make_promise
from webapp.followups.services.sides import choose_depth
from webapp.hosting.models import Asking
from webapp.hosting.rules import Wish
from webapp.hosting.services import ask, begin_to_help, note_introduction
from webapp.insights.services import freeze_summary
from webapp.mail.models import LetterDay, LetterKind, Mail, Stop, StopReason, Trouble
from webapp.mail.models import Wish as LetterWish
from webapp.mail.stopping import address_digest, stop_url
from webapp.recruiting.models import Criterion, Member, Stage
from webapp.recruiting.services.candidates import plan
from webapp.recruiting.services.consent import agree, withdraw
from webapp.recruiting.services.exports import note_export
from webapp.recruiting.services.handovers import accept as accept_handover
from webapp.recruiting.services.handovers import hand_over
from webapp.recruiting.services.openings import add_opening
from webapp.recruiting.services.reviews import Rated, Seen, write_note, write_review
from webapp.recruiting.services.teams import grant_team, join
from webapp.recruiting.services.teams import invite as ask_colleague
from webapp.ties.models import Audience, Link, LinkKind, Tie
from webapp.ties.queries import own_offers, tie_between
from webapp.ties.rules import CheckedLink
from webapp.ties.services import add_link, answer_offer, keep_note, untie
from webapp.topics.rules import OwnTopics, topics_in
from webapp.topics.services import keep_topics
from webapp.worker.models import TaskRun

CANARY = re.compile(r"zqcanary[0-9]{5}x")
UNKNOWN_ID = "zzzzzzzzzzzzzzzz"
HUB = "amina"


@dataclass(frozen=True)
class Canary:
    """What one canary stands for: whose it is, of which kind, and at which event if any."""

    owner: str
    kind: str
    event: str | None = None


@dataclass
class World:
    """Everybody and everything, by short keys."""

    canaries: dict[str, Canary] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    attendees: dict[tuple[str, str], Attendee] = field(default_factory=dict)
    """By event and person; a guest without a person has a key of its own."""
    tokens: dict[str, str] = field(default_factory=dict)
    revoked_codes: list[str] = field(default_factory=list)
    desk_code: str = ""
    """What somebody shows who asks the desk for a badge."""
    guest_lists: list[tuple[str, str]] = field(default_factory=list)
    """Event and id; one of them has been imported in part."""
    openings: list[str] = field(default_factory=list)
    """For the first only Tess has reviewed, for the second Rita too."""
    badge_codes: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """What a scan of each badge reads now, printed, typed and live."""
    operators: frozenset[str] = frozenset()
    """The addresses of those who look after the installation."""
    stop_urls: list[str] = field(default_factory=list)
    """Where Amina and a guest say no to letters."""
    _numbers: Iterator[int] = field(default_factory=count)

    def plant(self, owner: str, kind: str, event: str | None = None) -> str:
        word = f"zqcanary{next(self._numbers):05}x"
        self.canaries[word] = Canary(owner, kind, event)
        return word

    def key_of(self, person_id: str | None) -> str | None:
        return next((key for key, one in self.persons.items() if one.id == person_id), None)


def make_world(session: Session) -> World:
    """Build everything through the services that the web uses."""
    world, now = World(), clock.now()
    session.expire_on_commit = False
    _make_events(session, world)
    for key in (HUB, *RELATED, *UNRELATED):
        _make_person(session, world, key)
    for key in (HUB, *RELATED, "newbie", "tess"):
        _make_attendee(session, world, "main", key)
    for key in ("guest", "spare", "held"):
        _make_guest(session, world, key)
    world.attendees["main", "spare"].address = address_of(world, session, "heir")
    for event, key in (
        ("past", HUB),
        ("past", "pia"),
        ("other", "sam"),
        ("other", "nils"),
        ("other", "rita"),
    ):
        _make_attendee(session, world, event, key)
    _give_roles(session, world)
    _let_the_desk_help(session, world)
    _replace_badge(session, world, "tara")
    _bring_lists(session, world)
    _let_them_talk(session, world)
    _say_topics(session, world)
    _ask_hosts(session, world)
    freeze_summary(session, event=world.events["main"], now=now)
    _print_badges(session, world)
    _write_letters(session, world)
    world.operators = frozenset({address_of(world, session, "otto")})
    session.commit()
    return world


RELATED = (
    "tara",  # tied by a claim and a yes
    "lena",  # tied by a live code, just now
    "wim",  # says they talked; Amina has not answered
    "wanda",  # has not answered Amina
    "dora",  # told Amina no
    "deva",  # was told no by Amina
    "boris",  # tied, then blocked by Amina
    "bella",  # tied, then blocked Amina
    "bruno",  # blocked Amina, who claims again
    "uma",  # untied by Amina
    "ugo",  # untied Amina
    "una",  # talked, and the talk was undone
    "rita",  # recruiter with a claim about Amina
    "orla",  # co-organiser who attends and is tied to Tara
)
SHY = {"una", "rita", "tess"}
"""Who does not want to be suggested to others."""

KNOWING = {HUB, "tara", "wanda", "dora", "boris", "bella", "bruno", "uma", "ugo", "guest", "rita"}
"""Who knows what everybody seeks."""

UNRELATED = (
    "olga",  # organiser
    "cleo",  # co-organiser
    "dan",  # at the desk
    "sam",  # organises another event
    "nils",  # attends another event
    "pia",  # tied since an earlier event
    "heir",  # reads the mail of a badge nobody has claimed
    "ines",  # is asked to help
    "newbie",  # attends, has talked with nobody, is asked to join a team
    "tess",  # reviews with Rita whom they talked with
    "vic",  # holds the place of a guest by the desk's word
    "lone",  # has an account and nothing else
    "otto",  # looks after the installation
)


def _make_events(session: Session, world: World) -> None:
    now = clock.now()
    times = {
        "main": (now - timedelta(hours=2), now + timedelta(hours=3)),
        "other": (now - timedelta(hours=2), now + timedelta(hours=3)),
        "past": (now - timedelta(days=3), now - timedelta(days=2)),
    }
    for key, (starts_at, ends_at) in times.items():
        world.events[key] = make_event(
            session,
            name=world.plant(key, "event", key),
            place=world.plant(key, "event", key),
            starts_at=starts_at,
            ends_at=ends_at,
        )


def _make_person(session: Session, world: World, key: str) -> None:
    now = clock.now()
    person = new_person(session, name=world.plant(key, "name"), now=now)
    person.organisation = world.plant(key, "card")
    person.headline = world.plant(key, "card")
    world.persons[key] = person
    address = f"{world.plant(key, 'address')}@example.org"
    session.add(
        EmailAddress(address=address, person_id=person.id, proven_at=now, code_proven_at=now)
    )
    session.add(
        Identity(
            issuer=f"https://{world.plant(key, 'identity')}.example.org",
            subject=world.plant(key, "identity"),
            provider=world.plant(key, "identity"),
            person_id=person.id,
            added_at=now,
        )
    )
    for kind, url, audience in (
        (LinkKind.WEBSITE, "https://{}.example.org/page", Audience.EVERYONE),
        (LinkKind.LINKEDIN, "https://www.linkedin.com/in/{}", Audience.EVERYONE),
        (LinkKind.GITHUB, "https://github.com/{}", Audience.NEVER_RECRUITERS),
        (LinkKind.EMAIL, "mailto:{}@example.org", Audience.ASK),
    ):
        link = CheckedLink(kind, url.format(world.plant(key, "link")))
        add_link(session, person=person, link=link, audience=audience, now=now)
    label = world.plant(key, "device")
    world.tokens[key] = open_device(
        session, person=person, label=label, proof=Proof.PASSKEY, now=now
    )
    _make_keys(session, world, key)
    _make_mail(session, world, key)
    session.add(
        SignInCode(
            address=f"{world.plant(key, 'address')}@example.org",
            code_digest="-",
            browser_digest="-",
            asked_at=now,
        )
    )
    session.flush()


WITH_APP = {HUB, "tara", "boris", "sam"}


def _make_keys(session: Session, world: World, key: str) -> None:
    """A passkey each, an app for a few, and a question nobody has answered."""
    now, person_id = clock.now(), world.persons[key].id
    session.add_all(
        [
            Passkey(
                person_id=person_id,
                credential_id=world.plant(key, "passkey"),
                public_key=b"-",
                sign_count=0,
                name=world.plant(key, "passkey"),
                added_at=now,
            ),
            RecoveryCode(person_id=person_id, code_digest=f"digest of {key}", made_at=now),
            Challenge(digest=f"asked of {key}", asked_at=now),
        ]
    )
    if key in WITH_APP:
        salt = world.plant(key, "secret")
        session.add(Authenticator(person_id=person_id, salt=salt, last_step=0, added_at=now))


def _make_mail(session: Session, world: World, key: str) -> None:
    now = clock.now()
    session.add(
        Mail(
            kind="accounts/sign_in_code",
            recipient=f"{world.plant(key, 'mail')}@example.org",
            subject=world.plant(key, "mail"),
            text=world.plant(key, "mail"),
            html=world.plant(key, "mail"),
            problem=world.plant(key, "mail problem"),
            trouble=Trouble.LATER,
            tries=1,
            queued_at=now,
            due_at=now,
        )
    )


def _write_letters(session: Session, world: World) -> None:
    """Let Amina have a letter under way, a guest none any more, and the worker have failed."""
    now = clock.now()
    letter = session.query(Mail).filter_by(sent_at=None, gave_up_at=None).first()
    letter.letter, letter.reader = LetterKind.MORNING, world.persons[HUB].id
    letter.stop_url = world.plant(HUB, "mail")
    gone = Mail(kind="-", recipient="-", subject="", text="", html="", queued_at=now, due_at=now)
    gone.gave_up_at, gone.trouble = now, Trouble.NOBODY
    guest, tara = address_digest("guest@example.org"), world.persons["tara"]
    told = world.plant("otto", "mail problem")
    session.add_all(
        [
            gone,
            LetterWish(person_id=tara.id, kind="reminder", is_wanted=False, said_at=now),
            Stop(address_digest=guest, reason=StopReason.ASKED, stopped_at=now),
            LetterDay(reader=guest, day_on=now.date()),
            TaskRun(name="deliver_mail", started_at=now, problem=told),
        ]
    )
    for kind, reader in ((LetterKind.MORNING, world.persons[HUB].id), (LetterKind.GUEST, guest)):
        world.stop_urls.append(stop_url(kind, reader))


def _make_attendee(session: Session, world: World, event: str, key: str) -> None:
    _add(session, world, event, key, world.persons[key])


def _make_guest(session: Session, world: World, key: str) -> None:
    _add(session, world, "main", key, None)


def _add(session: Session, world: World, event: str, key: str, person: Person | None) -> None:
    now = world.events[event].starts_at
    attendee = add_attendee(
        session,
        event=world.events[event],
        person=person,
        name=world.plant(key, "printed", event),
        organisation=world.plant(key, "printed", event),
        headline=world.plant(key, "printed", event),
        address=f"{world.plant(key, 'imported', event)}@example.org",
        group_name=world.plant(key, "group", event),
        now=now,
    )
    if person is not None:
        check_in(session, attendee=attendee, now=now)
    world.attendees[event, key] = attendee
    _make_badge(session, world, event, key)


def _make_badge(session: Session, world: World, event: str, key: str) -> None:
    badge = issue_badge(session, attendee=world.attendees[event, key], now=clock.now())
    world.canaries[codes.claim_code(badge)] = Canary(key, "claim code", event)
    step = codes.step_at(clock.now())
    world.badge_codes[event, key] = {
        codes.printed_code(badge),
        codes.short_code(badge),
        codes.live_code(badge, step),
        codes.live_code(badge, step - 1),
    }


def address_of(world: World, session: Session, key: str) -> str:
    own = session.query(EmailAddress).filter_by(person_id=world.persons[key].id)
    return own.one().address


def _give_roles(session: Session, world: World) -> None:
    now = clock.now()
    for event, key, name in (
        ("main", "olga", RoleName.ORGANISER),
        ("main", "cleo", RoleName.CO_ORGANISER),
        ("main", "orla", RoleName.CO_ORGANISER),
        ("main", "dan", RoleName.DESK),
        ("main", "rita", RoleName.RECRUITER),
        ("other", "sam", RoleName.ORGANISER),
        ("past", "pia", RoleName.ORGANISER),
    ):
        person = world.persons[key]
        grant_role(session, event=world.events[event], person=person, name=name, now=now)
    archive(session, event=world.events["other"], by=world.persons["sam"], now=now)
    offer_event(
        session,
        event=world.events["main"],
        person_id=world.persons["orla"].id,
        by=world.persons["olga"],
        now=now,
    )
    waiting = f"{world.plant('nobody', 'invitation', 'main')}@example.org"
    for address in (waiting, address_of(world, session, "ines")):
        invite(
            session,
            event=world.events["main"],
            address=address,
            name=RoleName.DESK,
            by=world.persons["olga"],
            now=now,
        )


def _let_the_desk_help(session: Session, world: World) -> None:
    """Vouch for somebody, and let somebody else ask for it."""
    event, now = world.events["main"], clock.now()
    code = ask_desk(session, event=event, person=world.persons["vic"], now=now)
    held = world.attendees["main", "held"]
    vouch(session, event=event, attendee=held, typed=code, by=world.persons["dan"], now=now)
    world.desk_code = ask_desk(session, event=event, person=world.persons["lone"], now=now)


def _bring_lists(session: Session, world: World) -> None:
    """Let lists wait at two events; the second one has been imported in part."""
    for event, by in (("main", "olga"), ("main", "cleo"), ("other", "sam")):
        name, address, firm = (world.plant("list", "guest list", event) for _ in range(3))
        text = f"Name,E-mail,Company\n{name},{address}@example.org,{firm}\n{name},{address},\n"
        kept = keep_list(
            session,
            event=world.events[event],
            by=world.persons[by],
            file_name=world.plant("list", "guest list", event),
            content=pack(read_table(text.encode())),
            now=clock.now(),
        )
        kept.next_row = 1 if by == "cleo" else 0
        world.guest_lists.append((kept.event_id, kept.id))
    key = world.plant("guest", "imported", "main")
    about = world.attendees["main", "guest"]
    session.add(GuestSource(event_id=about.event_id, source="luma", key=key, attendee_id=about.id))


def _replace_badge(session: Session, world: World, key: str) -> None:
    old = badge_of(session, world.attendees["main", key])
    world.revoked_codes.append(codes.printed_code(old))
    _make_badge(session, world, "main", key)


@dataclass
class _Talks:
    """Lets people talk at moments far enough apart that no limit is reached."""

    session: Session
    world: World
    next_at: datetime

    def say(self, by: str, about: str, *, event: str = "main") -> Conversation:
        self.next_at += timedelta(minutes=2)
        world = self.world
        return talks.claim(
            self.session,
            event=world.events[event],
            by=world.attendees[event, by],
            scan=printed(self.session, world.attendees[event, about]),
            now=self.next_at,
        )

    def both(self, by: str, about: str, *, event: str = "main") -> Conversation:
        talk = self.say(by, about, event=event)
        attendee = self.world.attendees[event, about]
        talks.confirm(self.session, talk=talk, by=attendee, now=self.next_at)
        return talk

    def refuse(self, talk: Conversation, by: str) -> None:
        talks.refuse(self.session, talk=talk, by=self.world.attendees["main", by], now=self.next_at)

    def block(self, by: str, whom: str) -> None:
        talks.block(
            self.session,
            blocker_id=self.world.persons[by].id,
            blocked_id=self.world.persons[whom].id,
            now=clock.now(),
        )

    def untie(self, by: str, other: str) -> None:
        low, high = sorted((self.world.persons[by].id, self.world.persons[other].id))
        tie = tie_between(self.session, low, high)
        untie(self.session, tie=tie, by=self.world.persons[by], now=clock.now())


def _let_them_talk(session: Session, world: World) -> None:
    now = clock.now()
    say = _Talks(session, world, world.events["main"].starts_at)
    for key in ("tara", "boris", "bella", "uma", "ugo", "una"):
        say.both(key, HUB)
    say.both("orla", "tara")
    for key in ("tara", "wim", "lena", "deva", "dora"):
        say.both("tess", key)
    for key in ("wim", "rita"):
        say.say(key, HUB)
    for key in ("wanda", "guest"):
        say.say(HUB, key)
    say.refuse(say.say(HUB, "dora"), "dora")
    say.refuse(say.say("deva", HUB), HUB)
    _write_notes(session, world, event="main")
    _follow_up(session, world)
    say.block(HUB, "boris")
    say.block("bella", HUB)
    say.block("bruno", HUB)
    say.say(HUB, "bruno")
    say.untie(HUB, "uma")
    say.untie("ugo", HUB)
    _undo_last(session, world, "una")
    scan = live(session, world.attendees["main", HUB])
    lena = world.attendees["main", "lena"]
    talks.claim(session, event=world.events["main"], by=lena, scan=scan, now=now)
    past = _Talks(session, world, world.events["past"].starts_at)
    past.both("pia", HUB, event="past")
    _give_links(session, world)
    elsewhere = _Talks(session, world, world.events["other"].starts_at)
    elsewhere.both("sam", "nils", event="other")
    _write_notes(session, world, event="other")
    _go_back_in_time(session, world)
    _introduce(session, world)
    _review_together(session, world)


def _give_links(session: Session, world: World) -> None:
    """Let Amina give one of hers to Tara, who gives none, and let Pia once have recruited."""
    for key, is_given in (("tara", True), ("lena", False)):
        low, high = sorted((world.persons[HUB].id, world.persons[key].id))
        tie = tie_between(session, low, high)
        offer = own_offers(session, person_id=world.persons[HUB].id, tie_id=tie.id)[0]
        answer_offer(session, offer=offer, is_given=is_given, now=clock.now())
    pia, past = world.persons["pia"], world.events["past"]
    grant_role(session, event=past, person=pia, name=RoleName.RECRUITER, now=clock.now())
    remove_role(session, event=past, person_id=pia.id, name=RoleName.RECRUITER)


def asked_about(session: Session, world: World, key: str) -> Link:
    """Return the link of somebody that they want to be asked about."""
    mine = session.query(Link).filter_by(person_id=world.persons[key].id, audience=Audience.ASK)
    return mine.one()


def _print_badges(session: Session, world: World) -> None:
    """Let every event print its badges; a late guest of the first is left for another time."""
    for event in world.events.values():
        ask_for_print(
            session,
            event=event,
            layout="a4-8",
            has_backs=True,
            has_groups=True,
            which=Which.ALL,
            attendee_id=None,
            by=world.persons["olga"],
            now=clock.now(),
        )
    late = session.query(PrintedBadge).filter_by(event_id=world.events["main"].id).first()
    session.delete(late)


def _say_topics(session: Session, world: World) -> None:
    """Let everybody seek the same; those who must not be named to Amina match her best."""
    sought = {event: world.plant(HUB, "topic", event) for event in world.events}
    for (event, key), attendee in world.attendees.items():
        offers = [world.plant(key, "topic", event), *([sought[event]] if key in KNOWING else [])]
        said = OwnTopics(
            offers=tuple(topics_in(", ".join(offers))),
            seeks=tuple(topics_in(sought[event])),
            is_looking=key not in SHY,
        )
        keep_topics(session, attendee=attendee, said=said, now=clock.now())


ASKING_HOSTS = {HUB: None, "tara": "dan", "wim": "orla", "bella": None, "lena": "olga"}
"""Who would like to be introduced, and which host is on it; the last was introduced already."""


def _ask_hosts(session: Session, world: World) -> None:
    """Let some ask to be introduced at the first event, and one each elsewhere."""
    now = clock.now()
    for event, key, host in (
        *(("main", key, host) for key, host in ASKING_HOSTS.items()),
        ("other", "nils", "sam"),
        ("past", "pia", None),
    ):
        attendee = world.attendees[event, key]
        wish = Wish(world.plant(key, "asking", event), has_met_nobody=True)
        ask(session, attendee=attendee, wish=wish, now=now)
        asking = session.get_one(Asking, (attendee.event_id, attendee.id))
        if host:
            by = world.persons[host]
            begin_to_help(session, asking=asking, by=by, instead_of=None, now=now)
    lena = session.get_one(Asking, (world.events["main"].id, world.attendees["main", "lena"].id))
    note_introduction(session, asking=lena, by=world.persons["olga"], now=now)


def _undo_last(session: Session, world: World, by: str) -> None:
    mine = world.attendees["main", by]
    talk = next(one for one in session.query(Conversation) if mine.id in {one.low_id, one.high_id})
    talk.proven_at = clock.now() - timedelta(minutes=1)
    talks.undo(session, talk=talk, by=mine, now=clock.now())


def _write_notes(session: Session, world: World, *, event: str) -> None:
    """Let both sides of every talk of an event write down what the other needed."""
    keys = {one.id: key for (at, key), one in world.attendees.items() if at == event}
    for talk in session.query(Conversation).filter_by(event_id=world.events[event].id):
        for mine, other in ((talk.low_id, talk.high_id), (talk.high_id, talk.low_id)):
            author = world.attendees[event, keys[mine]]
            if author.person_id is None:
                continue
            text = world.plant(keys[mine], "note")
            keep_note(session, author=author, about_id=other, text=text, now=clock.now())


def _follow_up(session: Session, world: World) -> None:
    """Let both sides of every tie promise something, say how deep it went and what came of it."""
    now = clock.now()
    for tie in all_ties(session):
        for person_id in (tie.low_person_id, tie.high_person_id):
            key = world.key_of(person_id)
            assert key
            by, text = world.persons[key], world.plant(key, "promise")
            day = (now + timedelta(days=7)).date() if person_id == tie.low_person_id else None
            said = Said(kind=PromiseKind.SEND_LINK, text=text, due_on=day)
            make_promise(session, tie=tie, by=by, said=said, now=now)
            choose_depth(session, tie=tie, by=by, depth=Depth.IDEAS)
            outcome = Outcome(
                tie_id=tie.id,
                person_id=person_id,
                event_id=tie.last_event_id,
                kind=OutcomeKind.ADVICE,
                text=world.plant(key, "outcome"),
                said_at=now,
            )
            used = UsedMessage(person_id=person_id, digest="-", tie_id=tie.id, used_at=now)
            session.add_all([outcome, used])


def _go_back_in_time(session: Session, world: World) -> None:
    """Let it be long since Pia and Amina talked: Pia is asked what came of it, and checks in."""
    low, high = sorted((world.persons["pia"].id, world.persons[HUB].id))
    tie = tie_between(session, low, high)
    tie.opened_at = tie.last_talk_at = clock.now() - timedelta(days=40)
    session.flush()
    pia = world.persons["pia"]
    choose_rhythm(session, tie=tie, by=pia, rhythm=Rhythm.MONTHLY, now=tie.opened_at)


def _introduce(session: Session, world: World) -> None:
    """Let Tara want to introduce Amina and Orla, and Amina have introduced Tara and Pia."""
    for key, pair in (("tara", (HUB, "orla")), (HUB, ("tara", "pia"))):
        low, high = sorted(world.persons[one].id for one in pair)
        reason, said_at = world.plant(key, "introduction"), clock.now() if key == HUB else None
        found = Introduction(
            by_id=world.persons[key].id,
            low_id=low,
            high_id=high,
            reason=reason,
            proposed_at=clock.now(),
            low_accepted_at=said_at,
            high_accepted_at=said_at,
        )
        session.add(found)
    session.flush()


def _review_together(session: Session, world: World) -> None:
    """Let Tess and Rita be a team: Tara agreed, Wim took it back, Lena has not answered.

    Rita has exported both who had agreed.
    Tara is asked whether Rita may carry on, Dora has said yes to that, Deva is not asked.
    """
    event, now = world.events["main"], clock.now()
    asked = {"event": event, "by": world.persons["olga"], "now": now}
    first = address_of(world, session, "tess")
    team = grant_team(session, name=world.plant("team", "team", "main"), address=first, **asked)
    for address in (
        address_of(world, session, "rita"),
        address_of(world, session, "newbie"),
        f"{world.plant('team', 'team invitation', 'main')}@example.org",
    ):
        ask_colleague(session, team=team, address=address, is_admin=False, **asked)
    for key in ("tess", "rita"):
        join(session, event=event, team=team, person=world.persons[key], now=now)
    for stage in session.query(Stage):
        stage.name = world.plant("team", "stage", "main")
    for key in ("tara", "wim", "deva", "dora"):
        agree(session, team=team, person=world.persons[key], now=now)
    tess = session.get_one(Member, (event.id, world.persons["tess"].id))
    for key in ("tara", "wim"):
        plan(
            session,
            member=tess,
            person_id=world.persons[key].id,
            next_step=world.plant(key, "plan", "main"),
            next_on=now.date(),
            owner_id=world.persons["rita"].id,
            seen=0,
            now=now,
        )
    rita = session.get_one(Member, (event.id, world.persons["rita"].id))
    both = [world.persons[key].id for key in ("tara", "wim")]
    note_export(session, member=rita, preset="hubspot", person_ids=both, now=now)
    _review_alone_first(session, world)
    withdraw(session, team=team, person=world.persons["wim"], now=now)
    for key in ("tara", "dora"):
        asked = hand_over(
            session,
            member=tess,
            person_id=world.persons[key].id,
            to_id=world.persons["rita"].id,
            reason=world.plant(key, "handover", "main"),
            now=now,
        )
    accept_handover(session, handover=asked, now=now)


def _review_alone_first(session: Session, world: World) -> None:
    """Let Tess review for two openings and Rita for the second; both note something on each."""
    event = world.events["main"]
    tess, rita = (
        session.get_one(Member, (event.id, world.persons[key].id)) for key in ("tess", "rita")
    )
    for members in ((tess,), (tess, rita)):
        texts = [world.plant("team", "criterion", "main")]
        title = world.plant("team", "opening", "main")
        opening = add_opening(session, member=tess, title=title, criteria=texts, now=clock.now())
        world.openings.append(opening.id)
        (criterion,) = session.query(Criterion).filter_by(opening_id=opening.id)
        for key in ("tara", "wim"):
            for score, member in enumerate(members, start=2):
                write_review(
                    session,
                    member=member,
                    person_id=world.persons[key].id,
                    opening_id=opening.id,
                    rated=[Rated(criterion.id, score, world.plant(key, "review", "main"))],
                    seen=Seen(opening=0, review=0),
                    now=clock.now(),
                )
                text, about = world.plant(key, "team note", "main"), world.persons[key]
                write_note(session, member=member, person_id=about.id, text=text, now=clock.now())


def all_ties(session: Session) -> list[Tie]:
    return list(session.query(Tie))
