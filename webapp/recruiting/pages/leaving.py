"""Candidates as they leave in a file: read some at a time, written down, and sent."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import IO
from zoneinfo import ZoneInfo

from webapp.conversations.models import Evidence
from webapp.events.rules import as_printed
from webapp.recruiting.exporting.presets import Preset
from webapp.recruiting.exporting.rows import ExportRow, contacts_of
from webapp.recruiting.exporting.words import wording
from webapp.recruiting.exporting.writing import written
from webapp.recruiting.pages.review import Review
from webapp.recruiting.queries.exports import LeavingRow, leaving_rows
from webapp.recruiting.words import EVIDENCE

AT_A_TIME = 500
"""People read at a time; each time in as many queries."""
IN_MEMORY = 1024 * 1024
"""Bytes of a file that is being made; what is longer waits on the disk, nameless, to be sent."""
PIECE = 65_536
WEAKEST_FIRST = list(Evidence)


@dataclass(slots=True)
class MadeFile:
    """A file that is ready to be sent, and the Persons in it."""

    content: IO[bytes]
    person_ids: list[str] = field(default_factory=list)
    size: int = 0

    def chunks(self) -> Iterator[bytes]:
        """Give what is in it, and end it."""
        with self.content:
            self.content.seek(0)
            while chunk := self.content.read(PIECE):
                yield chunk


def export_rows(
    looking: Review, ids: Sequence[str], *, has_notes: bool
) -> Iterator[tuple[str, ExportRow]]:
    """Give each Candidate as they leave, with their Person's id, some at a time."""
    stages = {one.id: one.name for one in looking.stages}
    for at in range(0, len(ids), AT_A_TIME):
        rows = leaving_rows(
            looking.session, looking.member, ids[at : at + AT_A_TIME], has_notes=has_notes
        )
        for row in rows:
            yield row.candidate.place.person_id or "", _export_row(looking, stages, row)


def _export_row(looking: Review, stages: Mapping[str, str], row: LeavingRow) -> ExportRow:
    candidate = row.candidate
    badge, standing = as_printed(looking.event, candidate.place), candidate.standing
    talks = [one.talk for one in candidate.talks]
    best = max((talk.evidence for talk in talks), key=WEAKEST_FIRST.index, default=None)
    first = min((talk.started_at for talk in talks), default=None)
    return ExportRow(
        name=badge.name,
        organisation=badge.organisation,
        headline=badge.headline,
        contacts=contacts_of((link.kind, link.url) for link in row.links),
        met_at=looking.event.name,
        met_on=first.astimezone(ZoneInfo(looking.event.time_zone)) if first else None,
        met_with=tuple(dict.fromkeys(one.colleague for one in candidate.talks)),
        evidence=str(EVIDENCE[best]) if best else "",
        stage=stages[standing.stage_id if standing else looking.stages[0].id],
        next_step=standing.next_step if standing else "",
        next_on=standing.next_on if standing else None,
        owner=looking.names.get(standing.owner_id or "", "") if standing else "",
        topics=tuple(candidate.topics),
        note=row.note,
    )


def made_file(
    looking: Review, ids: Sequence[str], preset: Preset, *, has_notes: bool, has_bom: bool
) -> MadeFile:
    """Write the file of some Candidates, as the gate shows them now."""
    file = MadeFile(SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115  # closed once it is sent
    rows = _noted(export_rows(looking, ids, has_notes=has_notes), file.person_ids)
    for chunk in written(rows, preset, wording(), has_bom=has_bom):
        file.size += file.content.write(chunk)
    return file


def _noted(rows: Iterator[tuple[str, ExportRow]], person_ids: list[str]) -> Iterator[ExportRow]:
    for person_id, row in rows:
        person_ids.append(person_id)
        yield row
