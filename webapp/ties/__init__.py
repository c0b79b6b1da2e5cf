"""Ties between persons, their links and notes, and the gate that opens one to the other.

Whether a talk is proven is decided in `conversations`.
"""
