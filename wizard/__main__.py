"""``python -m wizard`` and the command ``azwizard``."""

from __future__ import annotations

import gc
import signal
import sys

ALLOCATIONS = 20_000
"""How many more things than before there must be before Python looks for rubbish. Its 700 fit programs that load little: looking
through what the start and the SDKs load, none of which is ever rubbish, takes a tenth of the start, and keeps keys waiting."""


def main() -> None:
    """Run the command line. From its first moment SIGTERM stops it as Ctrl+C does: with exit status 130, and a result for programs."""
    gc.set_threshold(ALLOCATIONS)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        from wizard.cli import azwizard
    except KeyboardInterrupt:
        from wizard.commands.crash import tell_stopped

        sys.exit(tell_stopped(json="--json" in sys.argv))
    azwizard()


if __name__ == "__main__":
    main()
