"""Granting teams and joining them, agreeing to be seen, and reviewing people together."""
