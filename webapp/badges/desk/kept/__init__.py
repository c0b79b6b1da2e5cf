"""What a helper's phone keeps of a desk: the list of guests, and items it sends when it is back."""
