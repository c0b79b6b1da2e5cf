"""One person as the cells of one target, and what had to be done for that."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from webapp.core.spreadsheets import SIGNS, defused, starts_a_formula
from webapp.core.text import one_line
from webapp.recruiting.exporting.names import SplitName, split_name
from webapp.recruiting.exporting.presets import Column, Field, Preset, Reason
from webapp.recruiting.exporting.rows import ExportRow

IN_NOTE = (
    Field.NAME,
    Field.ORGANISATION,
    Field.HEADLINE,
    Field.EMAIL,
    Field.MET_AT,
    Field.MET_ON,
    Field.MET_WITH,
    Field.EVIDENCE,
    Field.STAGE,
    Field.NEXT_STEP,
    Field.NEXT_ON,
    Field.OWNER,
    Field.TOPICS,
    Field.LINKEDIN,
    Field.WEBSITE,
    Field.OTHER_LINKS,
)
"""What goes into the note if it has no column, in this order."""
IN_LINKS = frozenset({Field.LINKEDIN, Field.WEBSITE, Field.OTHER_LINKS})
MISSING = {
    Field.FIRST: Reason.ONE_NAME,
    Field.LAST: Reason.ONE_NAME,
    Field.ORGANISATION: Reason.NO_COMPANY,
}
"""What it is called when a required column has nothing to stand in it."""

Said = dict[Field, str]

_CONTROLS = [number for number in (*range(32), *range(127, 160)) if chr(number) != "\n"]
_HALVES = range(0xD800, 0xE000)
_HARMLESS = dict.fromkeys(_CONTROLS, " ") | dict.fromkeys(_HALVES, "\N{REPLACEMENT CHARACTER}")


@dataclass(frozen=True, slots=True)
class Wording:
    """The words a file needs besides those of its people, in one language."""

    labels: Mapping[Field, str]
    """What stands before a line of the note."""
    not_given: str
    """What stands where a target must have something."""


@dataclass(frozen=True, slots=True)
class Form:
    """A preset in one language, with what is asked again for every person."""

    preset: Preset
    not_given: str
    required: frozenset[Field]
    guarded: tuple[Column, ...]
    """What must not hold a formula; elsewhere an apostrophe tells people of one."""
    in_note: tuple[tuple[Field, str], ...]
    """What has no column, with what stands before it."""
    before_note: str


@dataclass(slots=True)
class Person:
    """The cells of one person."""

    cells: list[str] = field(default_factory=list)
    address: str = ""
    reasons: set[tuple[Reason, str]] = field(default_factory=set)
    """What should be known of it, with the header concerned or nothing."""


def form_of(preset: Preset, wording: Wording) -> Form:
    """Return a preset made ready for any number of people."""
    fields = {column.field for column in preset.columns}
    has_column = fields | (IN_LINKS if Field.LINKS in fields else frozenset())
    return Form(
        preset,
        wording.not_given,
        frozenset(one.field for one in preset.columns if one.is_required) - {Field.FIXED},
        tuple(one for one in preset.columns if _is_guarded(one.field, preset)),
        tuple((one, wording.labels[one]) for one in IN_NOTE if one not in has_column),
        wording.labels[Field.NOTE],
    )


def person_of(row: ExportRow, form: Form) -> Person:
    """Return a person's cells in the order of the preset's columns."""
    name = name_of(row)
    said = said_of(row, name)
    person = Person(address=said[Field.EMAIL])
    person.reasons.update((reason, "") for reason in _general(said, name))
    _fill_required(person, said, form)
    kept_whole = _take_out_signs(person, said, form)
    said[Field.ALL_ELSE] = _note(said, kept_whole, form)
    said[Field.NOTE] = "\n".join([*kept_whole, said[Field.NOTE]]).strip()
    person.cells = [column.fixed or said.get(column.field, "") for column in form.preset.columns]
    for column, cell in zip(form.preset.columns, person.cells, strict=True):
        if column.longest is not None and len(str(defused(cell))) > column.longest:
            person.reasons.add((Reason.TOO_LONG, column.header))
    return person


def name_of(row: ExportRow) -> SplitName:
    """Return the two parts of a person's name."""
    if row.first_name or row.last_name:
        return SplitName(one_line(row.first_name), one_line(row.last_name))
    return split_name(one_line(row.name))


def said_of(row: ExportRow, name: SplitName) -> Said:
    """Return what can be said of a person, each as clean text."""
    contacts = row.contacts
    met_at = one_line(row.met_at)
    topics = [topic for topic in map(one_line, row.topics) if topic]
    linkedin, website, *others = (
        one_line(link or "") for link in (contacts.linkedin, contacts.website, *contacts.others)
    )
    links = [link.replace(",", "%2C") for link in (linkedin, website, *others) if link]
    return {
        Field.NAME: one_line(row.name) or _joined(name),
        Field.FIRST: name.first,
        Field.LAST: name.last,
        Field.ORGANISATION: one_line(row.organisation),
        Field.HEADLINE: one_line(row.headline),
        Field.EMAIL: one_line(contacts.email or ""),
        Field.LINKEDIN: linkedin,
        Field.WEBSITE: website,
        Field.OTHER_LINKS: " ".join(others),
        Field.LINKS: ", ".join(links),
        Field.MET_AT: met_at,
        Field.SOURCE: _without_commas(met_at),
        Field.MET_ON: row.met_on.isoformat(timespec="seconds") if row.met_on else "",
        Field.MET_WITH: ", ".join(map(one_line, row.met_with)),
        Field.EVIDENCE: one_line(row.evidence),
        Field.STAGE: one_line(row.stage),
        Field.NEXT_STEP: one_line(row.next_step),
        Field.NEXT_ON: row.next_on.isoformat() if row.next_on else "",
        Field.OWNER: one_line(row.owner),
        Field.TOPICS: ", ".join(topics),
        Field.TAGS: ",".join(map(_without_commas, topics)),
        Field.NOTE: as_text(row.note).strip(),
    }


def as_text(text: str) -> str:
    """Return a text with plain line ends, without control characters and halves of characters."""
    if text.isprintable():
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_HARMLESS)


def _joined(name: SplitName) -> str:
    return f"{name.first} {name.last}".strip()


def _without_commas(text: str) -> str:
    return " ".join(text.replace(",", " ").split()) if "," in text else text


def _is_guarded(one: Field, preset: Preset) -> bool:
    is_prose = one in {Field.NOTE, Field.ALL_ELSE}
    return one is Field.EMAIL or not (preset.is_read_by_people or is_prose)


def _general(said: Said, name: SplitName) -> list[Reason]:
    """Return what may be worth knowing of a person, whatever the target."""
    found = []
    if not said[Field.NAME]:
        found.append(Reason.NO_NAME)
    if name.is_guess:
        found.append(Reason.GUESSED_NAME)
    if not said[Field.EMAIL]:
        found.append(Reason.NO_EMAIL)
    return found


def _fill_required(person: Person, said: Said, form: Form) -> None:
    """Put something where a target must have something; a single name is a last name first."""
    if Field.LAST in form.required and Field.FIRST not in form.required and not said[Field.LAST]:
        said[Field.LAST], said[Field.FIRST] = said[Field.FIRST], ""
    for one in form.required:
        if said[one]:
            continue
        said[one] = form.not_given
        if one in MISSING and said[Field.NAME]:
            person.reasons.add((MISSING[one], ""))


def _take_out_signs(person: Person, said: Said, form: Form) -> list[str]:
    """Free cells of what a spreadsheet would run, and return the lines that keep it whole.

    An address with a sign less, or an apostrophe more, is somebody else's: it goes altogether.
    """
    lines = []
    for column in form.guarded:
        text = said.get(column.field)
        if not text or not starts_a_formula(text):
            continue
        lines.append(f"{column.header}: {text}")
        is_address = column.field is Field.EMAIL
        person.reasons.add((Reason.EMAIL_IN_NOTE if is_address else Reason.SIGNS, ""))
        said[column.field] = "" if is_address else _without_signs(text)
        if column.is_required and not said[column.field]:
            said[column.field] = form.not_given
    return lines


def _without_signs(text: str) -> str:
    while starts_a_formula(text):
        text = text.strip().lstrip(SIGNS)
    return text.strip()


def _note(said: Said, kept_whole: list[str], form: Form) -> str:
    """Return all that has no column: a line each, and the exporter's own note last."""
    is_plain_name = said[Field.NAME] == f"{said[Field.FIRST]} {said[Field.LAST]}".strip()
    lines = [
        f"{label}: {said[one]}"
        for one, label in form.in_note
        if said[one] and not (one is Field.NAME and is_plain_name)
    ]
    own = [f"{form.before_note}: {said[Field.NOTE]}"] if said[Field.NOTE] else []
    return "\n".join([*lines, *kept_whole, *own])
