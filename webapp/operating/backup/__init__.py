"""One file that holds the whole database, and bringing it back with what people took back since."""
