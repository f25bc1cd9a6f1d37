"""``python -m wizard`` and the command ``azwizard``."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from typing import NoReturn

from wizard.platform import streams
from wizard.platform.stop_signals import ignore_interrupts, raise_interrupts

ALLOCATIONS = 2_000
"""How many more things than before there must be before Python looks for rubbish. Its 700 fit programs that load little: looking
through what the start and the SDKs load, none of which is ever rubbish, takes a tenth of the start, and keeps keys waiting. With ten
times as many, the rubbish of some hundred screens stays until memory has grown by an eighth."""


def main() -> None:
    """Run the command line. From its first moment a signal stops it as Ctrl+C does: with exit status 130, and a result for programs."""
    gc.set_threshold(ALLOCATIONS)
    raise_interrupts()
    streams.set_up()
    try:
        _run()
    except SystemExit as leaving:
        lost = streams.settle()
        if lost is not None:
            from wizard.commands.crash import tell_lost_output

            leaving.code = tell_lost_output(lost)
        if leaving.code is not None and not isinstance(leaving.code, int):
            raise
        end_at_once(leaving.code or 0)


def end_at_once(status: int) -> NoReturn:
    """End the process when all is written and every session is closed: Python would take a quarter of a short command to take a
    thousand modules down one by one, which the system does at once."""
    atexit._run_exitfuncs()
    streams.settle()
    os._exit(status)


def _run() -> None:
    """The command line; a stop that meets it where it cannot say so itself is told here."""
    try:
        from wizard.cli import azwizard

        azwizard()
    except KeyboardInterrupt:
        ignore_interrupts()
        from wizard.commands.crash import tell_stopped

        sys.exit(tell_stopped(json="--json" in sys.argv))


if __name__ == "__main__":
    main()
