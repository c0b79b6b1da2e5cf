"""What somebody should know before they export: values; `words` says them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from webapp.recruiting.exporting.cells import Wording, form_of, person_of
from webapp.recruiting.exporting.presets import Field, Preset, Reason
from webapp.recruiting.exporting.rows import ExportRow

ERRORS = frozenset({Reason.NOBODY, Reason.TOO_MANY})
ALWAYS_TOLD = frozenset(
    {
        Reason.NO_NAME,
        Reason.GUESSED_NAME,
        Reason.TOO_LONG,
        Reason.SIGNS,
        Reason.EMAIL_IN_NOTE,
    }
)
"""What is told for every target; the rest only where a target asks for it."""
_ORDER = {reason: at for at, reason in enumerate(Reason)}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to know about an export."""

    reason: Reason
    people: int = 0
    """How many it concerns; of too many, how many there are."""
    header: str = ""
    most: int = 0

    @property
    def is_error(self) -> bool:
        """Whether the target would not take the file."""
        return self.reason in ERRORS


def check(rows: Iterable[ExportRow], preset: Preset, wording: Wording) -> list[Finding]:
    """Return what should be known before these people leave in this form, errors first."""
    counted: Counter[tuple[Reason, str]] = Counter()
    addresses: Counter[str] = Counter()
    total = 0
    form = form_of(preset, wording)
    for row in rows:
        person = person_of(row, form)
        counted.update(person.reasons)
        addresses[person.address.casefold()] += 1
        total += 1
    del addresses[""]
    counted[Reason.SAME_EMAIL, ""] = sum(many for many in addresses.values() if many > 1)
    told = ALWAYS_TOLD | preset.warns_of
    if Field.LAST not in {column.field for column in preset.columns}:
        told -= {Reason.GUESSED_NAME}
    return _of_all(total, preset) + [
        Finding(reason, people, header, _longest(preset, header))
        for (reason, header), people in sorted(counted.items(), key=_in_order)
        if people and reason in told
    ]


def _of_all(total: int, preset: Preset) -> list[Finding]:
    """Return what concerns the file, not its people."""
    if not total:
        return [Finding(Reason.NOBODY)]
    is_too_many = preset.most_rows is not None and total > preset.most_rows
    errors = [Finding(Reason.TOO_MANY, total, most=preset.most_rows or 0)] if is_too_many else []
    return errors + [Finding(reason, total) for reason in preset.always_says]


def _longest(preset: Preset, header: str) -> int:
    lengths = (column.longest for column in preset.columns if column.header == header)
    return next(lengths, None) or 0


def _in_order(counted: tuple[tuple[Reason, str], int]) -> tuple[int, str]:
    (reason, header), _ = counted
    return _ORDER[reason], header
