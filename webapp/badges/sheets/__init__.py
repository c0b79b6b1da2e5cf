"""Badges on paper: where they lie on a sheet, what stands on them, and the PDF itself.

Who may print which badges is decided in `badges`; nothing here asks the database.
"""
