"""Runs commands of ``az`` one after the other in one process, by its own documented entry: a process for each takes seconds to begin.

Run by the interpreter that azure-cli is installed for. Reads a list of arguments a line, as JSON; writes what came of each, as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import traceback

from azure.cli.core import get_default_cli


def outcome(arguments: list[str]) -> dict[str, object]:
    """How a command ended, with what it wrote to the two streams."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        kept = os.dup(1), os.dup(2)
        os.dup2(output.fileno(), 1)
        os.dup2(errors.fileno(), 2)
        try:
            status = get_default_cli().invoke(arguments)
        except SystemExit as end:
            status = end.code
        except BaseException:
            traceback.print_exc()
            status = 70
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os.dup2(kept[0], 1)
            os.dup2(kept[1], 2)
            os.close(kept[0])
            os.close(kept[1])
        texts = []
        for file in (output, errors):
            file.seek(0)
            texts.append(file.read().decode(errors="replace"))
    return {"status": status, "output": texts[0], "errors": texts[1]}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(outcome(json.loads(line))), flush=True)
