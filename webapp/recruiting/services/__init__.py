"""Granting teams and joining them, agreeing to be seen, and moving people on."""
