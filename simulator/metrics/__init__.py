"""What it means to each party: one function per number, and the registry of all of them."""
