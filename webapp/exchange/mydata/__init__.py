"""A Person's own data: taking all of it along, and deleting the account.

`registry` says of every column whether it goes along, `leaving` what becomes of it.
"""
