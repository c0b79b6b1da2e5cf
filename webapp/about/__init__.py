"""What everybody may read: how it works, what it cannot prove, and what is kept for how long.

Not the policy itself: each feature keeps and forgets by its own rules, and these pages read them.
"""
