"""What may be published of one event: rounded, in fixed tables, at least k people behind each.

No margins are published beside the total, and no reason tells one hidden cell from another.
"""
