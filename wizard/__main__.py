"""``python -m wizard`` and the command ``azwizard``."""

from __future__ import annotations

import signal
import sys


def main() -> None:
    """Run the command line. From its first moment SIGTERM stops it as Ctrl+C does: with exit status 130, and a result for programs."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        from wizard.cli import azwizard
    except KeyboardInterrupt:
        from wizard.crash import tell_stopped

        sys.exit(tell_stopped(json="--json" in sys.argv))
    azwizard()


if __name__ == "__main__":
    main()
