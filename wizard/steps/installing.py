"""What the practice cloud says while it gets an API's packages, in the person's words.

In Azure packages are fetched while the image is built, and a start takes what is in it; in practice both may have to wait for this
computer's network. Its state says so by the word `STATE`, its log by a line of its own, and no wait for the API counts meanwhile.
"""

from __future__ import annotations

import re

from wizard.platform.language import _

STATE = "InstallingRequirements"
_WORDS = re.compile(r"installing your requirements, (?P<seconds>\d+) s(?:: (?P<package>\S+))?")


def installing_words(text: str) -> str | None:
    """``installing your requirements, 42 s: pandas`` in the person's language, of a state or a line that says so; None of another."""
    told = _WORDS.search(text)
    if told is None:
        return None
    if told["package"]:
        return _("installing your requirements, {seconds} s: {package}").format(seconds=told["seconds"], package=told["package"])
    return _("installing your requirements, {seconds} s").format(seconds=told["seconds"])
