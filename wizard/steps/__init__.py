"""What is MADE: one file a section (steps, recover, leftovers) and its Step classes; `registry_of_steps.py` lists them."""
