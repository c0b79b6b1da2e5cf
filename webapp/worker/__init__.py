"""The worker: delivers mail, freezes summaries; one process runs all there is.

It decides nothing; each task belongs to its feature.
"""
