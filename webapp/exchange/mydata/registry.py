"""Every column of every table: whether its Person takes it along, and if not, why.

A column that is not named here fails a test until somebody decides.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement

from webapp.accounts.keys.models import Authenticator, Challenge, Passkey, RecoveryCode
from webapp.accounts.models import Device, EmailAddress, Erasure, Identity, Person, SignInCode
from webapp.badges.desk.models import DeskCode, DeskItem, Vouching
from webapp.badges.models import Badge
from webapp.badges.printing.models import BadgePrint, PrintedBadge
from webapp.conversations.models import Block, Claim, Conversation
from webapp.core.db import Base
from webapp.events.models import Attendee, Event, Invitation, Role, Transfer
from webapp.exchange.guests.models import GuestList, GuestSource
from webapp.exchange.mydata.mine import (
    AsAttendee,
    By,
    ByAddress,
    ByReader,
    Me,
    of_my_links,
    on_the_list,
)
from webapp.followups.letters.models import Morning, Told
from webapp.followups.models import Introduction, Outcome, Promise, TieSide, UsedMessage
from webapp.hosting.models import Asking
from webapp.insights.models import Snapshot
from webapp.mail.models import LetterDay, Mail, Stop, Wish
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
    Team,
    TeamInvitation,
    TeamNote,
)
from webapp.security.models import AuditEntry
from webapp.ties.models import Link, LinkAnswer, Note, Tie
from webapp.topics.models import Looking, Topic

Mine = Callable[[type[Base], Me], ColumnElement[bool]]

EXPORTED = "goes along"
KEY = "says only which row it is, or which it belongs to"
SEALED = "opens or proves something, and is of no use to anybody else"
INSIDE = "how the app works, not what anybody did"
OTHERS = "belongs to somebody else, or would tell what they answered"
IN_WORDS = "goes along by name, as far as its Person may know the name"
IMPERSONAL = "about nobody"


@dataclass(frozen=True, slots=True)
class Holding:
    """One table: which rows are a Person's, and what becomes of each column."""

    section: str
    """What its rows are called in the export; stays the same for good."""
    model: type[Base]
    mine: Mine | None
    columns: Mapping[str, str]
    """By fate: the names of columns, with blanks between them."""

    @property
    def exported(self) -> list[str]:
        """The columns that go along, in the order they are named here."""
        return self.columns.get(EXPORTED, "").split()

    def fates(self) -> list[tuple[str, str]]:
        """Return each column with its fate."""
        return [(name, fate) for fate, names in self.columns.items() for name in names.split()]


def _impersonal(section: str, model: type[Base], columns: str) -> Holding:
    return Holding(section, model, None, {IMPERSONAL: columns})


_AS_ATTENDEE = AsAttendee()
_BY_PERSON = By(("person_id",))

HOLDINGS: tuple[Holding, ...] = (
    Holding(
        "person",
        Person,
        By(("id",)),
        {
            EXPORTED: "name organisation headline created_at says_depth has_recruited leaving_at",
            KEY: "id",
        },
    ),
    Holding(
        "addresses",
        EmailAddress,
        _BY_PERSON,
        {EXPORTED: "address proven_at code_proven_at", KEY: "person_id"},
    ),
    Holding(
        "providers",
        Identity,
        _BY_PERSON,
        {EXPORTED: "provider issuer subject added_at", KEY: "person_id"},
    ),
    Holding(
        "sign_in_codes",
        SignInCode,
        ByAddress("address"),
        {
            EXPORTED: "address asked_at used_at tries",
            SEALED: "code_digest browser_digest",
            KEY: "id",
        },
    ),
    Holding(
        "devices",
        Device,
        _BY_PERSON,
        {EXPORTED: "label proof signed_in_at seen_at", SEALED: "token_digest", KEY: "id person_id"},
    ),
    Holding(
        "passkeys",
        Passkey,
        _BY_PERSON,
        {
            EXPORTED: "name added_at used_at",
            SEALED: "credential_id public_key sign_count",
            KEY: "id person_id",
        },
    ),
    Holding(
        "authenticator_apps",
        Authenticator,
        _BY_PERSON,
        {EXPORTED: "added_at used_at tried_at", SEALED: "salt last_step tries", KEY: "person_id"},
    ),
    Holding(
        "recovery_codes",
        RecoveryCode,
        _BY_PERSON,
        {EXPORTED: "made_at used_at", SEALED: "code_digest", KEY: "person_id"},
    ),
    _impersonal("challenges", Challenge, "digest asked_at"),
    Holding(
        "deletions",
        Erasure,
        _BY_PERSON,
        {EXPORTED: "asked_at done_at", INSIDE: "kept", KEY: "person_id"},
    ),
    Holding(
        "places",
        Attendee,
        on_the_list,
        {
            EXPORTED: "event_id name organisation headline address group_name added_at "
            "checked_in_at",
            INSIDE: "folded",
            KEY: "id person_id",
        },
    ),
    Holding(
        "roles",
        Role,
        _BY_PERSON,
        {EXPORTED: "event_id name team_name granted_at", KEY: "person_id"},
    ),
    Holding(
        "invitations",
        Invitation,
        ByAddress("address"),
        {EXPORTED: "event_id address name invited_at withdrawn_at"},
    ),
    Holding(
        "events_offered",
        Transfer,
        _BY_PERSON,
        {EXPORTED: "event_id offered_at", KEY: "person_id"},
    ),
    Holding(
        "guest_sources",
        GuestSource,
        _AS_ATTENDEE,
        {EXPORTED: "event_id source key", KEY: "attendee_id"},
    ),
    Holding(
        "guest_lists_uploaded",
        GuestList,
        By(("uploaded_by_id",)),
        {
            EXPORTED: "event_id file_name created_at",
            OTHERS: "content",
            INSIDE: "chosen next_row tally",
            KEY: "id uploaded_by_id",
        },
    ),
    Holding(
        "badges",
        Badge,
        _AS_ATTENDEE,
        {
            EXPORTED: "event_id issued_at revoked_at",
            SEALED: "code_digest short_code_digest handle",
            KEY: "id attendee_id",
        },
    ),
    Holding(
        "prints_asked",
        BadgePrint,
        By(("asked_by_id",)),
        {EXPORTED: "event_id layout has_backs has_groups asked_at", KEY: "id asked_by_id"},
    ),
    _impersonal("printed_badges", PrintedBadge, "event_id print_id badge_id"),
    Holding(
        "desk_work",
        DeskItem,
        By(("by_id",)),
        {
            EXPORTED: "event_id done_at came_at",
            OTHERS: "attendee_id",
            INSIDE: "nonce body_digest",
            KEY: "by_id",
        },
    ),
    Holding(
        "desk_codes",
        DeskCode,
        _BY_PERSON,
        {EXPORTED: "event_id asked_at", SEALED: "code_digest", KEY: "person_id"},
    ),
    Holding(
        "vouched_for",
        Vouching,
        _BY_PERSON,
        {EXPORTED: "event_id vouched_at", KEY: "attendee_id person_id"},
    ),
    Holding(
        "topics",
        Topic,
        _AS_ATTENDEE,
        {EXPORTED: "event_id side text place", INSIDE: "key", KEY: "attendee_id"},
    ),
    Holding(
        "looking",
        Looking,
        _AS_ATTENDEE,
        {EXPORTED: "event_id began_at", KEY: "attendee_id"},
    ),
    Holding(
        "askings",
        Asking,
        _AS_ATTENDEE,
        {
            EXPORTED: "event_id asked_at line has_met_nobody taken_at introduced_at",
            OTHERS: "helper_id",
            KEY: "attendee_id",
        },
    ),
    Holding(
        "claims",
        Claim,
        AsAttendee(("by_id",)),
        {
            EXPORTED: "event_id conversation_id way claimed_at",
            INSIDE: "nonce live_step body_digest",
            KEY: "by_id",
            OTHERS: "about_id badge_id",
        },
    ),
    Holding(
        "talks",
        Conversation,
        AsAttendee(("low_id", "high_id")),
        {
            EXPORTED: "event_id id started_at last_at",
            IN_WORDS: "low_id high_id claimed_by_id claimed_about_id evidence proven_at",
            OTHERS: "low_word high_word refused_at refusals ended_at undone_at expired_at",
        },
    ),
    Holding(
        "blocked",
        Block,
        By(("blocker_id",)),
        {EXPORTED: "blocked_at", IN_WORDS: "blocked_id", KEY: "blocker_id"},
    ),
    Holding(
        "ties",
        Tie,
        By(("low_person_id", "high_person_id")),
        {
            EXPORTED: "id opened_at last_talk_at last_event_id",
            IN_WORDS: "low_person_id high_person_id",
            OTHERS: "closed_at closed_by_id closing",
        },
    ),
    Holding(
        "links",
        Link,
        _BY_PERSON,
        {EXPORTED: "id kind url audience place added_at removed_at", KEY: "person_id"},
    ),
    Holding(
        "link_answers",
        LinkAnswer,
        of_my_links,
        {EXPORTED: "tie_id link_id is_given answered_at"},
    ),
    Holding(
        "notes",
        Note,
        AsAttendee(("author_id",)),
        {EXPORTED: "event_id text changed_at", IN_WORDS: "about_id", KEY: "author_id"},
    ),
    Holding(
        "promises",
        Promise,
        By(("by_id", "to_id")),
        {
            EXPORTED: "tie_id id event_id kind text due_on made_at kept_at dropped_at confirmed_at",
            IN_WORDS: "by_id to_id",
        },
    ),
    Holding(
        "sides",
        TieSide,
        _BY_PERSON,
        {
            EXPORTED: "tie_id depth rhythm rhythm_set_at link_opened_at followed_up_at",
            KEY: "person_id",
        },
    ),
    Holding(
        "messages_taken",
        UsedMessage,
        _BY_PERSON,
        {EXPORTED: "tie_id used_at", INSIDE: "digest", KEY: "person_id"},
    ),
    Holding(
        "introductions",
        Introduction,
        By(("by_id",)),
        {
            EXPORTED: "id reason proposed_at withdrawn_at",
            IN_WORDS: "low_id high_id",
            KEY: "by_id",
            OTHERS: "is_silent low_accepted_at high_accepted_at low_declined_at high_declined_at",
        },
    ),
    Holding(
        "outcomes",
        Outcome,
        _BY_PERSON,
        {EXPORTED: "tie_id id event_id asked_days kind text said_at", KEY: "person_id"},
    ),
    Holding(
        "team_places",
        Member,
        _BY_PERSON,
        {EXPORTED: "event_id team_id is_admin joined_at", KEY: "person_id"},
    ),
    Holding(
        "team_invitations",
        TeamInvitation,
        ByAddress("address"),
        {EXPORTED: "event_id team_id address is_admin invited_at withdrawn_at"},
    ),
    Holding(
        "seen_by_teams",
        Agreement,
        _BY_PERSON,
        {EXPORTED: "event_id team_id agreed_at withdrawn_at", KEY: "person_id"},
    ),
    Holding(
        "standings_with_teams",
        Standing,
        _BY_PERSON,
        {
            EXPORTED: "event_id team_id next_step next_on outcome outcome_at changed_at",
            IN_WORDS: "stage_id",
            OTHERS: "owner_id changed_by_id",
            INSIDE: "changes",
            KEY: "person_id",
        },
    ),
    Holding(
        "done_by_teams",
        HistoryEntry,
        _BY_PERSON,
        {
            EXPORTED: "event_id team_id step told done_at",
            OTHERS: "by_id to_id",
            KEY: "id person_id opening_id",
        },
    ),
    Holding(
        "exported_by_teams",
        ExportedPerson,
        _BY_PERSON,
        {EXPORTED: "event_id", IN_WORDS: "export_id", KEY: "person_id"},
    ),
    Holding(
        "exports_made",
        Export,
        By(("by_id",)),
        {EXPORTED: "event_id team_id preset made_at count", KEY: "id by_id"},
    ),
    Holding(
        "reviews",
        CandidateReview,
        By(("person_id", "reviewer_id")),
        {
            EXPORTED: "event_id team_id written_at changed_at changed_knowing_at",
            IN_WORDS: "opening_id person_id reviewer_id",
            INSIDE: "changes",
        },
    ),
    Holding(
        "ratings",
        Rating,
        By(("person_id", "reviewer_id")),
        {
            EXPORTED: "event_id team_id score reason",
            IN_WORDS: "opening_id criterion_id person_id reviewer_id",
        },
    ),
    Holding(
        "team_notes",
        TeamNote,
        By(("person_id", "author_id")),
        {
            EXPORTED: "event_id team_id text written_at",
            IN_WORDS: "person_id author_id",
            KEY: "id",
        },
    ),
    _impersonal("openings", Opening, "event_id team_id id title opened_at closed_at changes"),
    _impersonal("criteria", Criterion, "event_id team_id opening_id id text place"),
    Holding(
        "handovers",
        Handover,
        By(("person_id", "from_id")),
        {
            EXPORTED: "event_id team_id reason asked_at",
            IN_WORDS: "person_id from_id to_id is_accepted answered_at",
            OTHERS: "ended_at",
            KEY: "id",
        },
    ),
    _impersonal("teams", Team, "event_id id name granted_at"),
    _impersonal("stages", Stage, "event_id team_id id name place"),
    Holding(
        "mails",
        Mail,
        ByAddress("recipient"),
        {
            EXPORTED: "kind recipient letter queued_at sent_at gave_up_at",
            SEALED: "subject text html stop_url",
            INSIDE: "due_at tries problem expires_at trouble reader",
            KEY: "id",
        },
    ),
    Holding(
        "wishes",
        Wish,
        _BY_PERSON,
        {EXPORTED: "kind is_wanted said_at", KEY: "person_id"},
    ),
    Holding(
        "stops",
        Stop,
        ByReader("address_digest"),
        {EXPORTED: "reason stopped_at", INSIDE: "address_digest"},
    ),
    Holding(
        "letter_days",
        LetterDay,
        ByReader("reader"),
        {EXPORTED: "day_on", KEY: "reader"},
    ),
    Holding(
        "letters_told",
        Told,
        ByReader("reader"),
        {EXPORTED: "topic about told_at", KEY: "reader mail_id"},
    ),
    Holding(
        "mornings",
        Morning,
        _BY_PERSON,
        {EXPORTED: "looked_on wrote_at", KEY: "person_id"},
    ),
    Holding(
        "log",
        AuditEntry,
        lambda model, me: By(("actor_id", "person_id"))(model, me) | _AS_ATTENDEE(model, me),
        {
            EXPORTED: "event_id done_at action details",
            OTHERS: "actor_id attendee_id person_id",
            KEY: "id",
        },
    ),
    _impersonal(
        "events",
        Event,
        "id code name place time_zone starts_at ends_at needs_check_in k created_at language "
        "has_organisations has_headlines has_groups retention_months may_mail_unclaimed "
        "has_discreet_subjects published_at archived_at erasure_asked_at erased_at",
    ),
    _impersonal("snapshots", Snapshot, "event_id taken_at is_final report parts"),
)
"""All tables, in the order of the export."""

ABOVE: dict[str, str] = {"task_run": "name started_at finished_at problem"}
"""Tables of features above this one, and their columns; all of them are about nobody."""
