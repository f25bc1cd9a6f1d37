"""Which program a shell or env looked for in vain, by what they print; the container then ends with the code 127."""

from __future__ import annotations

import re
from collections.abc import Sequence

NOT_FOUND = 127
NOT_FOUND_BY_ENV = re.compile(r"env: (?:can't execute )?['‘]?([\w./+-]+)['’]?: No such file", re.IGNORECASE)
"""What GNU's and BusyBox's env say of ``#!/usr/bin/env ruby`` where there is no ruby."""

NOT_FOUND_BY_SHELL = re.compile(
    r"^\S+: (?:line )?\d+: (?:exec: )?([\w./+-]+): (?:command )?not found$|^\S*sh: (?:exec: )?([\w./+-]+): (?:command )?not found$"
)
"""What dash and bash (with the number of the line) and BusyBox's ash say of a program that is not there."""


def absent_program(console: Sequence[str]) -> str:
    """The program that was looked for in vain last; "" where no line tells of one."""
    for line in reversed(console):
        if match := NOT_FOUND_BY_ENV.search(line) or NOT_FOUND_BY_SHELL.match(line):
            return str(match[match.lastindex or 1])
    return ""
