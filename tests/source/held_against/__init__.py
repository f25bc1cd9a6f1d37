"""Readers held against references that we did not write, over generated inputs: a share of them in the suite, the rest nightly."""
