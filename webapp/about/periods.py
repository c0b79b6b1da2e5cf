"""What is kept about people, and for how long: every table, in the words of the page.

Periods are read from where the program takes them, so that the page cannot promise another one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from webapp.accounts.keys.models import Authenticator, Challenge, Passkey, RecoveryCode
from webapp.accounts.models import Device, EmailAddress, Erasure, Identity, Person, SignInCode
from webapp.accounts.rules import ABSOLUTE_LIFE, IDLE_LIFE
from webapp.accounts.services import OLD_CODES_KEPT
from webapp.badges.desk.models import DeskCode, DeskItem, Vouching
from webapp.badges.models import Badge
from webapp.badges.printing.models import BadgePrint, PrintedBadge
from webapp.conversations.models import Block, Claim, Conversation
from webapp.conversations.rules import CLAIM_LIFE
from webapp.core.db import Base
from webapp.events.models import Attendee, Event, Invitation, Role, Transfer
from webapp.events.rules import RETENTION_CHOICES, RETENTION_USUAL
from webapp.exchange.guests.models import GuestList, GuestSource
from webapp.exchange.guests.queries import WAITS_FOR
from webapp.exchange.mydata.queries import UNDO_FOR
from webapp.followups.letters.models import Morning, Told
from webapp.followups.letters.rules import KEPT_FOR as TOLD_KEPT_FOR
from webapp.followups.models import Introduction, Outcome, Promise, TieSide, UsedMessage
from webapp.hosting.models import Asking
from webapp.insights.models import Snapshot
from webapp.mail.models import LetterDay, Mail, Stop, Wish
from webapp.mail.rules import KEPT_FOR as MAIL_KEPT_FOR
from webapp.recruiting.models import (
    Agreement,
    Criterion,
    Export,
    ExportedPerson,
    Member,
    Opening,
    Stage,
    Team,
    TeamInvitation,
)
from webapp.recruiting.models.noted import NOTED
from webapp.security.models import AuditEntry
from webapp.ties.models import Link, LinkAnswer, Note, Tie
from webapp.topics.models import Looking, Topic
from webapp.worker.models import TaskRun

Model = type[Base]


def _hours(span: timedelta) -> int:
    return span // timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """Tables that are kept for the same time, and how a page says so."""

    what: Any
    how_long: Any
    who_reads: Any
    models: tuple[Model, ...]


OF_THE_ACCOUNT = (
    Kept(
        _l("Your card: name, organisation, headline, links; the addresses you proved"),
        _l("until you delete your account"),
        _l("you; people you have a tie with read the card, and the links you give them"),
        (Person, EmailAddress, Identity, Link, LinkAnswer),
    ),
    Kept(
        _l("What you chose: mails you want, when they come, whom you block"),
        _l("until you delete your account"),
        _l("you alone"),
        (Wish, Morning, Block),
    ),
    Kept(
        _l("Browsers you are signed in on"),
        _l(
            "until you sign out; they end after %(idle)s days without a visit, and are gone after"
            " %(most)s days",
            idle=IDLE_LIFE.days,
            most=ABSOLUTE_LIFE.days,
        ),
        _l("you alone"),
        (Device,),
    ),
    Kept(
        _l("Codes to sign in, and what a passkey was asked to sign, as digests"),
        _l("%(hours)s hours", hours=_hours(OLD_CODES_KEPT)),
        _l("nobody"),
        (SignInCode, Challenge),
    ),
    Kept(
        _l(
            "The public half of your passkeys, that you have an app that shows codes, and recovery"
            " codes as digests"
        ),
        _l("until you remove them or delete your account"),
        _l("you alone, by name and day"),
        (Passkey, Authenticator, RecoveryCode),
    ),
    Kept(
        _l("That you deleted your account, without your name"),
        _l("for good, so that it can be done again when an older copy is brought back"),
        _l("nobody"),
        (Erasure,),
    ),
)

OF_PEOPLE = (
    Kept(
        _l("Talks both of you confirmed, and the tie"),
        _l("until one of you deletes their account; links close as soon as one of you unties"),
        _l("the two of you"),
        (Conversation, Tie, TieSide),
    ),
    Kept(
        _l("Your notes about people you met"),
        _l("until you delete them or your account"),
        _l("you alone"),
        (Note,),
    ),
    Kept(
        _l("Promises, what came of it, introductions"),
        _l("until one of you deletes their account"),
        _l("those they are between"),
        (Promise, Outcome, Introduction),
    ),
    Kept(
        _l("That you copied a text we suggested, as a digest"),
        _l("until you delete your account"),
        _l("nobody"),
        (UsedMessage,),
    ),
)

OF_AN_EVENT = (
    Kept(
        _l("Your badge, topics, group, check-in and what the guest list says of you"),
        _l("until the event is erased; where you talked with somebody, your name stays"),
        _l("the event's organisers; others read what is printed on the badge"),
        (
            *(Attendee, Badge, PrintedBadge, BadgePrint, GuestSource, Topic, Looking, Asking),
            *(Vouching, DeskCode, DeskItem),
        ),
    ),
    Kept(
        _l("That somebody says they talked with you, while you have not answered"),
        _l("open for %(days)s days; gone with the event", days=CLAIM_LIFE.days),
        _l("the two of you"),
        (Claim,),
    ),
    Kept(
        _l("A guest list that was uploaded and not imported"),
        _l("%(hours)s hours", hours=_hours(WAITS_FOR)),
        _l("the organiser who uploaded it"),
        (GuestList,),
    ),
    Kept(
        _l("What a team you agreed to be seen by keeps: stage, next step, reviews, notes"),
        _l("until you withdraw, which deletes it at once; else until the event is erased"),
        _l("the team; under Me you read its notes about you"),
        NOTED,
    ),
    Kept(
        _l("That you agreed or withdrew, and in which files of a team you were"),
        _l("until the event is erased"),
        _l("you; the team, while you agree"),
        (Agreement, Export, ExportedPerson),
    ),
    Kept(
        _l("Teams, their openings and stages, roles and invitations"),
        _l("until the event is erased; the organiser's own role stays"),
        _l("the team and the organisers"),
        (Team, Member, TeamInvitation, Opening, Criterion, Stage, Role, Invitation, Transfer),
    ),
    Kept(
        _l("Numbers of an event, which name nobody"),
        _l("until the event is erased; then only how many came and talked"),
        _l("the organisers"),
        (Snapshot,),
    ),
    Kept(
        _l("The event itself, and the log of who changed what"),
        _l("for good; of guests who are gone the log no longer says whom it was about"),
        _l("the organisers; you, where it concerns you"),
        (Event, AuditEntry),
    ),
)

OF_THE_MAIL = (
    Kept(
        _l("Mail to you"),
        _l(
            "its words until it is sent; to whom it went, and when, for %(days)s days",
            days=MAIL_KEPT_FOR.days,
        ),
        _l("you; whoever looks after this installation reads part of the address"),
        (Mail, LetterDay),
    ),
    Kept(
        _l("What a mail has already told you, so that it is not told twice"),
        _l("%(days)s days", days=TOLD_KEPT_FOR.days),
        _l("nobody"),
        (Told,),
    ),
    Kept(
        _l("That an address wants no more mail"),
        _l("until its owner wants mail again"),
        _l("nobody"),
        (Stop,),
    ),
    Kept(
        _l("When the worker last ran, which says nothing about anybody"),
        _l("for good"),
        _l("whoever looks after this installation"),
        (TaskRun,),
    ),
)


@dataclass(frozen=True, slots=True)
class Chapter:
    """One table of the page."""

    title: Any
    rows: tuple[Kept, ...]


CHAPTERS = (
    Chapter(_l("Your account"), OF_THE_ACCOUNT),
    Chapter(_l("You and somebody you talked with"), OF_PEOPLE),
    Chapter(_l("An event"), OF_AN_EVENT),
    Chapter(_l("Mail, and the machine"), OF_THE_MAIL),
)
SHORTEST_MONTHS, USUAL_MONTHS, LONGEST_MONTHS = (
    min(RETENTION_CHOICES),
    RETENTION_USUAL,
    max(RETENTION_CHOICES),
)
WAY_BACK_HOURS = _hours(UNDO_FOR)


def all_kept() -> Iterator[Kept]:
    """Return every row of the page."""
    for chapter in CHAPTERS:
        yield from chapter.rows
