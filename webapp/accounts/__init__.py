"""Persons, sign-in by e-mailed code or OpenID Connect, and the devices they are signed in on.

What a Person may do at an event is not decided here.
"""
