"""Hosts help people in who asked for it: who would like to be introduced, and who is on it.

It knows nothing of talks, so nothing here can tell who had one.
"""
