"""What is erased of an event, and when: the policy people can read, and the worker's part in it.

It decides nothing about a single person's account.
"""
