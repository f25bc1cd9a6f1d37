"""A virtual environment for each set of requirements: made once, with this machine's Python, and complete or not there at all.

Everything that asks for the same requirements shares one, whichever project it is. What other environments, or azwizard's own, hold
already is copied where it satisfies all that is asked for, so that the second project starts at once and also without a network; a
requirement that was forgotten is missing all the same, as it would be in Azure.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
import sys
import sysconfig
import venv
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from wizard.practice.kernel.rooted import inside
from wizard.practice.runtime.packages.distributions import Distributions, copy
from wizard.practice.runtime.packages.installer import PackageInstaller
from wizard.practice.runtime.packages.installing import ImageBase, InstallFailed, InstallProgress
from wizard.practice.runtime.packages.requirement_bundle import Bundle, read_bundle, write_bundle
from wizard.practice.runtime.packages.requirement_files import RequirementSet, UnreadableRequirements, pipfile, pyproject, requirements_file
from wizard.practice.runtime.packages.run_lines import RunLine, asked_by

LOOK_AGAIN = 0.1  # seconds, while another process makes the same environment
_USUAL_FILES = ("requirements.txt", "requirements/production.txt", "requirements/prod.txt", "requirements/base.txt")
_SOURCES = 12  # environments looked through for what is there already
_COMPLETE = "complete.json"


class PythonEnvironments:
    """The environments in `folder`, which several practice clouds and tries may share.

    :param wheels: a folder of wheels to install from in place of the package index.
    :param unconfined: whether to build packages also where this machine allows no confinement.
    """

    def __init__(self, folder: Path, *, wheels: Path | None = None, unconfined: bool = False) -> None:
        self._folder = folder
        self._bundles = folder / "bundles"
        self.wheels = wheels
        self.unconfined = unconfined
        self._making: dict[str, asyncio.Lock] = {}

    async def asked(self, runs: Sequence[RunLine], tree: Path, workdir: str, base: ImageBase) -> str:
        """The key of what an image asks for: by its RUN lines, or, on a base image that is not Python's own, by the usual files.

        :raises InstallFailed: when a file that is named is not there.
        """
        return await asyncio.to_thread(self._asked, runs, tree, workdir, base)

    def _asked(self, runs: Sequence[RunLine], tree: Path, workdir: str, base: ImageBase) -> str:
        try:
            requests = asked_by(runs)
            lines = requests.lines
            if not requests.line and not base.python:
                lines = _of_usual_files(tree, workdir)
        except UnreadableRequirements as error:
            raise InstallFailed(str(error), stops_azure=True) from error
        return write_bundle(self._bundles, lines)

    @asynccontextmanager
    async def _alone(self, place: Path) -> AsyncIterator[None]:
        """Nobody else makes the environment meanwhile: no other replica of this cloud, no other process.

        The file's lock alone would not do: filelock refuses a second lock on one file in one thread, and threads of a pool are shared.
        """
        async with self._making.setdefault(place.name, asyncio.Lock()):
            lock = FileLock(self._folder / f"{place.name}.lock", thread_local=False)
            await _acquire(lock)
            try:
                yield
            finally:
                lock.release()

    async def ready(self, key: str, base: ImageBase | None = None, progress: InstallProgress | None = None) -> Path:
        """The environment for the requirements of that key, made when it is not there, or not whole.

        :param progress: told while it is made.
        :raises InstallFailed: with what pip or uv said.
        """
        bundle = await asyncio.to_thread(read_bundle, self._bundles, key)
        place = self._folder / _name(bundle)
        if await asyncio.to_thread(_is_complete, place):
            return place
        async with self._alone(place):
            if not await asyncio.to_thread(_is_complete, place):
                progress = progress or InstallProgress()
                progress.begin()
                try:
                    await self._make(bundle, place, base or ImageBase(), progress)
                finally:
                    progress.end()
        return place

    async def _make(self, bundle: Bundle, place: Path, base: ImageBase, progress: InstallProgress) -> None:
        await asyncio.to_thread(shutil.rmtree, place, ignore_errors=True)
        await asyncio.to_thread(venv.EnvBuilder(symlinks=os.name != "nt", with_pip=False).create, place)
        unbuilt = bundle.empty or await asyncio.to_thread(self._copied, bundle, place)
        if not unbuilt:
            installer = PackageInstaller(self._folder, wheels=self.wheels, unconfined=self.unconfined)
            unbuilt = await installer.install(bundle, place, python_of(place), base, progress.tell)
        installed = Distributions([packages_of(place)])
        if missing := installed.missing(bundle.names, bundle.lines.constraints):
            line = f"ERROR: the environment is not whole: {', '.join(missing)} is not in it"
            raise InstallFailed(line, stops_azure=False)
        content = {"unbuilt": unbuilt, "installed": installed.installed()}
        (place / _COMPLETE).write_text(json.dumps(content), encoding="utf-8")

    def _copied(self, bundle: Bundle, place: Path) -> bool:
        """Copy what is asked for from where all of it is; whether that was possible."""
        requirements = bundle.plain
        if requirements is None:
            return False
        for folders in self._sources():
            chosen = Distributions(folders).satisfying(requirements, bundle.lines.constraints)
            if chosen is not None:
                copy(chosen, packages_of(place), scripts_of(place), python_of(place))
                return True
        return False

    def _sources(self) -> Iterator[list[Path]]:
        """Folders of packages to copy from: the latest environments in which no code of a package has run, and azwizard's own."""
        marks = sorted(self._folder.glob(f"{_version()}-*/{_COMPLETE}"), key=lambda mark: mark.stat().st_mtime, reverse=True)
        for mark in marks[:_SOURCES]:
            if json.loads(mark.read_text(encoding="utf-8")).get("unbuilt"):
                yield [packages_of(mark.parent)]
        yield [Path(sysconfig.get_path("purelib")), Path(sysconfig.get_path("platlib"))]


async def _acquire(lock: FileLock) -> None:
    """Wait for a lock without a thread: one that waits cannot be cancelled, and would hold the lock once nobody wants it any more."""
    while True:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            await asyncio.sleep(LOOK_AGAIN)
        else:
            return


def python_of(environment: Path) -> Path:
    """The interpreter in a virtual environment."""
    return scripts_of(environment) / ("python.exe" if os.name == "nt" else "python")


def scripts_of(environment: Path) -> Path:
    """The folder of a virtual environment that belongs on PATH."""
    return environment / ("Scripts" if os.name == "nt" else "bin")


def packages_of(environment: Path) -> Path:
    """The folder of a virtual environment that its packages lie in."""
    if os.name == "nt":
        return environment / "Lib" / "site-packages"
    return environment / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"


def _version() -> str:
    return hashlib.sha256(f"{sys.version}{sys.base_prefix}".encode()).hexdigest()[:8]


def _name(bundle: Bundle) -> str:
    return f"{_version()}-{bundle.key}"


def _is_complete(place: Path) -> bool:
    """Whether an environment was finished and still holds what it held then."""
    try:
        content = json.loads((place / _COMPLETE).read_text(encoding="utf-8"))
        return bool(Distributions([packages_of(place)]).installed() == content["installed"])
    except (OSError, ValueError, KeyError):
        return False


def _of_usual_files(tree: Path, workdir: str) -> RequirementSet:
    """What a project asks for whose image says nothing of it: what its files say; a link leads to nothing outside of the image."""
    folder = inside(tree, workdir)
    for name in _USUAL_FILES:
        file = inside(tree, f"{workdir}/{name}")
        if file.is_file():
            lines = requirements_file(file, tree)
            lines.requirements = [_whole(line, file.parent) for line in lines.requirements]
            return lines
    own = {name for name in ("pyproject.toml", "Pipfile") if (folder / name).is_file() and not (folder / name).is_symlink()}
    if "pyproject.toml" in own:
        return pyproject(folder)
    return pipfile(folder) if "Pipfile" in own else RequirementSet()


def _whole(line: str, folder: Path) -> str:
    path, bracket, extras = line.removeprefix("-e ").strip().partition("[")
    return f"{folder / path}{bracket}{extras}" if path.startswith(".") else line


def image_base(name: str, runs: Iterable[str]) -> ImageBase:
    """What is known of an image by the name of its base and its RUN lines."""
    return ImageBase(name, any(word in run for run in runs for word in ("apt-get install", "apt install", "apk add", "dnf install")))
