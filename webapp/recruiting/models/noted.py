"""What a Team keeps of a Candidate, and loses when they take their agreement back."""

from webapp.recruiting.models.handovers import Handover
from webapp.recruiting.models.reviews import CandidateReview, Rating, TeamNote
from webapp.recruiting.models.standing import HistoryEntry, Standing

NOTED = (HistoryEntry, Standing, Handover, Rating, CandidateReview, TeamNote)
"""Each by `event_id`, `team_id` and `person_id`; what points at another of these comes first."""
