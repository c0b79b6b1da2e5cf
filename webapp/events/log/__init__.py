"""Reading the log: the organisers that of their event, and everybody what concerns them."""
