"""Face-to-face talks: claims, answers, evidence, undo, and blocks between persons.

What a proven talk opens (ties, links, notes) is not known here; it hears a signal.
"""
