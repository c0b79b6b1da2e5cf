"""The desk: finding people, checking in, walk-ins, new badges, and help with claiming one.

Whoever works there decides nothing about talks; what several of them do at once, also without a
network, is settled by the time it was done.
"""
