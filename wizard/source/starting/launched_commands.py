"""The commands that a Python file runs: ``subprocess.run(["gunicorn", ...])``, ``os.execvp(...)``, ``os.system("gunicorn ...")``."""

from __future__ import annotations

import ast
import shlex
from collections.abc import Iterator

from wizard.source.files.path_expressions import PathReader
from wizard.source.python_source import dotted, import_origins
from wizard.source.starting.start_script import rank

RUNNING = ("subprocess.run", "subprocess.call", "subprocess.check_call", "subprocess.check_output", "subprocess.Popen", "os.system",
           "os.popen", "os.execvp", "os.execv", "os.execvpe", "os.execve", "os.execlp", "os.execl", "os.spawnvp")  # fmt: skip
LISTS_SECOND = ("os.execvp", "os.execv", "os.execvpe", "os.execve")
SERVER = 3
"""The rank from which words start a server (start_script.rank)."""


def launched_command(reader: PathReader) -> str:
    """The line of shell of the last server that a file starts in another process; "" for none."""
    lines = list(_lines(reader))
    return max(((rank(shlex.split(line)), at, line) for at, line in enumerate(lines)), default=(0, 0, ""))[2] if lines else ""


def _lines(reader: PathReader) -> Iterator[str]:
    origins = import_origins(reader.tree)
    for node in ast.walk(reader.tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        first, _dot, rest = dotted(node.func).partition(".")
        name = f"{origins.get(first, first)}{'.' + rest if rest else ''}"
        if name not in RUNNING:
            continue
        parts: list[ast.expr] = node.args[1:] if name in ("os.execlp", "os.execl") else [node.args[1 if name in LISTS_SECOND else 0]]
        command = reader.expression(parts[0]) if len(parts) == 1 else None
        if isinstance(command, ast.List | ast.Tuple):
            parts = command.elts
        texts = [reader.text(part) for part in parts]
        if None in texts:
            continue
        words = [text for text in texts if text is not None]
        line = words[0] if len(words) == 1 and not isinstance(command, ast.List | ast.Tuple) else shlex.join(words)
        try:
            if rank(shlex.split(line)) >= SERVER:
                yield line
        except ValueError:
            continue
