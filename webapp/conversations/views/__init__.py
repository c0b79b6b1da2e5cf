"""Screens of a talk: my code, scanning, "did you talk?", and answering what others say."""

from webapp.conversations.views import answering, meeting, scanning
from webapp.conversations.views.blueprint import bp

__all__ = ["answering", "bp", "meeting", "scanning"]
