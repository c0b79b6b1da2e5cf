"""The outbox, rendering and delivery of mail from one person's cause to one person's inbox.

A mail is a row written in the transaction of its cause; the worker delivers it. No feature lives
here, and nothing is ever sent in a person's name.
"""
