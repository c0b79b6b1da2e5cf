"""Teams, who agreed to be seen by them, what they note, and what left them."""

from webapp.recruiting.models.exports import Export, ExportedPerson
from webapp.recruiting.models.handovers import Handover
from webapp.recruiting.models.noted import NOTED
from webapp.recruiting.models.reviews import CandidateReview, Criterion, Opening, Rating, TeamNote
from webapp.recruiting.models.standing import HistoryEntry, Stage, Standing, Step, TeamOutcome
from webapp.recruiting.models.teams import Agreement, Member, Team, TeamInvitation

__all__ = [
    "NOTED",
    "Agreement",
    "CandidateReview",
    "Criterion",
    "Export",
    "ExportedPerson",
    "Handover",
    "HistoryEntry",
    "Member",
    "Opening",
    "Rating",
    "Stage",
    "Standing",
    "Step",
    "Team",
    "TeamInvitation",
    "TeamNote",
    "TeamOutcome",
]
