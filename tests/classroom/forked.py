"""``azwizard`` as its user runs it, but in a process forked from one that has read the program already: a class runs many commands."""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.end_to_end.conftest import ProcessOutcome, WizardProcess

PROGRAM = ("wizard.cli", "wizard.steps.registry_of_steps", "wizard.engine.run", "wizard.lint.linter", "tests.classroom.sdks")
SECONDS = 240


@dataclass
class ForkedWizard(WizardProcess):
    """The command ``azwizard`` with a home of its own."""

    def __call__(self, *arguments: str, cwd: Path | None = None) -> ProcessOutcome:
        if sys.platform == "win32":  # which cannot fork
            return super().__call__(*arguments, cwd=cwd)
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(PROGRAM))
        environment = {**os.environ, "AZWIZARD_HOME": str(self.home), **self.environment}
        with tempfile.TemporaryDirectory() as folder:
            process = context.Process(target=run, args=(arguments, str(cwd or self.folder), environment, folder))
            process.start()
            process.join(SECONDS)
            assert process.exitcode is not None, f"{arguments} did not end"
            stdout, stderr = ((Path(folder) / name).read_text(encoding="utf-8") for name in ("stdout", "stderr"))
        events = [json.loads(line) for line in stdout.splitlines() if line.startswith('{"')]
        return ProcessOutcome(process.exitcode, events, stdout, stderr)


def run(arguments: tuple[str, ...], cwd: str, environment: dict[str, str], folder: str) -> None:
    """Be that command: in its folder, with its environment, its output in files."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    for descriptor, name in ((1, "stdout"), (2, "stderr")):
        os.dup2(os.open(Path(folder) / name, os.O_WRONLY | os.O_CREAT, 0o600), descriptor)
    sys.stdin = open(0, encoding="utf-8")  # noqa: SIM115 - open as long as the process lives
    sys.stdout, sys.stderr = (open(descriptor, "w", encoding="utf-8") for descriptor in (1, 2))  # noqa: SIM115, PTH123
    from wizard.cli import azwizard

    try:
        azwizard.main(list(arguments))
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
