"""What a container's exit code means, where the program itself said nothing: 125 to 127, and 128 plus the number of a signal."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wizard.platform.language import N_, _

EXIT_CODE = re.compile(r"exit code:? '?(\d+)'?")
CODES = {
    0: N_("The program that your image starts ends by itself, without an error (code 0): a server has to keep running."),
    125: N_("The container engine itself could not start your image (code 125)."),
    126: N_("What your image starts is there, but may not be executed (code 126)."),
    127: N_("A command that your image starts is not in it (code 127)."),
    137: N_("Your API was ended from outside (code 137): it took too much memory, or did not end in time when it was asked to."),
    132: N_("Your API broke off in native code (code 132): a package was built for another processor."),
    134: N_("Your API broke off in native code (code 134, SIGABRT): a package of it ended the program."),
    135: N_("Your API broke off in native code (code 135, SIGBUS): most often a package that was built for another system."),
    139: N_("Your API broke off in native code (code 139, segmentation fault): most often a package that was built for another system."),
    143: N_("Your API was asked to end and did (code 143)."),
}


def exit_words(lines: Sequence[str]) -> str:
    """The last exit code that the lines tell of, in words; empty for one that the program chose itself, or none."""
    code = last_code(lines)
    return _(CODES[code]) if code in CODES else ""


def last_code(lines: Sequence[str]) -> int | None:
    """The last exit code that the lines tell of; None where they tell of none."""
    codes = [int(code) for line in lines for code in EXIT_CODE.findall(line)]
    return codes[-1] if codes else None
