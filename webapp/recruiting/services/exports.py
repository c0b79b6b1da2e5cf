"""Writing down that people left a Team as a file."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from webapp.recruiting.models import Export, ExportedPerson, Member

AT_A_TIME = 500


def note_export(
    session: Session, *, member: Member, preset: str, person_ids: Sequence[str], now: datetime
) -> Export:
    """Note who was in a file that a member made; each of them can read it."""
    export = Export(
        event_id=member.event_id,
        team_id=member.team_id,
        by_id=member.person_id,
        preset=preset,
        made_at=now,
        count=len(person_ids),
    )
    session.add(export)
    session.flush()
    key = {"event_id": export.event_id, "export_id": export.id}
    for at in range(0, len(person_ids), AT_A_TIME):
        rows = [key | {"person_id": one} for one in person_ids[at : at + AT_A_TIME]]
        session.execute(insert(ExportedPerson), rows)
    return export
