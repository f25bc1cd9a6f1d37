"""The versions of a deployed API: which there were, what differed, back to an earlier one, on to the code as it is now."""
