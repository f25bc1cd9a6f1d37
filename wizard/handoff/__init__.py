"""The hand-off: a packet for whoever can give the rights that are missing, and what came of it."""
