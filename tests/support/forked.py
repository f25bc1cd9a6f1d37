"""``azwizard`` as its user runs it, but in a process forked from one that has read the program already: tests run hundreds of commands."""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from multiprocessing import connection
from pathlib import Path

from wizard.__main__ import main

LOADED = ("pytest", "tests.support.loaded_program", __name__)
SECONDS = 240
CAN_FORK = sys.platform != "win32"
_CHILDREN = threading.Lock()  # multiprocessing looks at the ends of all children when it starts one: two threads would take one end twice


def run_forked(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str], before: Callable[[], None] | None = None
) -> tuple[int, str, str]:
    """Run a command to its end; its exit status, standard output and standard error.

    :param before: what the process calls first; it can be pickled.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(LOADED))
    with tempfile.TemporaryDirectory() as place:
        process = context.Process(target=_be, args=(list(arguments), str(folder), dict(environment), place, before))
        with _CHILDREN:
            process.start()
        if not connection.wait([process.sentinel], SECONDS):
            process.kill()
            raise AssertionError(f"azwizard {' '.join(arguments)} did not end within {SECONDS} s")
        with _CHILDREN:
            process.join()
            status = process.exitcode
        assert status is not None
        stdout, stderr = (Path(place, name).read_text(encoding="utf-8") for name in ("stdout", "stderr"))
    return status, stdout, stderr


def _be(arguments: list[str], folder: str, environment: dict[str, str], place: str, before: Callable[[], None] | None) -> None:
    """Be that command: in its folder, with its environment, its output in files."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for descriptor, name in ((1, "stdout"), (2, "stderr")):
        os.dup2(os.open(Path(place, name), os.O_WRONLY | os.O_CREAT, 0o600), descriptor)
    sys.stdin = sys.__stdin__ = open(0, encoding="utf-8")  # noqa: SIM115 - open as long as the process lives
    sys.stdout = sys.__stdout__ = open(1, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.__stderr__ = open(2, "w", encoding="utf-8")  # noqa: SIM115
    sys.argv = ["azwizard", *arguments]
    try:
        if before is not None:
            before()
        main()  # ends the process itself
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
    os._exit(1)
