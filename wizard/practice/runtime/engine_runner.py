"""Runs replicas as containers of an engine, each with limits, mounts and a console of its own, and no network but its loopback.

Two containers make a replica, as in Kubernetes: the first holds the network and carries connections in (see `carrier`), the second is
the app. Both have the practice cloud's label, by which they are removed after a kill.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
from aiodocker.containers import DockerContainer
from aiodocker.exceptions import DockerError

from wizard.containers.engine import Engine
from wizard.containers.engine_error import EngineError
from wizard.containers.image_archive import archive_of
from wizard.containers.ledger import Ledger
from wizard.practice.runtime import carrier
from wizard.practice.runtime.engine_replica import EngineReplica
from wizard.practice.runtime.interface import ReplicaRunner, RunningReplica
from wizard.practice.runtime.launch import StartFailed
from wizard.practice.runtime.launch_recipes import EngineImage, Recipe, lay_hooks
from wizard.practice.runtime.packages.installing import InstallProgress

PYTHONS = ("python3", "python", "/usr/local/bin/python3", "/usr/bin/python3", "/opt/venv/bin/python", "/app/.venv/bin/python")
CARRIER_MEMORY = 256 << 20
HOOKS = "/opt/azwizard-practice"  # where the imitation of a share's locks lies in a container
ALL_MAY_WRITE = 0o777  # as Azure mounts a share (uid and gid 0, dir_mode 0777)
_REASON = re.compile(r".*?((?:exec|chdir to cwd|unable to find user|no matching entries)\b.*?)(?:: unknown)?$", re.DOTALL)


class EngineRunner:
    """Starts the containers of one practice cloud in one engine; images that no engine ever built go to another runner."""

    def __init__(self, engine: Engine, label: str, ledger: Ledger, home: Path, without_image: ReplicaRunner) -> None:
        self._engine, self._ledger, self._without_image = engine, ledger, without_image
        self._label = dict([label.split("=", 1)])
        self._folder = home / "replicas"
        self._sockets = Path(tempfile.mkdtemp(prefix="azw-"))  # outside the home: a Unix socket's path has about 100 characters at most
        self._loading = asyncio.Lock()

    @property
    def note(self) -> str:
        """See `ReplicaRunner`."""
        return self._without_image.note

    async def start(self, recipe: Recipe, say: Callable[[str], None], progress: InstallProgress | None = None) -> RunningReplica:
        """See `ReplicaRunner`."""
        if recipe.image is None:
            return await self._without_image.start(recipe, say, progress)
        replica = EngineReplica(self._folder / recipe.name, self._sockets / recipe.name)
        try:
            await self._bring(recipe.image)
            await self._start_carrier(replica, recipe)
            await self._start_app(replica, recipe, say)
        except (DockerError, EngineError, aiohttp.ClientError) as error:
            await replica.stop()
            raise StartFailed(_reason(error)) from error
        except BaseException:
            await replica.stop()
            raise
        return replica

    def close(self) -> None:
        """See `ReplicaRunner`."""
        shutil.rmtree(self._sockets, ignore_errors=True)
        self._without_image.close()

    async def _bring(self, image: EngineImage) -> None:
        """Have the image in the engine: it may have been pushed from elsewhere, or removed since."""
        async with self._loading:
            if await self._engine.image(image.id) is None:
                name = f"azwizard-practice/{image.id.removeprefix('sha256:')[:12]}:pulled"
                config = await asyncio.to_thread(image.config.read_bytes)
                await self._engine.load(archive_of(config, image.layers, name), name, self._ledger)

    async def _start_carrier(self, replica: EngineReplica, recipe: Recipe) -> None:
        assert recipe.image is not None
        failure: DockerError | None = None
        for python in PYTHONS:
            container = await self._create(_carrier(recipe, python), f"{recipe.name}-network")
            stream = container.attach(stdin=True, stdout=True, stderr=True)
            await stream.__aenter__()
            try:
                await container.start()
            except DockerError as error:
                failure = error
                await stream.close()
                await container.delete(force=True, v=True)
                continue
            replica.carries(container, stream)
            return
        raise EngineError(f"practice finds no Python in the image, through which it would reach it: {failure}")

    async def _start_app(self, replica: EngineReplica, recipe: Recipe, say: Callable[[str], None]) -> None:
        assert replica.carrier is not None
        await asyncio.to_thread(_lay_out, recipe, replica.folder)
        cpus = int((await self._engine.docker.system.info())["NCPU"])
        container = await self._create(_app(recipe, replica.folder, replica.carrier.id, cpus), recipe.name)
        replica.runs(container, say)
        await replica.listen()
        await container.start()
        replica.watch()

    async def _create(self, configuration: dict[str, Any], name: str) -> DockerContainer:
        """A container of that name; one of ours that still holds it, since the engine had not let go of it, makes room."""
        containers, labelled = self._engine.docker.containers, {**configuration, "Labels": self._label}
        try:
            return await containers.create(labelled, name=name)
        except DockerError:
            if not await self._make_room(name):
                raise
        return await containers.create(labelled, name=name)

    async def _make_room(self, name: str) -> bool:
        """Remove the container of that name, if there is one and it has our label."""
        with contextlib.suppress(DockerError):
            holder = await self._engine.docker.containers.get(name)
            if self._label.items() <= (holder["Config"]["Labels"] or {}).items():
                await holder.delete(force=True, v=True)
                return True
        return False


def _carrier(recipe: Recipe, python: str) -> dict[str, Any]:
    assert recipe.image is not None
    limits = {"Memory": CARRIER_MEMORY, "CapDrop": ["ALL"], "SecurityOpt": ["no-new-privileges"], "ReadonlyRootfs": True}
    ports = {"net.ipv4.ip_unprivileged_port_start": "0"}  # as in Azure, a program may listen on any port without being root
    return {
        "Image": recipe.image.id,
        "Hostname": recipe.name[-63:].lstrip("-"),
        "Entrypoint": [python, "-I", "-S", "-c", Path(carrier.__file__).read_text(encoding="utf-8")],
        "Cmd": [],
        "User": "0:0",
        "WorkingDir": "/",
        "OpenStdin": True,
        "StdinOnce": True,
        "Healthcheck": {"Test": ["NONE"]},
        "HostConfig": {**limits, "NetworkMode": "none", "Sysctls": ports, "LogConfig": {"Type": "none"}},
    }


def _app(recipe: Recipe, folder: Path, network: str, cpus: int) -> dict[str, Any]:
    assert recipe.image is not None
    env, mounts = dict(recipe.env), [_bind(mount.source, mount.target, read_only=mount.read_only) for mount in recipe.mounts]
    mounts += [{"Type": "volume", "Target": target} for target in recipe.empty]
    if _locks(recipe):
        mounts.append(_bind(folder / "hooks", HOOKS, read_only=True))
        env["PYTHONPATH"] = ":".join(filter(None, [HOOKS, env.get("PYTHONPATH", "")]))
    limits: dict[str, Any] = {"Memory": recipe.memory, "MemorySwap": recipe.memory} if recipe.memory else {}
    if recipe.cpu:
        limits["NanoCpus"] = int(min(recipe.cpu, cpus) * 1_000_000_000)
    return {
        "Image": recipe.image.id,
        "Entrypoint": recipe.argv,
        "Cmd": [],
        "Env": [f"{name}={value}" for name, value in env.items()],
        "Healthcheck": {"Test": ["NONE"]},  # Container Apps pays no attention to the image's own
        "HostConfig": {
            **limits,
            "NetworkMode": f"container:{network}",
            "Mounts": mounts,
            "CapDrop": ["NET_RAW", "MKNOD"],
            "LogConfig": {"Type": "none"},
            "RestartPolicy": {"Name": "no"},
        },
    }


def _bind(source: Path, target: str, *, read_only: bool) -> dict[str, Any]:
    return {"Type": "bind", "Source": str(source.resolve()), "Target": target, "ReadOnly": read_only}


def _locks(recipe: Recipe) -> bool:
    return any(not mount.nobrl and not mount.read_only for mount in recipe.mounts)


def _lay_out(recipe: Recipe, folder: Path) -> None:
    """Open the shares to whatever user the image has, as Azure mounts them, and lay the imitation of their locks."""
    if os.name == "posix":
        for mount in recipe.mounts:
            with contextlib.suppress(PermissionError):
                mount.source.chmod(ALL_MAY_WRITE)
    if _locks(recipe):
        shutil.rmtree(folder, ignore_errors=True)
        lay_hooks(folder / "hooks", [mount.target for mount in recipe.mounts if not mount.nobrl and not mount.read_only], ports=False)
        folder.chmod(0o755)


def _reason(error: Exception) -> str:
    """Why a container did not start, without the engine's own layers around it."""
    message = error.message if isinstance(error, DockerError) else str(error)
    match = _REASON.match(message)
    return match[1] if match else message
