"""Tokens, directory, RBAC, conditions."""
