"""One SVG that shows several screens in turn: pictures laid over each other, of which CSS lets one be seen at a time."""

from __future__ import annotations

import re
from collections.abc import Sequence

SECONDS_EACH = 3
ROOT = re.compile(r"<svg [^>]*viewBox=\"([^\"]*)\"[^>]*>")


def moving_picture(pictures: Sequence[str], description: str) -> str:
    """The SVG texts of `pictures` (as `App.export_screenshot` writes them, all of one size) as one SVG that goes on for ever.

    Where the reader's computer asks for less motion, the last picture stands still.
    """
    first = ROOT.search(pictures[0])
    assert first is not None, "no SVG"
    count = len(pictures)
    style = (
        f"@keyframes turn{{0%{{visibility:visible}}{100 / count:.3f}%{{visibility:hidden}}100%{{visibility:hidden}}}}"
        f".screen{{visibility:hidden;animation:turn {count * SECONDS_EACH}s step-end infinite}}"
        "@media (prefers-reduced-motion:reduce){.screen{animation:none}.screen:last-of-type{visibility:visible}}"
    )
    screens = "\n".join(
        f'<g class="screen" style="animation-delay:{number * SECONDS_EACH}s">\n{_with_names_of_its_own(picture, number)}\n</g>'
        for number, picture in enumerate(pictures)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{first[1]}" role="img"><title>{description}</title>\n'
        f"<style>{style}</style>\n{screens}\n</svg>\n"
    )


def _with_names_of_its_own(picture: str, number: int) -> str:
    """A picture whose classes and ids (``terminal-r1``) no other picture has: the styles within an SVG hold for all of it."""
    return re.sub(r"\bterminal\b", f"screen{number}", picture).strip()
