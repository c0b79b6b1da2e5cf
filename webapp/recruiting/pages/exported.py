"""What the people in a file read of it, and the history of a candidate."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.events.log.lines import EntryRow
from webapp.events.models import Event
from webapp.recruiting.models import Team
from webapp.recruiting.queries.consent import teams_that_see
from webapp.recruiting.queries.exports import ExportLine, exports_about
from webapp.recruiting.words import EXPORTED_TO

SHOWN = 3
"""Files of one team beside it; the log has all of them."""


@dataclass(frozen=True, slots=True)
class SeenByRow:
    """A team, and its latest files with me in them."""

    team: Team
    event: Event
    entries: list[EntryRow]


@dataclass(frozen=True, slots=True)
class SeenByPage:
    """The teams that see me, and those that took me along while they did."""

    teams: list[SeenByRow]
    former: list[SeenByRow]

    @property
    def has_files(self) -> bool:
        """True if there is something about it in the log."""
        return any(row.entries for row in (*self.teams, *self.former))


def seen_by_page(session: Session, me: Person) -> SeenByPage:
    """Return which teams see me, and where my data went, in two queries."""
    lines = exports_about(session, me.id)
    see = teams_that_see(session, me.id)
    known = {team.id for team, _event in see}
    former = {line.team.id: (line.team, line.event) for line in lines if line.team.id not in known}
    return SeenByPage(
        [_seen_by_row(team, event, lines) for team, event in see],
        [_seen_by_row(team, event, lines) for team, event in former.values()],
    )


def _seen_by_row(team: Team, event: Event, lines: list[ExportLine]) -> SeenByRow:
    mine = [line for line in lines if line.team.id == team.id]
    return SeenByRow(team, event, [entry_of(line) for line in mine[:SHOWN]])


def log_lines(
    me: Person, *, session: Session, since: datetime | None, until: datetime | None
) -> list[EntryRow]:
    """Return what the log of somebody shows of this feature: who exported them."""
    return [entry_of(one) for one in exports_about(session, me.id, since=since, until=until)]


def entry_of(line: ExportLine) -> EntryRow:
    """Say to somebody in a file who made it."""
    name = line.by or _("Somebody")
    return EntryRow(
        who=_("%(name)s of %(team)s", name=name, team=line.team.name),
        what=_("exported you to %(target)s", target=EXPORTED_TO[line.export.preset]),
        done_at=line.export.made_at,
        event=line.event,
    )
