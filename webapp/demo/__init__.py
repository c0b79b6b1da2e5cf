"""The demo: an event from real contact data with invented people a visitor may step into.

It is wired only when the mode is `demo`, never otherwise.
"""
