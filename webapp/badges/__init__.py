"""Badges: printed codes, claim codes, live codes, their QR pictures, claiming and the desk.

What a scan means is decided in `conversations`; a badge only says whose it is.
"""
