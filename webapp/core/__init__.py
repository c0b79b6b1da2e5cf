"""Config, database session, clock, errors and HTMX answers: the floor all features stand on.

It knows no business word.
"""
