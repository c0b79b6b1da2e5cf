"""Creating an event, what was decided about it, putting it away, and erasing it."""
