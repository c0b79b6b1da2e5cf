"""Bowline: meet first, link after. Packages by feature, on a one-way ladder."""
