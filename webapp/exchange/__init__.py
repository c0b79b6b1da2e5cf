"""Files in and out: importers, exporters and a person's own data.

It is not a second way to write: what a file says is handed to the feature that owns the rows.
"""
