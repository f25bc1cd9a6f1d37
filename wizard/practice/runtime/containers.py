"""Runs containers as real processes: with namespaces of their own where this machine allows it, as plain processes elsewhere."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from wizard.practice.runtime.launch import StartFailed
from wizard.practice.runtime.launch_recipes import CONFINED_NOTE, PLAIN_NOTE, Recipe, confined_launch, plain_launch, prepare
from wizard.practice.runtime.packages.installing import InstallProgress
from wizard.practice.runtime.packages.python_environments import PythonEnvironments
from wizard.practice.runtime.packages.run_lines import RunLine
from wizard.practice.runtime.packages.unpacking import unpack
from wizard.practice.runtime.running_container import RunningContainer, can_confine, start_supervised

UNCONFINED = (
    "this computer cannot keep a container apart from your files and your network, so the practice cloud does not run it. Use a container "
    "engine (Docker or Podman), or, for code that you trust, start the practice cloud with: azwizard practice start --unconfined"
)


class CannotBeConfined(StartFailed):
    """This machine allows no confinement, and nobody said that containers run without it."""


class ContainerRunner:
    """Starts the containers of one practice cloud."""

    def __init__(self, home: Path, *, confined: bool | None = None, environments: PythonEnvironments | None = None) -> None:
        """Run containers below `home`; confined or not, as this machine allows unless told.

        Where it allows no confinement, starting one fails unless the `environments` are told that code may run without it.
        """
        self._confined = confined
        self._folder = home / "replicas"
        self._sockets: Path | None = None
        self.environments = environments or PythonEnvironments(home / "python")
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def note(self) -> str:
        """What running here does not stand for, for the first line of a container's console."""
        return CONFINED_NOTE if self._confined else PLAIN_NOTE

    async def start(self, recipe: Recipe, say: Callable[[str], None], progress: InstallProgress | None = None) -> RunningContainer:
        """Start a container and pass each line of its console to `say`.

        :param progress: told how far its requirements are installed, when they are not there yet.
        :raises InstallFailed: when its requirements cannot be installed.
        :raises StartFailed: when its program cannot be executed; CannotBeConfined before anything of it was touched.
        """
        if self._confined is None:
            self._confined = await asyncio.to_thread(can_confine)
            if not self._confined and not self.environments.unconfined:
                self._confined = None
                raise CannotBeConfined(UNCONFINED)
        if recipe.image is not None:
            await asyncio.to_thread(unpack, recipe.image.layers, recipe.files)
        key = recipe.requirements or await self._asked(recipe)
        environment = await self.environments.ready(key, recipe.base, progress)
        folder = self._folder / recipe.name
        await asyncio.to_thread(prepare, recipe, folder, confined=self._confined)
        launch = (confined_launch if self._confined else plain_launch)(recipe, folder, environment)
        launch.sockets = self._sockets_of(recipe)
        container = await start_supervised(launch, folder, say)
        container.note = self.note
        return container

    def close(self) -> None:
        """Remove what the runner keeps outside the cloud's home."""
        if self._sockets is not None:
            shutil.rmtree(self._sockets, ignore_errors=True)

    async def _asked(self, recipe: Recipe) -> str:
        """What an image asks for that was not built here with its requirements noted."""
        runs = [RunLine(run, recipe.workdir, recipe.files) for run in recipe.runs]
        return await self.environments.asked(runs, recipe.files, recipe.workdir, recipe.base)

    def _sockets_of(self, recipe: Recipe) -> str:
        """A folder for a replica's bridges, outside the home: the path of a Unix socket may have about 100 characters only."""
        if self._sockets is None:
            self._sockets = Path(tempfile.mkdtemp(prefix="azw-"))
        place = self._sockets / recipe.name
        place.mkdir(mode=0o700, parents=True, exist_ok=True)  # a sandbox that ends may take the emptied parent along
        return str(place)
