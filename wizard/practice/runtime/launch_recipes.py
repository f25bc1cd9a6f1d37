"""From a container to run to the command that runs it: its folder, its variables, its paths."""

from __future__ import annotations

import json
import os
import posixpath
import re
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from wizard.practice.kernel.file_tree import FileTree
from wizard.practice.kernel.rooted import inside
from wizard.practice.runtime.launch import Launch
from wizard.practice.runtime.packages.installing import ImageBase
from wizard.practice.runtime.packages.python_environments import python_of, scripts_of

_RUNNERS = ("uv", "poetry", "pdm", "pipenv", "hatch")
_RUNNER_VALUES = ("--project", "--directory", "--python", "-p", "--env-file", "--with", "--extra", "--group", "-C")
_VENV_LINE = re.compile(rb"#![ \t]*(/\S+)/bin/python[\d.]*[ \t]*\n?")
_MAKES_VENV = re.compile(r"-m venv\b|\bvirtualenv\b|\buv (?:venv|sync)\b|\b(?:poetry|pdm) install\b")
CONTAINER_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

CONFINED_NOTE = (
    "practice cloud: this container runs with this machine's Python and the requirements of the project. The base image, RUN lines that "
    "need a program (the build's log names them), CPU limits, the USER line and connections to the outside are not rehearsed."
)
PLAIN_NOTE = CONFINED_NOTE + (
    " This machine does not let a container have a file system and a network of its own, so shares are links, their paths are replaced "
    "in variables and arguments, a ReadOnly share can be written to, and the port is another one."
)
if not sys.platform.startswith("linux"):
    PLAIN_NOTE += " Memory limits are not rehearsed here either."


@dataclass(frozen=True)
class BindMount:
    """A share in a container: the folder `source` of this machine at the absolute path `target`."""

    source: Path
    target: str
    read_only: bool
    nobrl: bool


@dataclass(frozen=True)
class EngineImage:
    """An image that an engine built.

    :param id: ``sha256:...`` of its configuration, by which an engine knows it.
    :param config: where the bytes of that configuration lie.
    :param layers: the gzipped archives of its layers, the lowest first.
    """

    id: str
    config: Path
    layers: Sequence[Path]


@dataclass
class Recipe:
    """A container to run.

    :param files: the image's file tree, as it stands below ``/``.
    :param argv: ENTRYPOINT and CMD put together.
    :param env: exactly the container's variables.
    :param memory: the bytes that its processes may hold together; 0 for any number.
    :param runs: the RUN lines of the Dockerfile.
    :param passed_over: what of them was not carried out, nor is installed.
    :param requirements: the key of what was noted of its requirements when it was built; empty for an image from elsewhere.
    :param base: what is known of its base image.
    :param cpu: how many cores it may use; 0 for any number.
    :param empty: where an empty folder is mounted that lives and dies with the replica.
    :param image: the image as an engine built it; None for one that was only imitated.
    """

    name: str
    files: Path
    workdir: str
    argv: list[str]
    env: dict[str, str]
    mounts: list[BindMount] = field(default_factory=list)
    runs: list[str] = field(default_factory=list)
    memory: int = 0
    passed_over: list[str] = field(default_factory=list)
    requirements: str = ""
    base: ImageBase = field(default_factory=ImageBase)
    cpu: float = 0
    empty: list[str] = field(default_factory=list)
    image: EngineImage | None = None


def prepare(recipe: Recipe, folder: Path, *, confined: bool) -> None:
    """Lay out a replica's folder: a copy of the image's files with a place for every mount, and the hooks."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(recipe.files, folder / "tree", symlinks=True)
    _make_writable(folder / "tree")
    if confined:
        _follow_machine(folder / "tree")
    (folder / "root").mkdir()
    below(folder / "tree", recipe.workdir).mkdir(parents=True, exist_ok=True)
    for mount in recipe.mounts:
        place = below(folder / "tree", mount.target)
        if confined:
            place.mkdir(parents=True, exist_ok=True)
        else:
            _link(place, mount.source)
    locked = [m for m in recipe.mounts if not m.nobrl and not m.read_only and os.name == "posix"]
    lay_hooks(folder / "hooks", [m.target if confined else str(m.source.resolve()) for m in locked], ports=not confined)


def lay_hooks(folder: Path, locked: Sequence[str], *, ports: bool) -> None:
    """Make the folder whose ``sitecustomize`` imitates the locks of shares, and moves ports to loopback where `ports` says so."""
    folder.mkdir(parents=True)
    shutil.copy(Path(__file__).with_name("python_hooks.py"), folder / "sitecustomize.py")
    (folder / "hooks.json").write_text(json.dumps({"locked": list(locked), "ports": ports}))


def confined_launch(recipe: Recipe, folder: Path, environment: Path) -> Launch:
    """A launch in namespaces, where everything stands at its absolute path."""
    env = {"PATH": CONTAINER_PATH, "HOME": "/root", "HOSTNAME": recipe.name, **recipe.env}
    env["PATH"] = f"{scripts_of(environment)}:{env['PATH']}"
    if any(not mount.nobrl for mount in recipe.mounts):
        env["PYTHONPATH"] = _joined(folder / "hooks", env.get("PYTHONPATH"))
    mounts = [{"source": str(m.source), "target": m.target, "read_only": m.read_only} for m in recipe.mounts]
    visible = [str(environment), str(folder / "hooks"), sys.base_prefix, sys.base_exec_prefix]
    argv = _with_environment(_read_by_python(recipe), environment)
    return Launch(True, argv, env, recipe.workdir, str(folder), "", recipe.name, mounts, visible, recipe.memory)


def plain_launch(recipe: Recipe, folder: Path, environment: Path) -> Launch:
    """A launch without namespaces: the container's paths are replaced by those of its folder wherever they stand in text."""
    tree = folder / "tree"
    places = {path: str(tree / path.lstrip("/")) for path in {recipe.workdir, *(mount.target for mount in recipe.mounts)} - {"/"}}

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
    argv = _with_environment([here(part) for part in _read_by_python(recipe)], environment)
    if os.name == "nt" and Path(recipe.argv[0]).name == "gunicorn":
        argv = _waitress(recipe.argv, environment)
    workdir = tree / recipe.workdir.lstrip("/")  # a share may stand there as a link
    return Launch(False, argv, env, str(workdir), str(folder), "", recipe.name, memory=recipe.memory)


def _read_by_python(recipe: Recipe) -> list[str]:
    """What is started; a script whose first line names the Python of a virtual environment that a RUN line makes, by that Python.

    Practice makes no such environment: the one of the project's requirements stands for it.
    """
    place = below(recipe.files, posixpath.join(recipe.workdir, recipe.argv[0]))
    if "/" not in recipe.argv[0] or not place.is_file() or not os.access(place, os.X_OK):
        return recipe.argv
    with place.open("rb") as script:
        match = _VENV_LINE.fullmatch(script.readline(256))
    folder = match[1].decode(errors="replace") if match else ""
    made = folder and any(_MAKES_VENV.search(run) and (folder in run or folder.endswith("/.venv")) for run in recipe.runs)
    return ["python", *recipe.argv] if made else recipe.argv


def _with_environment(argv: list[str], environment: Path) -> list[str]:
    """`argv` with Python and the project's own commands taken from its environment, wherever the image had them.

    ``uv run``, ``poetry run`` and their like run a command in the project's environment, which is the one that is there anyway.
    """
    argv = _without_runner(argv)
    name = Path(argv[0]).name
    if name in ("python", "python3") or name.startswith("python3."):
        return [str(python_of(environment)), *argv[1:]]
    script = scripts_of(environment) / name
    return [str(python_of(environment)), str(script), *argv[1:]] if script.is_file() else argv


def _without_runner(argv: list[str]) -> list[str]:
    if Path(argv[0]).name not in _RUNNERS or argv[1:2] != ["run"]:
        return argv
    command = argv[2:]
    while command and command[0].startswith("-"):
        command = command[2 if command[0] in _RUNNER_VALUES else 1 :]
    return command or argv


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


def _follow_machine(tree: Path) -> None:
    """Lay what an image has in ``/bin`` into ``/usr/bin`` where the one is a link to the other on this machine, as in Debian's images."""
    for name in ("bin", "sbin", "lib", "lib32", "lib64"):
        own, machine = tree / name, Path("/", name)
        if machine.is_symlink() and own.is_dir() and not own.is_symlink():
            FileTree(tree).put(own, f"/{machine.readlink()}")
            shutil.rmtree(own)


def _make_writable(tree: Path) -> None:
    """Let the owner write everywhere, as the root user of a container may whatever the modes say."""
    for place, folders, files in os.walk(tree):
        for name in (*folders, *files):
            path = Path(place, name)
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o700 if path.is_dir() else 0o600))


def below(root: Path, path: str) -> Path:
    """A path of a container's file tree on this machine; no link in the tree leads out of it."""
    return inside(root, path)


def _joined(first: Path, rest: str | None) -> str:
    return os.pathsep.join(filter(None, [str(first), rest]))
