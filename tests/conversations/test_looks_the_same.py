"""What a claimer may not learn cannot be told from any byte of any answer."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from pages import Browser
from people import badge_of, make_attendee, make_event, make_person, sign_in
from webapp.badges import codes
from webapp.badges.services import issue_badge
from webapp.conversations import services
from webapp.conversations.models import Conversation, Evidence
from webapp.core import clock
from webapp.core import db as database

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FATES = [
    "waits",
    "declined",
    "declined three times",
    "had blocked before",
    "blocks later",
    "declined and blocked",
    "unclaimed",
    "claimed later",
]
TOKEN = re.compile(r'(name="(?:csrf_token|nonce|seen_at)" value="|data-(?:me|now|badge)=")[^"]*')
MY_CODE = re.compile(r"<svg[^>]*>.*?</svg>|<strong>[0-9A-Z -]+</strong>", re.DOTALL)
PERSONAL = {"Set-Cookie", "Date"}


class Reader(Browser):
    """Takes answers as bytes; other tests read these pages closely."""

    def open(self, *args, **kwargs):
        database.session().commit()
        with self.application.app_context():
            return FlaskClient.open(self, *args, **kwargs)


class Story:
    """One claimer, one other, and every answer the claimer gets."""

    def __init__(self, app, session, event, fate):
        self.session, self.event, self.fate = session, event, fate
        self.me = make_person(session, name="Amina Diallo")
        self.by = make_attendee(session, event=event, person=self.me)
        self.other = None if fate == "unclaimed" else make_person(session, name="Ben Ng")
        claimed = None if fate == "claimed later" else self.other
        self.about = make_attendee(session, event=event, person=claimed, name="Ben Ng")
        badge = badge_of(session, self.about)
        self.codes = {codes.printed_code(badge): "CODE-16", codes.short_code(badge): "CODE-8"}
        self.ids = {}
        self.told = []
        self.browser = Reader(app, app.response_class)
        sign_in(self.browser, session, self.me)

    @property
    def code(self):
        return next(iter(self.codes))

    def note(self, answer):
        """Keep an answer without the ids that have to differ."""
        headers = "\n".join(f"{k}: {v}" for k, v in answer.headers if k not in PERSONAL)
        text = f"{answer.status}\n{headers}\n\n{answer.get_data(as_text=True)}"
        self.told.append(self.plain(text))
        return answer

    def get(self, url):
        return self.note(self.browser.get(url))

    def send(self, url, **data):
        return self.note(self.browser.send(url, **data))

    def claim(self, nonce):
        data = {"code": self.code, "nonce": nonce}
        answer = self.browser.send(f"/events/{self.event.id}/talks", **data)
        talk_id = answer.headers.get("Location", "").rpartition("/")[2]
        if talk_id:
            self.ids.setdefault(talk_id, f"TALK-{len(self.ids)}")
        return self.note(answer)

    def look(self):
        """Look everywhere the claimer can."""
        for code in self.codes:
            self.get(f"/events/{self.event.id}/ask?code={code}")
        self.get(f"/B/{self.code}")
        for talk_id in list(self.ids):
            self.get(f"{self.place}/{talk_id}")
        for url in ("/follow-up", "/people", f"/events/{self.event.id}/meet"):
            self.note_without_my_code(self.browser.get(url))

    def note_without_my_code(self, answer):
        text = MY_CODE.sub("", answer.get_data(as_text=True))
        self.told.append(self.plain(f"{answer.status}\n{text}"))

    def plain(self, text):
        for real, stand_in in {**self.codes, **self.ids}.items():
            text = text.replace(real, stand_in)
        return TOKEN.sub(r"\1", text)

    @property
    def place(self):
        return f"/events/{self.event.id}/talks"

    @property
    def talk(self):
        return self.session.get_one(Conversation, (self.event.id, list(self.ids)[-1]))

    def block(self):
        services.block(
            self.session, blocker_id=self.other.id, blocked_id=self.me.id, now=clock.now()
        )

    def decline(self):
        services.refuse(self.session, talk=self.talk, by=self.about, now=clock.now())

    def before(self):
        if self.fate == "had blocked before":
            self.block()
        self.session.commit()

    def other_side_acts(self, *, first=True):
        """Do what the other side does about a claim that stands."""
        self.session.expire_all()
        if self.fate.startswith("declined") and (first or self.fate == "declined three times"):
            self.decline()
        if first and self.fate in {"blocks later", "declined and blocked"}:
            self.block()
        if first and self.fate == "claimed later":
            self.about.person_id = self.other.id
        self.session.commit()


def live(story, evening):
    """Claim, look, wait, claim again, take back and claim anew, over nine days."""
    story.before()
    story.look()
    assert story.claim("first-nonce").status_code == 303
    story.look()
    evening.shift(timedelta(minutes=1))
    story.other_side_acts()
    story.look()
    story.claim("first-nonce")
    story.claim("second-nonce")
    story.look()
    for number in range(3):
        evening.shift(DAY + HOUR)
        story.claim(f"later-nonce-{number}")
        story.other_side_acts(first=False)
        story.look()
    (talk_id,) = story.ids
    story.send(f"{story.place}/{talk_id}/note", text="Needs a venue")
    for action in ("confirm", "refuse", "unrefuse"):
        story.send(f"{story.place}/{talk_id}/{action}")
    story.look()
    assert story.send(f"{story.place}/{talk_id}/undo").status_code == 303
    story.look()
    assert story.claim("after-undo").status_code == 303
    story.look()
    story.other_side_acts(first=False)
    story.look()
    evening.shift(8 * DAY)
    story.look()
    assert story.claim("after-expiry").status_code == 303
    story.look()
    assert len(story.ids) == 3
    return story.told


@pytest.fixture
def event(evening, session):
    now = clock.now()
    return make_event(session, starts_at=now - HOUR, ends_at=now + 30 * DAY)


def test_a_claim_looks_the_same_whatever_came_of_it(app, session, event, evening):
    began = clock.now()
    told, kept = {}, {}
    for fate in FATES:
        evening.move_to(began)
        story = Story(app, session, event, fate)
        told[fate] = live(story, evening)
        session.expire_all()
        kept[fate] = story.talk.evidence
    assert set(kept.values()) == {Evidence.CLAIMED}
    assert len(told["waits"]) > 90
    for fate in FATES:
        for number, (usual, this) in enumerate(zip(told["waits"], told[fate], strict=True)):
            assert this == usual, (fate, number)


def test_a_yes_does_not_look_the_same(app, session, event, evening):
    """So that what is compared above can differ at all."""
    told = []
    for says_yes in (True, False):
        story = Story(app, session, event, "waits")
        story.before()
        story.claim("first-nonce")
        if says_yes:
            services.confirm(session, talk=story.talk, by=story.about, now=clock.now())
            session.commit()
        story.look()
        told.append(story.told)
    differ = [one for one, other in zip(*told, strict=True) if one != other]
    assert len(differ) == 3  # the talk, who waits, and the people I met


def of_code(answer, *known):
    """An answer without tokens and without the code it was asked with."""
    text = f"{answer.status}\n{answer.headers.get('Location')}\n{answer.get_data(as_text=True)}"
    for code in known:
        text = text.replace(code, "CODE")
    return TOKEN.sub(r"\1", text)


@pytest.fixture
def revoked(cast, session):
    """The codes of Ben's lost badge, and how each could be spelled if it had never existed."""
    badge = badge_of(session, cast.ben)
    live_now = codes.live_code(badge, codes.step_at(clock.now()))
    found = [codes.printed_code(badge), codes.short_code(badge), live_now]
    issue_badge(session, attendee=cast.ben, now=clock.now())
    session.commit()
    return [(code, never(code)) for code in found]


def never(code):
    return code[:-1] + ("0" if code[-1] != "0" else "1") if len(code) != 10 else "ZZZZ" + code[4:]


def test_a_revoked_code_looks_like_one_that_never_was(cast, browser_of, revoked):
    event = cast.event
    for asker in (cast.attendee, cast.recruiter, cast.other):
        for code, unknown in revoked:
            answers = []
            for one in (code, unknown):
                browser = browser_of(asker)
                claimed = {"code": one, "nonce": "nonce-0001"}
                told = [
                    browser.get(f"/events/{event.id}/ask?code={one}"),
                    browser.get(f"/L/{event.code}/{one}"),
                    browser.send(f"/events/{event.id}/talks", **claimed),
                ]
                assert {answer.status_code for answer in told} == {422}
                answers.append([of_code(answer, one) for answer in told])
            assert answers[0] == answers[1]


@pytest.mark.parametrize("asker", ["attendee", "stranger", "desk", "other"])
def test_the_page_of_a_revoked_badge_looks_like_that_of_none(
    cast, session, browser_of, revoked, asker
):
    code, unknown = revoked[0]
    answers = []
    for one in (code, unknown):
        browser = browser_of(getattr(cast, asker))
        told = [
            browser.get(f"/B/{one}"),
            browser.get(f"/b/{one.lower()}"),
            browser.post(
                f"/B/{one}/claim", data={"claim_code": "ABCD-EFGH", "csrf_token": browser.token()}
            ),
        ]
        assert [answer.status_code for answer in told] == [200, 200, 422]
        assert not any("Ben Ng" in answer.get_data(as_text=True) for answer in told)
        answers.append([of_code(answer, one, one.lower()) for answer in told])
    assert answers[0] == answers[1]


def test_for_a_non_attendee_a_valid_badge_looks_like_none(cast, session, browser_of):
    code = codes.printed_code(badge_of(session, cast.ben))
    stranger = browser_of(cast.stranger)
    pages = [of_code(stranger.get(f"/B/{one}"), one) for one in (code, never(code))]
    assert pages[0] == pages[1]
    assert "Ben Ng" not in pages[0]


def test_a_valid_code_does_not_look_like_that(cast, session, browser_of):
    amina = browser_of(cast.attendee)
    code = codes.printed_code(badge_of(session, cast.ben))
    pages = [of_code(amina.get(f"/B/{one}"), one) for one in (code, never(code))]
    assert pages[0] != pages[1]
    assert "Ben Ng" in pages[0]
