"""The Python packages of an image: what its RUN lines ask for is installed while it is built, as those lines would do it.

So a requirement that Azure's build could not install ends the build here too, with pip's own line; what only practice cannot do (no
network, another Python on this computer) is said and left to the start.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from wizard.practice.registry.building.dockerfiles import BuildError
from wizard.practice.registry.building.image_builder import BuiltStage
from wizard.practice.runtime.packages.installing import InstallFailed, InstallProgress
from wizard.practice.runtime.packages.python_environments import PythonEnvironments, image_base

TOLD_EVERY = 5.0  # seconds
LINES_TOLD = 40  # of what pip said, when it failed


async def note_requirements(environments: PythonEnvironments, stage: BuiltStage) -> None:
    """Note in `stage` what its image asks for. Raises BuildError when a file that a RUN line names is not there."""
    base = image_base(stage.base, [run.text for run in stage.installs])
    try:
        stage.requirements = await environments.asked(stage.installs, stage.folder, stage.workdir, base)
    except InstallFailed as failed:
        raise _ended(stage, failed) from failed


async def install_requirements(environments: PythonEnvironments, stage: BuiltStage, say: Callable[[str], None]) -> None:
    """Install what the image asks for, and tell of it line by line, with the time every few seconds.

    :raises BuildError: when Azure's build could not install it either.
    """
    await note_requirements(environments, stage)
    base = image_base(stage.base, [run.text for run in stage.installs])
    progress = InstallProgress()
    installing = asyncio.ensure_future(environments.ready(stage.requirements, base, progress))
    try:
        while not installing.done():
            await asyncio.wait([installing], timeout=TOLD_EVERY if progress.busy else 0.5)
            _tell(progress, say)
            if progress.busy and not installing.done():
                say(f"practice cloud: {progress.words}")
        installing.result()
    except InstallFailed as failed:
        for line in failed.output.splitlines()[-LINES_TOLD:]:
            if line not in progress.told:
                say(line)
        if failed.stops_azure:
            raise _ended(stage, failed) from failed
        say(f"practice cloud: {failed.state}: {failed.line}")
    finally:
        installing.cancel()


def _tell(progress: InstallProgress, say: Callable[[str], None]) -> None:
    for line in progress.take():
        if line.strip():
            say(line)


def _ended(stage: BuiltStage, failed: InstallFailed) -> BuildError:
    command = next((run.text for run in stage.installs if "install" in run.text or "sync" in run.text), "pip install")
    return BuildError(f"{failed.line}\r\nThe command '/bin/sh -c {command}' returned a non-zero code: 1")
