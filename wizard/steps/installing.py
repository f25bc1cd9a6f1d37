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
    match = _WORDS.search(text)
    if match is None:
        return None
    if match["package"]:
        return _("installing your requirements, {seconds} s: {package}").format(seconds=match["seconds"], package=match["package"])
    return _("installing your requirements, {seconds} s").format(seconds=match["seconds"])
