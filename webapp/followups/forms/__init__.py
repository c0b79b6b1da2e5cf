"""What people say about a tie, as it is typed."""
