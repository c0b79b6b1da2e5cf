"""Guest lists in: a file becomes rows, columns find their fields, rows become attendees.

It is not a mailing list: nobody on a list hears of it, and nothing is written before the last step.
"""
