"""Teams, who may see whom, and the review of candidates."""

from webapp.recruiting.views import (
    candidates,
    consent,
    exports,
    granting,
    handovers,
    lists,
    noted,
    openings,
    reviews,
    teams,
)
from webapp.recruiting.views.blueprint import bp

__all__ = [
    "bp",
    "candidates",
    "consent",
    "exports",
    "granting",
    "handovers",
    "lists",
    "noted",
    "openings",
    "reviews",
    "teams",
]
