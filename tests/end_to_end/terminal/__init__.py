"""The wizard in a real terminal: used, and taken away from under it."""
