"""Runs containers as real processes: with namespaces of their own where this machine allows it, as plain processes elsewhere."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

from .python_environments import PythonEnvironments, python_of, scripts_of
from .sandbox import Launch

CONTAINER_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

CONFINED_NOTE = (
    "practice cloud: this container runs with this machine's Python and the requirements of the project. The base image and the RUN lines "
    "of the Dockerfile, memory and CPU limits, the USER line and connections to the outside are not rehearsed."
)
PLAIN_NOTE = CONFINED_NOTE + (
    " This machine does not let a container have a file system and a network of its own, so shares are links, their paths are replaced "
    "in variables and arguments, a ReadOnly share can be written to, and the port is another one."
)


@dataclass(frozen=True)
class Mount:
    """A share in a container: the folder `source` of this machine at the absolute path `target`."""

    source: Path
    target: str
    read_only: bool
    nobrl: bool


@dataclass
class Recipe:
    """A container to run.

    :param files: the image's file tree, as it stands below ``/``.
    :param argv: ENTRYPOINT and CMD put together.
    :param env: exactly the container's variables.
    :param runs: the RUN lines of the Dockerfile, which may name the requirements file.
    """

    name: str
    files: Path
    workdir: str
    argv: list[str]
    env: dict[str, str]
    mounts: list[Mount] = field(default_factory=list)
    runs: list[str] = field(default_factory=list)


class StartFailed(Exception):
    """The process could not be started at all, as when its program does not exist."""


class RunningContainer:
    """A started container; its process ends with this program, however this program ends."""

    def __init__(self, process: asyncio.subprocess.Process, folder: Path, say: Callable[[str], None]) -> None:
        self.pid = 0
        self.listening: list[tuple[str, int]] = []
        self.changed = asyncio.Event()  # set whenever `listening` changed or the process ended
        self.started: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.exited: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._process = process
        self._folder = folder
        self._bridges: dict[int, asyncio.Future[str | int]] = {}
        self._reading = asyncio.gather(self._read_reports(), self._read_console(say))

    def reachable(self, port: int) -> bool:
        """Whether something listens on `port` of more than loopback."""
        return any(number == port and address not in ("127.0.0.1", "::1") for address, number in self.listening)

    async def bridge(self, port: int) -> str | int:
        """Where the container's `port` is reached from here: a Unix socket's path, or a port on 127.0.0.1 (0 for none)."""
        if port not in self._bridges:
            self._bridges[port] = asyncio.get_running_loop().create_future()
            self._order(f"bridge {port}")
        at = await asyncio.shield(self._bridges[port])
        if at == 0:
            self._bridges.pop(port, None)
        return at

    async def stop(self, grace_seconds: float = 2.0) -> None:
        """End the process: SIGTERM, and SIGKILL when that does not help in time; its folder goes too."""
        self._order(f"stop {grace_seconds}")
        await self._reading
        await self._process.wait()
        await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)

    def _order(self, line: str) -> None:
        if self._process.stdin is not None and not self._process.stdin.is_closing():
            self._process.stdin.write(line.encode() + b"\n")

    async def _read_reports(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self._take(json.loads(line))
        self._ended(-9)

    def _take(self, report: dict[str, object]) -> None:
        match report:
            case {"started": int(pid)}:
                self.pid = pid
                self.started.set_result(None)
            case {"failed": str(reason)}:
                self.started.set_exception(StartFailed(reason))
            case {"listening": list(entries)}:
                self.listening = [(str(address), int(port)) for address, port in entries]
                self.changed.set()
            case {"bridged": int(port), "at": (str() | int()) as at}:
                self._bridges[port].set_result(at)
            case {"exited": int(status)}:
                self._ended(status)

    def _ended(self, status: int) -> None:
        self.listening = []
        if not self.started.done():
            self.started.set_exception(StartFailed("the sandbox ended unexpectedly"))
        for bridge in self._bridges.values():
            if not bridge.done():
                bridge.set_result(0)
        if not self.exited.done():
            self.exited.set_result(status)
        self.changed.set()

    async def _read_console(self, say: Callable[[str], None]) -> None:
        assert self._process.stderr is not None
        while line := await _read_line(self._process.stderr):
            say(line.decode(errors="replace").rstrip("\r\n"))


class Runner:
    """Starts the containers of one practice cloud."""

    def __init__(self, home: Path, *, confined: bool | None = None) -> None:
        self.confined = can_confine() if confined is None else confined
        self._folder = home / "replicas"
        self._sockets: Path | None = None
        self.environments = PythonEnvironments(home / "python")
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def note(self) -> str:
        """What running here does not stand for, for the first line of a container's console."""
        return CONFINED_NOTE if self.confined else PLAIN_NOTE

    async def start(self, recipe: Recipe, say: Callable[[str], None]) -> RunningContainer:
        """Start a container and pass each line of its console to `say`.

        :raises InstallFailed: when its requirements cannot be installed.
        :raises StartFailed: when its program cannot be executed.
        """
        environment = await self.environments.ready(_below(recipe.files, recipe.workdir), recipe.runs)
        folder = self._folder / recipe.name
        await asyncio.to_thread(self._prepare, recipe, folder)
        launch = self._confined_launch(recipe, folder, environment) if self.confined else _plain_launch(recipe, folder, environment)
        launch.sockets = str(self._sockets_of(recipe))
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "wizard.practice.sandbox"),
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stdin is not None
        process.stdin.write(json.dumps(asdict(launch)).encode() + b"\n")
        container = RunningContainer(process, folder, say)
        try:
            await container.started
        except BaseException:
            await container.stop()
            raise
        return container

    def close(self) -> None:
        """Remove what the runner keeps outside the cloud's home."""
        if self._sockets is not None:
            shutil.rmtree(self._sockets, ignore_errors=True)

    def _sockets_of(self, recipe: Recipe) -> Path:
        """Where a replica's bridges lie: outside the home, since the path of a Unix socket may have about 100 characters only."""
        if self._sockets is None:
            self._sockets = Path(tempfile.mkdtemp(prefix="azw-"))
        return self._sockets / recipe.name

    def _prepare(self, recipe: Recipe, folder: Path) -> None:
        """Lay out a replica's folder: a copy of the image's files with a place for every mount, and the hooks."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(recipe.files, folder / "tree", symlinks=True)
        _make_writable(folder / "tree")
        (folder / "root").mkdir()
        _below(folder / "tree", recipe.workdir).mkdir(parents=True, exist_ok=True)
        for mount in recipe.mounts:
            place = _below(folder / "tree", mount.target)
            if self.confined:
                place.mkdir(parents=True, exist_ok=True)
            else:
                _link(place, mount.source)
        # A sandbox that ends may take the emptied parent along.
        self._sockets_of(recipe).mkdir(mode=0o700, parents=True, exist_ok=True)
        hooks = folder / "hooks"
        hooks.mkdir()
        shutil.copy(Path(__file__).with_name("container_hooks.py"), hooks / "sitecustomize.py")
        locked = [m for m in recipe.mounts if not m.nobrl and not m.read_only and os.name == "posix"]
        folders = [m.target if self.confined else str(m.source.resolve()) for m in locked]
        (hooks / "hooks.json").write_text(json.dumps({"locked": folders, "ports": not self.confined}))

    def _confined_launch(self, recipe: Recipe, folder: Path, environment: Path) -> Launch:
        env = {"PATH": CONTAINER_PATH, "HOME": "/root", "HOSTNAME": recipe.name, **recipe.env}
        env["PATH"] = f"{scripts_of(environment)}:{env['PATH']}"
        if any(not mount.nobrl for mount in recipe.mounts):
            env["PYTHONPATH"] = _joined(folder / "hooks", env.get("PYTHONPATH"))
        mounts = [{"source": str(m.source), "target": m.target, "read_only": m.read_only} for m in recipe.mounts]
        visible = [str(environment), str(folder / "hooks"), sys.base_prefix, sys.base_exec_prefix]
        argv = _with_environment(recipe.argv, environment)
        return Launch(True, argv, env, recipe.workdir, str(folder), "", recipe.name, mounts, visible)


def _plain_launch(recipe: Recipe, folder: Path, environment: Path) -> Launch:
    """A launch without namespaces: the container's paths are replaced by those of its folder wherever they stand in text."""
    tree = folder / "tree"
    places = {path: str(_below(tree, path)) for path in {recipe.workdir, *(mount.target for mount in recipe.mounts)} - {"/"}}

    def here(text: str) -> str:
        for path in sorted(places, key=len, reverse=True):
            if text == path or text.startswith(f"{path}/") or f"/{path}" in text or f"={path}" in text:
                return text.replace(path, places[path], 1)
        return text

    home = folder / "home"
    home.mkdir()
    env = {name: here(value) for name, value in recipe.env.items()}
    system = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP", "TMP", "COMSPEC", "PATHEXT") if name in os.environ}
    env = {**system, "HOME": str(home), "HOSTNAME": recipe.name, **env}
    env["PATH"] = os.pathsep.join([str(scripts_of(environment)), os.defpath if os.name == "posix" else os.environ["PATH"]])
    env["PYTHONPATH"] = _joined(folder / "hooks", env.get("PYTHONPATH"))
    argv = _with_environment([here(part) for part in recipe.argv], environment)
    if os.name == "nt" and Path(recipe.argv[0]).name == "gunicorn":
        argv = _waitress(recipe.argv, environment)
    return Launch(False, argv, env, str(_below(tree, recipe.workdir)), str(folder), "", recipe.name)


def _with_environment(argv: list[str], environment: Path) -> list[str]:
    """`argv` with Python and the project's own commands taken from its environment, wherever the image had them."""
    name = Path(argv[0]).name
    if name in ("python", "python3") or name.startswith("python3."):
        return [str(python_of(environment)), *argv[1:]]
    script = scripts_of(environment) / name
    return [str(python_of(environment)), str(script), *argv[1:]] if script.is_file() else argv


def _waitress(argv: list[str], environment: Path) -> list[str]:
    """gunicorn's command line said to waitress, which runs on Windows: the bind address and the application."""
    bind = next((argv[i + 1] for i, part in enumerate(argv[:-1]) if part in ("-b", "--bind")), "127.0.0.1:8000")
    bind = next((part.partition("=")[2] for part in argv if part.startswith("--bind=")), bind)
    return [str(python_of(environment)), "-m", "waitress", f"--listen={bind}", argv[-1]]


def _link(place: Path, source: Path) -> None:
    """Let `place` stand for the folder `source`."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.is_dir():
        shutil.rmtree(place)
    if os.name == "nt":
        import _winapi

        _winapi.CreateJunction(str(source), str(place))  # type: ignore[attr-defined,unused-ignore]
    else:
        place.symlink_to(source, target_is_directory=True)


def _make_writable(tree: Path) -> None:
    """Let the owner write everywhere, as the root user of a container may whatever the modes say."""
    for place, folders, files in os.walk(tree):
        for name in (*folders, *files):
            path = Path(place, name)
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o700 if path.is_dir() else 0o600))


def _below(root: Path, path: str) -> Path:
    return root / path.lstrip("/")


def _joined(first: Path, rest: str | None) -> str:
    return os.pathsep.join(filter(None, [str(first), rest]))


async def _read_line(stream: asyncio.StreamReader) -> bytes:
    """The next line, in pieces when it is longer than the stream's buffer."""
    try:
        return await stream.readuntil(b"\n")
    except asyncio.IncompleteReadError as end:
        return end.partial
    except asyncio.LimitOverrunError as long:
        return await stream.read(long.consumed)


@cache
def can_confine() -> bool:
    """Whether this machine lets an ordinary process make namespaces."""
    if not sys.platform.startswith("linux"):
        return False
    import subprocess

    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-m", "wizard.practice.sandbox", "--check"]
    return subprocess.run(command, env=environment, capture_output=True, check=False, timeout=20).returncode == 0
