"""Routes of an API, read from its source."""
