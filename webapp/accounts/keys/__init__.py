"""What a Person has beside the code in their mail: passkeys, an authenticator app, recovery codes.

Whether something needs them is said by the rules of each feature.
"""
