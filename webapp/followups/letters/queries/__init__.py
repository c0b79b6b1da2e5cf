"""Who may get a letter, what it could tell them, and which letters are no longer true."""
