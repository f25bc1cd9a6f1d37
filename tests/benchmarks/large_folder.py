"""What the reading of a large folder costs beside a plain walk that hashes every file, in processor time."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path

from wizard.source import content_cache
from wizard.source.build_context import read

FOLDERS, FILES = 300, 100
ROUNDS = 3


def folder_costs(folder: Path) -> tuple[float, float, float]:
    """The seconds of a plain walk, of a first reading, and of one when nothing has changed: the least of some rounds each."""
    project = folder / "project"
    for number in range(FOLDERS):
        (project / f"data{number}").mkdir(parents=True)
        for file in range(FILES):
            (project / f"data{number}" / f"{file}.txt").write_text(f"line {number} {file}\n" * 20)
    (project / "Dockerfile").write_text('FROM python:3.12-slim\nCOPY . .\nCMD ["gunicorn", "app:app"]\n')
    os.environ["AZWIZARD_HOME"] = str(folder / "home")
    content_cache.SETTLED_NS = 0  # as if the files were older
    plain = min(_seconds(lambda: _plain_walk(project)) for _round in range(ROUNDS))
    first = _seconds(lambda: read(project, "Dockerfile"))
    same = min(_seconds(lambda: read(project, "Dockerfile")) for _round in range(ROUNDS))
    return plain, first, same


def _plain_walk(folder: Path) -> str:
    whole = hashlib.sha256()
    for place, _folders, files in os.walk(folder):
        for name in sorted(files):
            whole.update(hashlib.sha256(Path(place, name).read_bytes()).digest())
    return whole.hexdigest()


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began
