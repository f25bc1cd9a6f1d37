"""Home, review, progress, try it, repair ..."""
