"""Lists filled on demand: ``--seed NAME:N``."""

from __future__ import annotations

from collections.abc import Iterable

KINDS = {
    "subscriptions": "so many more subscriptions, which the account may read",
    "tags": "so many tags of one image in each registry",
}


DIGITS = 6  # more would fill this computer's memory, and no subscription holds as many


class UnknownSeed(ValueError):
    """A seed that does not exist, or without a number; the text is a sentence for a person."""


def parse(texts: Iterable[str]) -> dict[str, int]:
    """``NAME:N`` each.

    :raises UnknownSeed: with a sentence that names what is wrong.
    """
    seeds = {}
    for text in texts:
        name, _, number = text.partition(":")
        if name not in KINDS:
            raise UnknownSeed(f"There is no practice seed '{name}'. There are: {', '.join(sorted(KINDS))}.")
        if not (number.isdecimal() and len(number) <= DIGITS):
            raise UnknownSeed(f"The practice seed '{text[:80]}' should be '{name}:NUMBER', of {DIGITS} digits at most: {KINDS[name]}.")
        seeds[name] = int(number)
    return seeds
