"""Printing badges: which ones, on what paper, and when that was asked for.

How they look is decided in `badges.sheets`.
"""
