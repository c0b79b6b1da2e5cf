"""Proving that it is you, and what you prove with."""

from webapp.accounts.keys.views import changing, proving
from webapp.accounts.keys.views.blueprint import bp

__all__ = ["bp", "changing", "proving"]
