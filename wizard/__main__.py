"""``python -m wizard`` and the command ``azwizard``."""

from __future__ import annotations

import gc
import sys

from wizard.platform import streams
from wizard.platform.stop_signals import raise_interrupts

ALLOCATIONS = 20_000
"""How many more things than before there must be before Python looks for rubbish. Its 700 fit programs that load little: looking
through what the start and the SDKs load, none of which is ever rubbish, takes a tenth of the start, and keeps keys waiting."""


def main() -> None:
    """Run the command line. From its first moment a signal stops it as Ctrl+C does: with exit status 130, and a result for programs."""
    gc.set_threshold(ALLOCATIONS)
    raise_interrupts()
    streams.set_up()
    try:
        try:
            from wizard.cli import azwizard
        except KeyboardInterrupt:
            from wizard.commands.crash import tell_stopped

            sys.exit(tell_stopped(json="--json" in sys.argv))
        azwizard()
    except SystemExit as leaving:
        lost = streams.settle()
        if lost is not None:
            from wizard.commands.crash import tell_lost_output

            leaving.code = tell_lost_output(lost)
        raise


if __name__ == "__main__":
    main()
