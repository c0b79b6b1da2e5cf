"""What attendees can be asked about and look for, and whom to look for because of it.

Not a directory: it names three people at most, and only those who asked to be named.
"""
