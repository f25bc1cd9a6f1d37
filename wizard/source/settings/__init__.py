"""Which variables the code reads, with their defaults, from its calls and its settings classes."""
