"""The rows of both lists, by the names they have there."""

from guards.guard import Kind, Row

CODES = "badge codes and live codes"
PHOTO = "badge photo from social media; scanning a table of badges"
GUESSING = "guessing or enumerating codes"
HARASSMENT = "confirm fatigue, harassment"
OVER_REACH = "organiser abuse, recruiter over-reach"
NUMBERS = "small numbers, differencing"
FORGERY = "CSRF, camera opening a GET, prefetch, link previews"
SCRIPTS = "stored XSS, link injection"
FILES = "CSV formula, vCard and iCalendar injection, mail header injection"
SIGN_IN = (
    "sign-in: code guessing and spraying, mail scanners that click and POST, fixation, pre-hijack"
)
PRIVILEGED = "privileged accounts"
RACE = "badge claim race; lost or reprinted badge"
STICKER = "a sticker over the QR"
QUEUE = "offline queue: forged times, replays, poison items"
OBJECTS = "objects by id, mass assignment, host header"
ERASURE = "erasure"

KILLS = "kill -9 under load"
POWER = "power cut"
POSTGRESQL = "PostgreSQL"
KEYS = "same key 100 times in sequence and 20 in parallel"
WRITERS = "64 writers for 60 s on SQLite"
FULL = "disk full"
OUTBOX = "mail outbox, 100 kills of the worker"
RELOAD = "reload under load (SIGHUP)"
BACKUP = "backup and restore"
MIGRATIONS = "migrations"
AWAY = "SMTP, OIDC or Redis down"
DOOR = "door opening"


def _attack(name: str, happens: str, more: str = "") -> Row:
    return Row(name, Kind.ATTACK, happens, more)


def _reliability(name: str, happens: str, more: str = "") -> Row:
    return Row(name, Kind.RELIABILITY, happens, more)


ROWS = (
    _attack(
        CODES,
        "Somebody forges a code, copies one, or passes one on to people who were not there.",
    ),
    _attack(
        PHOTO,
        "Somebody finds a picture of a badge, or walks along a table of badges, and scans them all"
        " to collect people.",
    ),
    _attack(
        GUESSING,
        "Somebody tries codes until one fits, or reads from an answer, its length or the time it"
        " takes whether a badge exists, or what the other person said.",
        "`TRIES=500` on `tests/conversations/test_no_step_in_time.py`",
    ),
    _attack(
        HARASSMENT,
        "Somebody claims a talk again and again until the other gives in, or goes on after being"
        " blocked.",
    ),
    _attack(
        OVER_REACH,
        "An organiser wants to know who talked with whom, or a recruiter wants to see people who"
        " never agreed to it.",
        "`GRAPHS=1000` on `tests/recruiting/test_whom_a_team_sees.py`; the crawl of every route as"
        " every role (`tests/crawl`)",
    ),
    _attack(
        NUMBERS,
        "Somebody subtracts one published number from another, and knows something of one person.",
        "`CASES=5000` on `tests/insights`",
    ),
    _attack(
        FORGERY,
        "Another site, a camera, or a program that looks ahead opens or sends something in"
        " somebody's name.",
        "The crawl of every route as every role compares the whole database before and after"
        " (`tests/crawl`)",
    ),
    _attack(
        SCRIPTS,
        "Somebody types a script or a dangerous address where others will read it.",
    ),
    _attack(
        FILES,
        "Somebody types a text that runs, or adds a line, when others open a file or get a mail"
        " with it.",
        "Real LibreOffice opens the files (`tests/recruiting/exporting/test_spreadsheet.py`)",
    ),
    _attack(
        SIGN_IN,
        "Somebody guesses a sign-in code, lets a mail scanner use it, plants a session, or makes an"
        " account with another's address before its owner comes.",
        "A real provider that is broken in every way (`tests/accounts/test_broken_provider.py`)",
    ),
    _attack(
        PRIVILEGED,
        "Somebody who reads an organiser's or a recruiter's mail sees what they see.",
    ),
    _attack(
        RACE,
        "Somebody claims another's badge, or goes on using a badge that was lost.",
    ),
    _attack(
        STICKER,
        "Somebody sticks another code over that of a badge or of the poster.",
    ),
    _attack(
        QUEUE,
        "A phone sends kept scans with made-up times, or the same ones again, or one that breaks"
        " all others.",
    ),
    _attack(
        OBJECTS,
        "Somebody asks for another's things by their number, sends fields a form does not have, or"
        " asks under another host's name.",
        "The crawl asks for every object as every person (`tests/crawl`)",
    ),
    _attack(
        ERASURE,
        "Somebody deletes their account, and something of them is left or comes back.",
    ),
    _reliability(
        KILLS,
        "The processes are killed while people scan.",
        "`python -m tests.durability --only kills`",
    ),
    _reliability(
        POWER,
        "The power goes while people scan.",
        "`python -m tests.durability --only power`",
    ),
    _reliability(
        POSTGRESQL,
        "PostgreSQL is killed, or set so that it may forget what it acknowledged.",
        "`python -m tests.durability --only postgresql`",
    ),
    _reliability(
        KEYS,
        "A phone sends the same tap again and again, one after the other or all at once.",
        "`python -m tests.durability --only keys`",
    ),
    _reliability(
        WRITERS,
        "Many people write at the same moment into one SQLite file.",
        "`python -m tests.durability --only writers`",
    ),
    _reliability(
        FULL,
        "The disk has no room left.",
        "`python -m tests.durability --only full`",
    ),
    _reliability(
        OUTBOX,
        "The worker is killed while it carries mail, or the mail server says no.",
        "`python -m tests.durability --only outbox`",
    ),
    _reliability(
        RELOAD,
        "New code is started while people scan.",
        "`python -m tests.durability --only reload`",
    ),
    _reliability(
        BACKUP,
        "The database is lost, and an older copy brings back what people took back since.",
        "`python -m tests.durability --only backup`",
    ),
    _reliability(
        MIGRATIONS,
        "The tables are changed, and that is killed half way.",
        "`python -m tests.durability --only migrations`",
    ),
    _reliability(
        AWAY,
        "The mail server, a sign-in provider or Redis does not answer.",
        "`python -m tests.durability --only away`",
    ),
    _reliability(
        DOOR,
        "Everybody comes through the door at the same time.",
        "`python -m tests.durability --only door`",
    ),
)
