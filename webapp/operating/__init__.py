"""Looking after an installation: whether it is well, its figures, its backups.

It tells operators nothing of people: no id is a label, no name is in an answer.
"""
