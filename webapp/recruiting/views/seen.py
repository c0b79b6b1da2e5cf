"""How many changes the sender of a form had seen."""

from flask import request

MOST_DIGITS = 10


def seen(name: str = "seen") -> int:
    """Return how many changes the sender had seen; what is no number matches none."""
    typed = request.form.get(name, "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < MOST_DIGITS else -1
