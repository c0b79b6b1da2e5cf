"""What people took back, also written down beside the database: an older copy must not undo it.

The list holds ids, digests and times; no name, no address and no words.
"""
