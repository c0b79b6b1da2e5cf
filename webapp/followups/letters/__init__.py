"""The one mail of a morning: whom I met, what I promised, and what is due today.

It names people and leads to their pages in the app; nobody's links stand in it.
"""
