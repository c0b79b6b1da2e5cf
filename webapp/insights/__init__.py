"""An event in numbers: exact figures for checking, rounded and protected ones for publishing.

It owns no business rows and never shows who talked with whom.
"""
