"""Runs many command lines, each in a fork of one process that has everything loaded: ``python -m tests.commands.forked_commands < CASES``.

A case is ``{"arguments", "encoding", "shape"}``; the shape is ``piped``, ``closed stdout``, ``closed stderr`` or ``reader leaves``; a
``folder`` is where it runs. What comes back is a list of ``{"status", "stdout", "stderr", "seconds"}``, the streams as latin-1 text so
that every byte can be looked at, the seconds those of the processor. One that does not come back is ended by SIGALRM.
"""

from __future__ import annotations

import io
import json
import os
import signal
import sys
import tempfile
import traceback
from typing import Any

from wizard.__main__ import main
from wizard.cloud.connect import load_sdks

SHAPES = ("piped", "closed stdout", "closed stderr", "reader leaves")
HUNG = 90  # seconds after which a command counts as one that does not come back


def run(case: dict[str, Any]) -> dict[str, Any]:
    """One command line in a process of its own."""
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        child = os.fork()
        if child == 0:
            _become(case, stdout.fileno(), stderr.fileno())
        _child, ended, used = os.wait4(child, 0)
        stdout.seek(0)
        stderr.seek(0)
        return {
            "status": os.waitstatus_to_exitcode(ended),
            "stdout": stdout.read().decode("latin-1"),
            "stderr": stderr.read().decode("latin-1"),
            "seconds": used.ru_utime + used.ru_stime,
        }


def _become(case: dict[str, Any], stdout: int, stderr: int) -> None:
    """In the child: the streams as a shell would hand them over, then the program, then the end of an interpreter."""
    shape = case["shape"]
    os.chdir(case.get("folder", "."))
    signal.alarm(HUNG)
    if shape == "reader leaves":
        reader, stdout = os.pipe()
        os.close(reader)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(stdout, 1)
    os.dup2(stderr, 2)
    sys.stdin = sys.__stdin__ = _opened(0, "r", "utf-8", "strict")  # type: ignore[misc]
    sys.stdout = sys.__stdout__ = _opened(1, "w", case["encoding"], "strict")  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = _opened(2, "w", case["encoding"], "backslashreplace")  # type: ignore[misc]
    if shape == "closed stdout":
        os.close(1)
        sys.stdout = None  # type: ignore[assignment]
    if shape == "closed stderr":
        os.close(2)
        sys.stderr = None  # type: ignore[assignment]
    sys.argv = ["azwizard", *case["arguments"]]
    status: Any = 0
    try:
        main()
    except SystemExit as leaving:
        status = leaving.code
    except BaseException:
        os.write(stderr, traceback.format_exc().encode())
        status = 99
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except Exception:
        os.write(stderr, traceback.format_exc().encode())
        status = 120
    os._exit(status if isinstance(status, int) else 1)


def _opened(descriptor: int, mode: str, encoding: str, errors: str) -> io.TextIOWrapper:
    buffer = open(descriptor, f"{mode}b", closefd=False)  # noqa: SIM115
    return io.TextIOWrapper(buffer, encoding=encoding, errors=errors)


if __name__ == "__main__":
    load_sdks().join()
    json.dump([run(case) for case in json.load(sys.stdin)], sys.stdout)
