"""Telling what happens: events as lines for people, as JSON for programs, or kept for a face that shows them."""
