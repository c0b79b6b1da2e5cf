"""The blueprint all routes of this feature stand on, and where their answers go."""

from flask import Blueprint, request

bp = Blueprint("followups", __name__)

FOLLOW_UP = "follow-up"


def is_from_follow_up() -> bool:
    """Tell whether a form was sent from the Follow up screen, which shows its rows differently."""
    return request.form.get("from") == FOLLOW_UP
