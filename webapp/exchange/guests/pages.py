"""What the three steps of an import show."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from webapp.events.models import Event
from webapp.exchange.guests.forms import FileForm
from webapp.exchange.guests.models import GuestList
from webapp.exchange.guests.opening import OpenList
from webapp.exchange.guests.rules.checking import Rejected, Wrong
from webapp.exchange.guests.rules.comparing import Fate
from webapp.exchange.guests.rules.matching import Column, Match, Question, Why
from webapp.exchange.guests.rules.words import Field

SHOWN_REJECTED = 20

FIELD_WORDS = {
    Field.NAME: _l("Full name"),
    Field.FIRST_NAME: _l("First name"),
    Field.LAST_NAME: _l("Last name"),
    Field.EMAIL: _l("E-mail"),
    Field.ORGANISATION: _l("Organisation"),
    Field.HEADLINE: _l("What they do"),
    Field.GROUP: _l("Group"),
}
WHY_WORDS = {
    Why.EXACT: _l("by its name"),
    Why.ALIAS: _l("guessed from its name"),
    Why.CONTENT: _l("guessed from what stands in it"),
    Why.CHOSEN: _l("you chose"),
    Why.ASKED: _l("not the only candidate"),
    Why.NEVER: _l("never needed"),
    Why.NOTHING: "",
}


@dataclass(frozen=True, slots=True)
class FilePage:
    """Step 1: choose a file."""

    event: Event
    form: FileForm
    listed: int
    waiting: list[GuestList]
    """Those somebody has begun with; a co-organiser may go on with them, too."""


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """One column of the list: what stands in it, where it goes, and why."""

    name: str
    header: str
    samples: tuple[str, ...]
    options: list[tuple[str, Any, bool]]
    """Value, words, and whether it is the one; empty for what is never imported."""
    why: Any
    is_open: bool


@dataclass(frozen=True, slots=True)
class MatchPage:
    """Step 2: which column goes where."""

    event: Event
    list_id: str
    file_name: str
    facts: str
    rows: list[ColumnRow]
    questions: list[str]


@dataclass(frozen=True, slots=True)
class CheckPage:
    """Step 3: what would happen."""

    event: Event
    list_id: str
    file_name: str
    facts: str
    counts: list[tuple[int, str, str]]
    """A number, what it counts, and a sentence about it."""
    rejected: list[Rejected]
    more_rejected: int
    button: str


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """How far an import has come."""

    event_id: str
    list_id: str
    done: int
    total: int


def match_page(
    event: Event, waiting: GuestList, opened: OpenList, *, is_sent: bool = False
) -> MatchPage:
    """Return step 2; questions that were there from the start are asked, not held against you."""
    return MatchPage(
        event,
        waiting.id,
        waiting.file_name,
        _facts(opened),
        [_column_row(one, opened.match) for one in opened.match.columns],
        _questions(opened.match, is_sent=is_sent),
    )


def _facts(opened: OpenList) -> str:
    """Say what was read, such as `124 rows · UTF-8, separator ; · Eventbrite`."""
    rows, table = len(opened.match.lines), opened.table
    facts = [ngettext("%(num)s row", "%(num)s rows", rows)]
    facts.append(
        _("%(encoding)s, separator %(separator)s", **_written(opened))
        if table.separator
        else table.encoding
    )
    if opened.match.source:
        facts.append(_("list of %(source)s", source=opened.match.source.label))
    return " · ".join(facts)


def _written(opened: OpenList) -> dict[str, str]:
    separator = opened.table.separator
    return {
        "encoding": opened.table.encoding,
        "separator": _("tab") if separator == "tab" else separator,
    }


def _column_row(column: Column, match: Match) -> ColumnRow:
    is_asked = column.why is Why.ASKED
    is_open = is_asked or any(question.field is column.field for question in match.questions)
    chosen = None if is_asked else (column.field.value if column.field else "")
    words = {"": _("not imported")} | {field.value: FIELD_WORDS[field] for field in Field}
    options = [(value, word, value == chosen) for value, word in words.items()]
    if is_asked:
        options.insert(0, ("?", _("Please choose"), True))
    return ColumnRow(
        f"column-{column.number}",
        column.header,
        column.samples,
        [] if column.why is Why.NEVER else options,
        _why(column, match),
        is_open,
    )


def _why(column: Column, match: Match) -> Any:
    if column.why is Why.SOURCE and match.source:
        return _("known from %(source)s", source=match.source.label)
    return WHY_WORDS.get(column.why, "")


def _questions(match: Match, *, is_sent: bool) -> list[str]:
    asked = [_question(one) for one in match.questions]
    if not match.has_names and (is_sent or not asked):
        asked.append(_("Which column holds the names? A badge needs one."))
    return asked


def _question(question: Question) -> str:
    headers = _(" and ").join(f"“{header}”" for header in question.headers)
    return str(
        _(
            "%(headers)s could both be: %(field)s. Which one is it?",
            headers=headers,
            field=FIELD_WORDS[question.field],
        )
    )


def check_page(
    event: Event, waiting: GuestList, opened: OpenList, fates: Mapping[Fate, int]
) -> CheckPage:
    """Return step 3."""
    rejected = opened.checked.rejected
    return CheckPage(
        event,
        waiting.id,
        waiting.file_name,
        _facts(opened),
        _counts(fates, Counter(one.wrong for one in rejected), opened.checked.not_counted),
        rejected[:SHOWN_REJECTED],
        max(0, len(rejected) - SHOWN_REJECTED),
        _button(fates),
    )


def _button(fates: Mapping[Fate, int]) -> str:
    """Name what the last button does; empty if there is nothing to do."""
    people = fates.get(Fate.NEW, 0) + fates.get(Fate.UPDATED, 0)
    if not people:
        return ""
    return str(
        ngettext(
            "Import %(num)s person, send no mail", "Import %(num)s people, send no mail", people
        )
    )


def _counts(
    fates: Mapping[Fate, int], wrong: Mapping[Wrong, int], not_counted: int
) -> list[tuple[int, str, str]]:
    rows = [
        (fates.get(Fate.NEW, 0), _("new"), _("Each gets a badge to print.")),
        (
            fates.get(Fate.UPDATED, 0),
            _("already here, with changes"),
            _("Their badge will say what the list says. Print it again."),
        ),
        (fates.get(Fate.UNCHANGED, 0), _("already here, unchanged"), ""),
        (
            fates.get(Fate.THEIRS, 0),
            _("unchanged, they made it their own"),
            _("They have claimed their badge, so what it says stays."),
        ),
        (not_counted, _("not coming"), _("Cancelled, not approved, or nobody's ticket yet.")),
        (wrong.get(Wrong.NO_NAME, 0), _("without a name"), ""),
        (wrong.get(Wrong.ADDRESS, 0), _("whose e-mail looks wrong"), ""),
        (wrong.get(Wrong.TWICE, 0), _("in the list twice"), ""),
        (wrong.get(Wrong.LONG, 0), _("with a text that is too long"), ""),
    ]
    return [rows[0], *(row for row in rows[1:] if row[0])]


def outcome(tally: Mapping[str, int]) -> str:
    """Say what an import has done."""
    return str(
        _(
            "Done: %(new)s new, %(updated)s updated, %(same)s unchanged. No mail was sent.",
            new=tally.get(Fate.NEW, 0),
            updated=tally.get(Fate.UPDATED, 0),
            same=tally.get(Fate.UNCHANGED, 0) + tally.get(Fate.THEIRS, 0),
        )
    )
