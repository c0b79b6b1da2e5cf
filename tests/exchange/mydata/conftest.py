"""Two people who have talked, written, promised and asked, all in words that are searched for."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa

from people import make_link, talk
from webapp.accounts.models import Identity, SignInCode
from webapp.badges.desk.models import DeskCode, Vouching
from webapp.conversations.models import Block
from webapp.core import clock
from webapp.core.db import Base
from webapp.events.models import Attendee, Event, Invitation, RoleName
from webapp.exchange.guests.models import GuestList, GuestSource
from webapp.exchange.mydata.tasks import erase_persons
from webapp.followups.models import (
    Depth,
    Introduction,
    Outcome,
    OutcomeKind,
    Promise,
    PromiseKind,
    Rhythm,
    TieSide,
    UsedMessage,
)
from webapp.hosting.models import Asking
from webapp.mail.models import LetterDay, LetterKind, Mail, Wish
from webapp.recruiting.models import (
    Agreement,
    CandidateReview,
    Criterion,
    Export,
    ExportedPerson,
    Handover,
    HistoryEntry,
    Member,
    Opening,
    Rating,
    Stage,
    Standing,
    Step,
    Team,
    TeamInvitation,
    TeamNote,
)
from webapp.security.audit import record
from webapp.security.models import Action
from webapp.ties.models import Link, LinkAnswer, Note, Tie
from webapp.topics.models import Looking, Side, Topic


@dataclass
class Story:
    """What Amina and Ben have left behind; each of Amina's words holds the canary."""

    tie: Tie
    canary: str
    of_ben: str = "Ben's own words"


def read_all(session):
    """Return every row of every table as text, by table."""
    return {
        table.name: sorted(repr(tuple(row)) for row in session.execute(sa.select(table)))
        for table in Base.metadata.sorted_tables
    }


def found_in(session, text):
    return {name for name, rows in read_all(session).items() if any(text in row for row in rows)}


@pytest.fixture
def story(cast, session, secret):
    """Amina leaves a canary in every column she can write or is written about in."""
    now = clock.now()
    amina, ben, event = cast.attendee, cast.other, cast.event
    session.query(Attendee).filter_by(person_id=amina.id).one().address = f"{secret}@example.org"
    talk(session, event=event, by=cast.amina, about=cast.ben)
    tie = session.query(Tie).one()
    for one in (amina, cast.amina):
        one.name = f"Name {secret}"
        one.organisation, one.headline = f"Org {secret}", f"Line {secret}"
    make_link(session, person=amina, url=f"https://{secret}.example.org")
    session.flush()
    link = session.query(Link).filter(Link.person_id == amina.id).order_by(Link.id).first().id
    low, high = sorted((amina.id, cast.recruiter.id))
    session.add_all(
        [
            Identity(
                issuer=secret, subject=secret, provider=secret, person_id=amina.id, added_at=now
            ),
            SignInCode(
                address="amina@example.org", code_digest=secret, browser_digest=secret, asked_at=now
            ),
            LinkAnswer(tie_id=tie.id, link_id=link, is_given=True, answered_at=now),
            Note(
                event_id=event.id,
                author_id=cast.amina.id,
                about_id=cast.ben.id,
                text=f"=N {secret}",
                changed_at=now,
            ),
            Note(
                event_id=event.id,
                author_id=cast.ben.id,
                about_id=cast.amina.id,
                text="Ben's own words",
                changed_at=now,
            ),
            Promise(
                tie_id=tie.id,
                event_id=event.id,
                by_id=amina.id,
                to_id=ben.id,
                kind=PromiseKind.OWN_WORDS,
                text=f"P {secret}",
                made_at=now,
            ),
            Promise(
                tie_id=tie.id,
                event_id=event.id,
                by_id=ben.id,
                to_id=amina.id,
                kind=PromiseKind.OWN_WORDS,
                text="Ben's promise",
                made_at=now,
            ),
            TieSide(
                tie_id=tie.id,
                person_id=amina.id,
                depth=Depth.MATTERED,
                rhythm=Rhythm.MONTHLY,
                rhythm_set_at=now,
                link_opened_at=now,
            ),
            Outcome(
                tie_id=tie.id,
                person_id=amina.id,
                event_id=event.id,
                kind=OutcomeKind.DEAL,
                text=f"O {secret}",
                said_at=now,
            ),
            UsedMessage(person_id=amina.id, digest=secret, tie_id=tie.id, used_at=now),
            Introduction(
                by_id=ben.id, low_id=low, high_id=high, reason=f"R {secret}", proposed_at=now
            ),
            Block(blocker_id=amina.id, blocked_id=cast.stranger.id, blocked_at=now),
            Topic(
                event_id=event.id,
                attendee_id=cast.amina.id,
                side=Side.OFFERS,
                key=secret,
                text=secret,
                place=0,
            ),
            Looking(event_id=event.id, attendee_id=cast.amina.id, began_at=now),
            Asking(event_id=event.id, attendee_id=cast.amina.id, asked_at=now, line=secret),
            Vouching(
                event_id=event.id, attendee_id=cast.amina.id, person_id=amina.id, vouched_at=now
            ),
            DeskCode(event_id=event.id, person_id=amina.id, code_digest=secret, asked_at=now),
            GuestSource(event_id=event.id, source="shop", key=secret, attendee_id=cast.amina.id),
            GuestList(
                event_id=event.id,
                uploaded_by_id=amina.id,
                file_name=secret,
                content=b"x",
                created_at=now,
            ),
            Invitation(
                event_id=event.id, address="amina@example.org", name=RoleName.DESK, invited_at=now
            ),
            Wish(person_id=amina.id, kind=LetterKind.ROUND_UP, is_wanted=True, said_at=now),
            LetterDay(reader=amina.id, day_on=now.date()),
            _mail("amina@example.org", f"T {secret}", now, reader=amina.id),
            _mail("ben@example.org", f"You met Name {secret}.", now, reader=ben.id),
        ]
    )
    _let_a_team_see(session, cast, secret, now)
    record(
        session,
        event_id=event.id,
        action=Action.CHECKED_IN,
        by=cast.desk.id,
        now=now,
        attendee_id=cast.amina.id,
    )
    session.commit()
    return Story(tie, secret)


def _let_a_team_see(session, cast, secret, now):
    """Rita's team has a plan for Amina, who is in a team of her own at another event."""
    amina, ben = cast.attendee.id, cast.other.id
    elsewhere = session.query(Event).filter(Event.id != cast.event.id).first()
    kora = {"event_id": cast.event.id, "team_id": "kora"}
    zeta = {"event_id": elsewhere.id, "team_id": "zeta"}
    for key, name in ((kora, "Kora Labs"), (zeta, "Zeta")):
        session.add(Team(event_id=key["event_id"], id=key["team_id"], name=name, granted_at=now))
        session.flush()
        session.add(Stage(**key, id=key["team_id"], name="To review", place=0))
    session.add_all(
        [
            Member(**kora, person_id=cast.recruiter.id, joined_at=now),
            Member(**zeta, person_id=amina, joined_at=now),
            TeamInvitation(**kora, address="amina@example.org", invited_at=now),
            Agreement(**kora, person_id=amina, agreed_at=now),
            Agreement(**zeta, person_id=ben, agreed_at=now),
        ]
    )
    session.flush()
    session.add_all(
        [
            Standing(
                **kora,
                person_id=amina,
                stage_id="kora",
                next_step=f"S {secret}",
                changed_at=now,
                changed_by_id=cast.recruiter.id,
            ),
            HistoryEntry(
                **kora,
                person_id=amina,
                by_id=cast.recruiter.id,
                step=Step.PLANNED,
                told=f"S {secret}",
                done_at=now,
            ),
            Standing(**zeta, person_id=ben, stage_id="zeta", owner_id=amina, changed_at=now),
            Export(
                **kora, id="kora", by_id=cast.recruiter.id, preset="lever", made_at=now, count=1
            ),
            Export(**zeta, id="zeta", by_id=amina, preset="lever", made_at=now, count=1),
            Handover(
                **kora,
                person_id=amina,
                from_id=cast.recruiter.id,
                to_id=cast.other.id,
                reason=f"H {secret}",
                asked_at=now,
                is_accepted=True,
                answered_at=now,
            ),
        ]
    )
    session.flush()
    for key, person_id in ((kora, amina), (zeta, ben)):
        made = {"event_id": key["event_id"], "export_id": key["team_id"]}
        session.add(ExportedPerson(**made, person_id=person_id))
    _let_teams_review(session, [(kora, amina, cast.recruiter.id), (zeta, ben, amina)], secret, now)


def _let_teams_review(session, pairs, secret, now):
    """Rita has reviewed Amina, and Amina has reviewed Ben; each noted something as well."""
    for team, about, by in pairs:
        opening = team | {"opening_id": team["team_id"]}
        session.add(Opening(**team, id=team["team_id"], title="Platform lead", opened_at=now))
        session.flush()
        session.add(Criterion(**opening, id="listens", text="Listens", place=0))
        key = opening | {"person_id": about, "reviewer_id": by}
        session.add(CandidateReview(**key, written_at=now, changed_at=now, changes=1))
        session.flush()
        session.add_all(
            [
                Rating(**key, criterion_id="listens", score=3, reason=f"W {secret}"),
                TeamNote(**team, person_id=about, author_id=by, text=f"M {secret}", written_at=now),
            ]
        )


def _mail(recipient, text, now, *, reader):
    return Mail(
        kind="mail/morning",
        recipient=recipient,
        subject="s",
        text=text,
        html=text,
        queued_at=now,
        due_at=now,
        letter=LetterKind.MORNING,
        reader=reader,
    )


@pytest.fixture
def work(app, session):
    """Let the worker do its round."""

    def do():
        session.commit()
        with app.app_context():
            erase_persons()
        session.expire_all()

    return do


@pytest.fixture
def a_day():
    return timedelta(hours=24)
