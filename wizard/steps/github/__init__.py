"""The steps in GitHub."""
