"""Rights: the passport, what may be activated, what an administrator is asked for."""
