"""A setup written in other forms: a script of az commands, a file of requests."""
