"""One container of an image that is built on the spot, for who tries an API without a practice cloud.

``python -m wizard.practice.local_replica`` reads one JSON line from its standard input, a `LocalOrder`, and goes on until that is closed
or the container ends. It prints JSON lines: ``{"installing": "installing your requirements, 42 s: pandas"}`` every few seconds,
``{"note": text}``, ``{"started": [words]}``, ``{"said": line}``, ``{"listening": [[address, port]]}``, ``{"door": port on 127.0.0.1}``, and
last either ``{"exited": code, "out_of_memory": bool}`` or ``{"failed": line, "at": "build" | "install" | "start", "stops_azure": bool}``.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
from collections import deque
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from wizard.containers.discovery import find_engine, sweep
from wizard.containers.engine import BuildRecipe, Engine
from wizard.containers.engine_error import BuildFailed, EngineError
from wizard.containers.ledger import LEDGER, Ledger, practice_label
from wizard.practice.apps import not_rehearsed
from wizard.practice.registry.building import contexts
from wizard.practice.registry.building.archives import UnsafeArchive, extract
from wizard.practice.registry.building.dockerfiles import BuildError
from wizard.practice.registry.building.image_builder import assemble
from wizard.practice.registry.building.requirements import note_requirements
from wizard.practice.runtime.containers import ContainerRunner
from wizard.practice.runtime.engine_runner import EngineRunner
from wizard.practice.runtime.interface import ReplicaRunner, RunningReplica
from wizard.practice.runtime.launch import StartFailed
from wizard.practice.runtime.launch_recipes import BindMount, EngineImage, Recipe
from wizard.practice.runtime.packages.installing import InstallFailed, InstallProgress
from wizard.practice.runtime.packages.python_environments import PythonEnvironments, image_base
from wizard.practice.runtime.relay import relay

TOLD_EVERY = 3.0  # seconds
PIECE = 1 << 16
LAST_WORDS = 60  # lines of its console
NAME = "azwizard-try"


@dataclass(frozen=True)
class LocalOrder:
    """What to build and run; every path is whole.

    :param home: a folder of its own, which whoever orders removes.
    :param kept: a folder that outlives a kill: what was made in a container engine is written down there.
    :param archive: the build context, as it would be sent to a registry.
    :param dockerfile: its path in the archive.
    :param classic: refuse what only BuildKit understands, as a registry's own build does.
    :param mounts: ``{"source", "target", "read_only", "nobrl"}`` of each share.
    :param env: variables beside the image's own.
    :param engine: auto | docker | podman | process.
    :param port: where the API is asked.
    :param memory: the bytes that it may hold.
    """

    home: str
    kept: str
    environments: str
    archive: str
    dockerfile: str
    port: int
    memory: int
    cpu: float
    classic: bool = True
    engine: str = "auto"
    wheels: str = ""
    env: dict[str, str] = field(default_factory=dict)
    mounts: list[dict[str, Any]] = field(default_factory=list)


class LocalReplica:
    """Builds the image of one order and runs it, with the container engine of this computer where there is one."""

    def __init__(self, order: LocalOrder) -> None:
        self._order = order
        self._home = Path(order.home)
        self._ledger = Ledger(Path(order.kept) / LEDGER)
        self._label = practice_label(Path(order.kept))
        self._last_words: deque[str] = deque(maxlen=LAST_WORDS)
        # Who tries an API here lets its code run on this computer, and its packages' code too where that cannot be confined.
        wheels = Path(order.wheels) if order.wheels else None
        self._environments = PythonEnvironments(Path(order.environments), wheels=wheels, unconfined=True)

    async def run(self, closed: asyncio.Event) -> None:
        """Do it all, and tell it, until it ends or `closed` is set; then remove what was made, which nothing cuts short."""
        async with AsyncExitStack() as surroundings:
            with suppress(EngineError):
                await sweep(self._label, self._ledger)  # what one that was killed left
            engine = await find_engine(self._order.engine)
            runner: ReplicaRunner = ContainerRunner(self._home, environments=self._environments)
            if engine is not None:
                await surroundings.enter_async_context(engine)
                surroundings.push_async_callback(sweep, self._label, self._ledger)
                runner = EngineRunner(engine, self._label, self._ledger, self._home, runner)
            surroundings.callback(runner.close)
            working = asyncio.ensure_future(self._carry_out(engine, runner))
            closing = asyncio.ensure_future(closed.wait())
            await asyncio.wait([working, closing], return_when=asyncio.FIRST_COMPLETED)
            working.cancel()
            closing.cancel()
            with suppress(asyncio.CancelledError):
                await working

    async def _carry_out(self, engine: Engine | None, runner: ReplicaRunner) -> None:
        recipe = await self._made(engine)
        replica = await self._started(runner, recipe) if recipe is not None else None
        if recipe is not None and replica is not None:
            try:
                await self._watched(replica, recipe)
            finally:
                await replica.stop()

    async def _made(self, engine: Engine | None) -> Recipe | None:
        """The container to run; None when its image cannot be built, which is told."""
        try:
            return await (self._imitated() if engine is None else self._built(engine))
        except (BuildError, UnsafeArchive) as error:
            tell(failed=str(error), at="build", stops_azure=True)
        except (EngineError, OSError) as error:
            tell(failed=str(error), at="build", stops_azure=False)
        return None

    async def _imitated(self) -> Recipe:
        """The image as far as it can be made without an engine."""
        context, stages = self._home / "context", self._home / "stages"
        for folder in (context, stages):
            folder.mkdir()
        await asyncio.to_thread(extract, Path(self._order.archive), context)
        text = contexts.read_dockerfile(context, self._order.dockerfile)
        stage = await asyncio.to_thread(assemble, context, text, {}, stages, _unheard, classic=self._order.classic)
        await note_requirements(self._environments, stage)
        recipe = self._recipe(stage.configuration(), stage.folder)
        recipe.runs, recipe.passed_over, recipe.requirements = stage.runs, stage.passed_over, stage.requirements
        recipe.base = image_base(stage.base, stage.runs)
        return recipe

    async def _built(self, engine: Engine) -> Recipe:
        """The image as the engine builds it. Without its cache, which can give the CMD of an earlier Dockerfile."""
        wanted = BuildRecipe(self._order.dockerfile, f"{NAME}:{self._home.name.lower()}", fresh=True)
        lines: list[str] = []
        try:
            image = (await engine.build(Path(self._order.archive), wanted, self._ledger, lines.append)).image
        except BuildFailed as error:
            raise BuildError("\n".join([*lines[-3:], str(error)])) from error
        recipe = self._recipe(image.configuration, self._home)
        recipe.image = EngineImage(image.id, Path(), ())
        return recipe

    def _recipe(self, configuration: Any, files: Path) -> Recipe:
        argv = [*(configuration.get("Entrypoint") or []), *(configuration.get("Cmd") or [])]
        if not argv:
            raise BuildError("no command specified")
        return Recipe(
            name=self._home.name.lower(),
            files=files,
            workdir=configuration.get("WorkingDir") or "/",
            argv=argv,
            env=dict(line.partition("=")[::2] for line in configuration.get("Env") or []) | self._order.env,
            mounts=[BindMount(**{**mount, "source": Path(mount["source"])}) for mount in self._order.mounts],
            memory=self._order.memory,
            cpu=self._order.cpu,
        )

    async def _started(self, runner: ReplicaRunner, recipe: Recipe) -> RunningReplica | None:
        """Start it, telling meanwhile what is installed for it; None when it cannot be started, which is told."""
        progress = InstallProgress()
        starting = asyncio.ensure_future(runner.start(recipe, self._said, progress))
        try:
            while not starting.done():
                await asyncio.wait([starting], timeout=TOLD_EVERY)
                if progress.busy and not starting.done():
                    tell(installing=progress.words)
            return starting.result()
        except InstallFailed as error:
            tell(failed=error.line, at="install", stops_azure=error.stops_azure)
        except (StartFailed, OSError) as error:
            line = not_rehearsed.missing_program(str(error), recipe.passed_over)
            tell(failed=not_rehearsed.told(line) if line else str(error), at="start", stops_azure=not line)
        finally:
            starting.cancel()
        return None

    def _said(self, line: str) -> None:
        self._last_words.append(line)
        tell(said=line)

    async def _watched(self, replica: RunningReplica, recipe: Recipe) -> None:
        """Open a door to it on loopback, and tell where it listens, until it ends."""
        server = await asyncio.start_server(partial(_carried, replica, self._order.port), "127.0.0.1", 0)
        async with server:
            tell(note=replica.note)
            tell(started=recipe.argv)
            tell(door=server.sockets[0].getsockname()[1])
            before: list[tuple[str, int]] = []
            while not replica.exited.done():
                replica.changed.clear()
                if replica.listening != before:
                    before = list(replica.listening)
                    tell(listening=before)
                await replica.changed.wait()
        status = replica.exited.result()
        await replica.stop()  # its last words are told before its end
        base = recipe.base.name if recipe.image is None else ""
        if status and (reason := not_rehearsed.reason_to_end(status, self._last_words, recipe.passed_over, base)):
            tell(note=reason)
        tell(exited=status if status >= 0 else 128 - status, out_of_memory=replica.out_of_memory)


async def _carried(replica: RunningReplica, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Carry one connection to the container's port and back."""
    try:
        at = await replica.bridge(port)
        if not at:
            return
        there = await (asyncio.open_unix_connection(at) if isinstance(at, str) else asyncio.open_connection("127.0.0.1", at))
        try:
            await relay((reader, writer), there)
        finally:
            there[1].close()
    except OSError:
        pass  # whoever asked sees a closed connection, as of a port where nobody listens
    finally:
        writer.close()


def tell(**line: object) -> None:
    """Print one line of the protocol."""
    print(json.dumps(line), flush=True)


def _unheard(_line: str) -> None:
    """The steps of an imitated build, which nobody waits for here."""


async def main() -> None:
    """Run what standard input orders, until that is closed."""
    loop, closed = asyncio.get_running_loop(), asyncio.Event()
    replica = LocalReplica(LocalOrder(**json.loads(sys.stdin.readline())))

    def end_with_input() -> None:
        while os.read(0, PIECE):
            pass
        with suppress(RuntimeError):  # all is over already
            loop.call_soon_threadsafe(closed.set)

    threading.Thread(target=end_with_input, daemon=True).start()
    await replica.run(closed)


if __name__ == "__main__":
    asyncio.run(main())
