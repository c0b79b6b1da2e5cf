"""Screens of ties: a saved talk, the people I met, my card, and who gets which link."""

from webapp.ties.views import cards, giving, links, people, talks
from webapp.ties.views.blueprint import bp

__all__ = ["bp", "cards", "giving", "links", "people", "talks"]
