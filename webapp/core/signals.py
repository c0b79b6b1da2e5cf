"""How something low causes something high without importing it; `factory.py` subscribes.

Signals are sent inside the transaction of their cause: what a subscriber does is saved with it or
not at all. Keep them few.
"""

from blinker import Namespace

_signals = Namespace()

conversation_proven = _signals.signal("conversation-proven")
"""Sent with `session`, `conversation` and `now` when both sides' word is in."""

conversation_undone = _signals.signal("conversation-undone")
"""Sent with `session`, `conversation`, `by` and `now` when a proven conversation is taken back."""

person_blocked = _signals.signal("person-blocked")
"""Sent with `session`, `block` and `now` when one person no longer wants to meet another."""

person_welcomed = _signals.signal("person-welcomed")
"""Sent by a Person with `session`, `linkedin_url` and `now` at the end of a provider's sign-in."""
