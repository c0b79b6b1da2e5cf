"""Access rules, headers, CSRF, limits and keyed tokens: how we keep people safe from each other.

It knows no feature; the predicates themselves live in each feature's `access.py`.
"""
