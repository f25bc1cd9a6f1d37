"""Signing in to the practice cloud: login.microsoftonline.com."""
