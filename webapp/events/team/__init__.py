"""Who helps with an event: asking, accepting, leaving, and handing the event over."""
