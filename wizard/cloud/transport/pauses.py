"""How long to wait before Azure is asked again how far something is."""

from __future__ import annotations

LONGEST = 5.0  # seconds; a step is shown done at most so late
SHARE = 0.05  # of the time waited so far: half of it is lost on average, and the number of questions grows as its logarithm


def next_pause(waited: float, interval: float) -> float:
    """Seconds until the next question, after `waited` seconds: `interval` at first, then a share of what it has taken so far."""
    return max(interval, min(waited * SHARE, LONGEST))
