"""A class: what a trainer prepares, checks, watches and cleans up, and what learners are given."""
