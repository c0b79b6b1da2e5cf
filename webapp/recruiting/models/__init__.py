"""Teams, who agreed to be seen by them, and what they note."""

from webapp.recruiting.models.handovers import Handover
from webapp.recruiting.models.noted import NOTED
from webapp.recruiting.models.standing import HistoryEntry, Stage, Standing, Step
from webapp.recruiting.models.teams import Agreement, Member, Team, TeamInvitation

__all__ = [
    "NOTED",
    "Agreement",
    "Handover",
    "HistoryEntry",
    "Member",
    "Stage",
    "Standing",
    "Step",
    "Team",
    "TeamInvitation",
]
