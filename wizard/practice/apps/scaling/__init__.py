"""How many copies a revision has, and what they use."""
