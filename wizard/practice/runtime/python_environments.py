"""A virtual environment for each set of requirements: made once, with this machine's Python and, where it can be, without a download.

When the interpreter that runs the practice cloud already has everything a project asks for, exactly those distributions are copied; a
requirement that was forgotten is missing then too, as it would be in Azure. Otherwise pip installs.
"""

from __future__ import annotations

import asyncio
import hashlib
import importlib.util
import os
import re
import shutil
import sys
import tomllib
import venv
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

# A program for both sh and Python, since the path of an interpreter after "#!" may hold no space.
SCRIPT = """#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import sys
from {module} import {name}
sys.exit({call}())
"""
NEEDED_FILES = ("requirements.txt", "requirements/production.txt", "requirements/prod.txt", "requirements/base.txt", "pyproject.toml")


class InstallFailed(Exception):
    """pip could not install the requirements; the text is pip's own."""


class PythonEnvironments:
    """The environments of one practice cloud, in `folder`, named by the content of the requirements."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._locks: dict[str, asyncio.Lock] = {}

    async def ready(self, project: Path, runs: Iterable[str] = ()) -> Path:
        """The environment for the project in the folder `project`, made when it does not exist yet.

        :param runs: the RUN lines of its Dockerfile, which may name the requirements file.
        :raises InstallFailed: with pip's words.
        """
        named = re.findall(r"(?:-r|--requirement)[\s=]+(\S+)", " ; ".join(runs))
        names = [*(name.rsplit("/", 1)[-1] for name in named if "pip" in " ".join(runs)), *named, *NEEDED_FILES]
        needed = next((project / name for name in names if (project / name).is_file()), None)
        key = _key(needed)
        place = self._folder / key
        async with self._locks.setdefault(key, asyncio.Lock()):
            complete = place / "complete"
            if not complete.exists():
                await asyncio.to_thread(shutil.rmtree, place, ignore_errors=True)
                await self._make(place, needed)
                complete.touch()
        return place

    async def _make(self, place: Path, needed: Path | None) -> None:
        here = await asyncio.to_thread(_already_here, needed)
        own_pip = here is None and importlib.util.find_spec("pip") is None
        builder = venv.EnvBuilder(symlinks=os.name != "nt", with_pip=own_pip)
        await asyncio.to_thread(builder.create, place)
        if here is not None:
            await asyncio.to_thread(_copy, here, place)
        elif needed is not None:
            await _install(place, needed, own_pip)


def python_of(environment: Path) -> Path:
    """The interpreter in a virtual environment."""
    return scripts_of(environment) / ("python.exe" if os.name == "nt" else "python")


def scripts_of(environment: Path) -> Path:
    """The folder of a virtual environment that belongs on PATH."""
    return environment / ("Scripts" if os.name == "nt" else "bin")


def _key(needed: Path | None) -> str:
    content = hashlib.sha256(f"{sys.version}{sys.base_prefix}".encode())
    for file in _with_includes(needed) if needed else []:
        content.update(file.name.encode() + b"\0" + file.read_bytes())
    return content.hexdigest()[:16]


def _with_includes(file: Path) -> list[Path]:
    """A requirements file and those it includes with ``-r`` or ``-c``."""
    found = [file]
    for path in found:
        for line in path.read_text(errors="replace").splitlines() if path.suffix == ".txt" else []:
            match = re.match(r"\s*(?:-r|-c|--requirement|--constraint)[\s=]+(\S+)", line)
            if match and (other := path.parent / match[1]).is_file() and other not in found:
                found.append(other)
    return found


def _already_here(needed: Path | None) -> list[Distribution] | None:
    """The distributions of the running interpreter that satisfy the requirements, with all that those need; None when some are missing."""
    asked = _asked(needed) if needed else []
    if asked is None:
        return None
    found: dict[str, Distribution] = {}
    seen: set[str] = set()
    waiting = [(requirement, frozenset({""})) for requirement in asked]
    while waiting:
        requirement, extras = waiting.pop()
        if str(requirement) in seen or (requirement.marker and not any(requirement.marker.evaluate({"extra": e}) for e in extras)):
            continue
        seen.add(str(requirement))
        try:
            installed = distribution(requirement.name)
        except PackageNotFoundError:
            return None
        editable = '"editable"' in (installed.read_text("direct_url.json") or "")
        if requirement.url or editable or not requirement.specifier.contains(installed.version, prereleases=True):
            return None
        found[requirement.name.lower()] = installed
        waiting += [(Requirement(text), frozenset({"", *requirement.extras})) for text in installed.requires or []]
    return list(found.values())


def _asked(needed: Path) -> list[Requirement] | None:
    """What a requirements file or pyproject.toml asks for directly; None when it holds what only pip understands."""
    try:
        if needed.name == "pyproject.toml":
            project = tomllib.loads(needed.read_text()).get("project", {})
            return [Requirement(text) for text in project.get("dependencies", [])] if "dependencies" in project else None
        lines = [re.sub(r"(^|\s)#.*", "", line).strip() for line in needed.read_text().splitlines()]
        asked: list[Requirement] = []
        for line in filter(None, lines):
            if match := re.fullmatch(r"(?:-r|--requirement)[\s=]+(\S+)", line):
                included = _asked(needed.parent / match[1])
                if included is None:
                    return None
                asked += included
            else:
                asked.append(Requirement(line))
    except (InvalidRequirement, OSError, tomllib.TOMLDecodeError):
        return None
    return asked


def _copy(distributions: Iterable[Distribution], place: Path) -> None:
    """Copy distributions with their compiled files, and write their commands anew for the environment's own interpreter."""
    packages = next(place.glob("Lib/site-packages" if os.name == "nt" else "lib/python3*/site-packages"))
    for one in distributions:
        for file in one.files or []:
            source = Path(str(one.locate_file(file)))
            if ".." not in file.parts and source.is_file():
                target = packages / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)
        for command in one.entry_points.select(group="console_scripts"):
            script = scripts_of(place) / command.name
            name = command.attr.split(".")[0]
            script.write_text(SCRIPT.format(python=python_of(place), module=command.module, name=name, call=command.attr))
            script.chmod(0o755)


async def _install(place: Path, needed: Path, own_pip: bool) -> None:
    pip = [str(python_of(place)), "-m", "pip"] if own_pip else [sys.executable, "-m", "pip", "--python", str(python_of(place))]
    what = [str(needed.parent)] if needed.name == "pyproject.toml" else ["-r", str(needed)]
    command = [*pip, "--disable-pip-version-check", "--no-input", "install", "--retries", "1", "--progress-bar", "off", *what]
    running = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        output, _ = await running.communicate()
    except asyncio.CancelledError:
        running.kill()
        raise
    if running.returncode != 0:
        raise InstallFailed(output.decode(errors="replace").strip())


def main(folder: str, project: str, *runs: str) -> int:
    """Print the interpreter for a project, as ``python -m wizard.practice.runtime.python_environments FOLDER PROJECT [RUN-LINE]...``.

    For who runs an API without a practice cloud; pip's words go to stderr.
    """
    try:
        environment = asyncio.run(PythonEnvironments(Path(folder)).ready(Path(project), runs))
    except InstallFailed as failed:
        print(failed, file=sys.stderr)
        return 1
    print(python_of(environment))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
