"""Events, the attendees at them and the roles people have there.

Badges and talks are not known here; they stand on this.
"""
