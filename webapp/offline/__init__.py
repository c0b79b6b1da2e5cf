"""What a phone keeps to work without a network, and the scans it sends when the network is back.

Not the live code, which belongs to badges, nor the claim, which belongs to conversations.
"""
