"""The screen of exports: the choice, what to know before, and who took whom along when."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask_babel import gettext as _

from webapp.events.models import Event
from webapp.events.rules import as_printed
from webapp.recruiting.exporting.checks import Finding, check
from webapp.recruiting.exporting.presets import PRESETS, Preset, Reason
from webapp.recruiting.exporting.words import told, wording
from webapp.recruiting.forms import CHOSEN, NEW, ExportForm
from webapp.recruiting.pages.leaving import export_rows
from webapp.recruiting.pages.review import Review
from webapp.recruiting.queries import exports as queries
from webapp.recruiting.queries.exports import ExportLine, Whom
from webapp.recruiting.queries.lists import ON_A_PAGE, Wanted
from webapp.recruiting.words import EXPORTED_TO

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class NamedRow:
    """One candidate who can be ticked."""

    person_id: str
    name: str
    organisation: str
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file that was made."""

    who: str
    target: str
    line: ExportLine


@dataclass(frozen=True, slots=True)
class ExportPage:
    """Whom to take along, and to where."""

    event: Event
    team: str
    form: ExportForm
    filters: Pairs
    """What the list was narrowed by."""
    people: list[NamedRow]
    """Up to a page of those the list shows."""
    count: int
    """How many it shows."""
    files: list[FileRow]


@dataclass(frozen=True, slots=True)
class ExportCheckPage:
    """What somebody should know before the file is made."""

    event: Event
    target: str
    headers: list[str]
    """The columns of the file; a card has none."""
    count: int
    said: Pairs
    """All that was chosen."""
    has_notes: bool
    warnings: list[str]
    errors: list[str]

    @property
    def query(self) -> str:
        """The same, as it stands in an address."""
        return urlencode(self.said)


def export_form(count: int, typed: object = None) -> ExportForm:
    """Return the form with what is usual: all of them, each with a tick if a page shows them."""
    return ExportForm(typed, count=count, most=ON_A_PAGE)


def export_page(
    looking: Review,
    ids: Sequence[str],
    *,
    team: str,
    form: ExportForm,
    filters: Pairs,
    ticked: frozenset[str] | None,
) -> ExportPage:
    """Return the choice; nobody was unticked yet where `ticked` is None."""
    places = queries.named(looking.session, looking.member, ids[:ON_A_PAGE])
    badges = [(one.person_id or "", as_printed(looking.event, one)) for one in places]
    files = queries.exports_of(looking.session, looking.member)
    return ExportPage(
        event=looking.event,
        team=team,
        form=form,
        filters=filters,
        people=[
            NamedRow(one, badge.name, badge.organisation, ticked is None or one in ticked)
            for one, badge in badges
        ],
        count=len(ids),
        files=[_file_row(looking, line) for line in files],
    )


def whom_of(form: ExportForm, wanted: Wanted, persons: Sequence[str]) -> Whom:
    """Return who was chosen."""
    if form.whom.data == NEW:
        return Whom(wanted, new_for=form.preset.data)
    return Whom(wanted, chosen=persons[:ON_A_PAGE] if form.whom.data == CHOSEN else None)


def check_page(
    looking: Review, ids: Sequence[str], *, form: ExportForm, said: Pairs
) -> ExportCheckPage:
    """Return what should be known before these candidates leave."""
    preset = PRESETS[form.preset.data]
    rows = (row for _id, row in export_rows(looking, ids, has_notes=form.has_notes.data))
    found = check(rows, preset, wording())
    return ExportCheckPage(
        event=looking.event,
        target=str(EXPORTED_TO[preset.key]),
        headers=[column.header for column in preset.columns],
        count=len(ids),
        said=said,
        has_notes=form.has_notes.data and bool(preset.columns),
        warnings=[told(one, preset) for one in found if not one.is_error],
        errors=[_told(one, preset, form) for one in found if one.is_error],
    )


def _told(finding: Finding, preset: Preset, form: ExportForm) -> str:
    if finding.reason is Reason.NOBODY and form.whom.data == NEW:
        target = EXPORTED_TO[preset.key]
        return str(_("Nobody is new since you last exported to %(target)s.", target=target))
    return told(finding, preset)


def _file_row(looking: Review, line: ExportLine) -> FileRow:
    who = _("You") if line.export.by_id == looking.me.id else line.by or _("A colleague")
    return FileRow(who, str(EXPORTED_TO[line.export.preset]), line)
