"""What follows a talk: promises, how deep it went, introductions, and what came of it.

Everything here hangs on a tie and is seen by its two people alone; ties themselves and the links
they open live below.
"""
