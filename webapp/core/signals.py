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

news_asked = _signals.signal("news-asked")
"""Sent by an Attendee with `session` when their screen asks what is new; whoever has a line for it
returns it, else None. It only reads."""

talk_shown = _signals.signal("talk-shown")
"""Sent by the TalkSides of a page with `session`, `me`, `opened` (the tie and who is on its other
side, or None) and `now`; whoever has parts for the page returns a list of them. It only reads."""

tie_shown = _signals.signal("tie-shown")
"""Sent by an open Tie whose page is built with `session`, `me`, `other` and `now`; whoever has
parts for the page returns a list of them. It only reads."""

follow_up_shown = _signals.signal("follow-up-shown")
"""Sent by a Person who opens Follow up with `session` and `now`; whoever has parts for the screen
returns a list of them. It only reads."""

candidate_shown = _signals.signal("candidate-shown")
"""Sent by the Review of a member who opens a Candidate's page with `row`; whoever has parts for the
page returns a list of them. It only reads."""

log_asked = _signals.signal("log-asked")
"""Sent by a Person with `session`, `since` and `until` (moments or None; the last is not within)
when they read what concerns them; whoever has lines of that time returns them. It only reads."""

role_removed = _signals.signal("role-removed")
"""Sent by an Event with `session`, `person_id` and `name` when somebody's role there has ended."""

person_welcomed = _signals.signal("person-welcomed")
"""Sent by a Person with `session`, `linkedin_url` and `now` at the end of a provider's sign-in."""

places_merged = _signals.signal("places-merged")
"""Sent by a guest's place that is about to go with `session`, `into` and `now`: its owner's other
place takes what hangs on it."""

place_used = _signals.signal("place-used")
"""Asked about an Attendee with `session`: a receiver says whether they have done anything here."""

mail_queued = _signals.signal("mail-queued")
"""Sent after the commit that put mail into the outbox; what a receiver does is not undone."""
