"""The distributions that lie in a folder of packages: whether they satisfy what is asked for, and a copy of those that do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

# A program for both sh and Python, since the path of an interpreter after "#!" may hold no space. Guarded, since a process that a server
# spawns (hypercorn does for each worker) reads the program's file once more (docs.python.org, "Safe importing of main module").
_SCRIPT = """#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import sys
from {module} import {name}
if __name__ == "__main__":
    sys.exit({call}())
"""
_SCRIPTS = frozenset({"bin", "Scripts"})


class Distributions:
    """What lies in one or several folders of packages."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._by_name: dict[str, Distribution] = {}
        for one in distributions(path=[str(folder) for folder in folders]):
            if one.name:
                self._by_name.setdefault(canonicalize_name(one.name), one)

    def installed(self) -> list[str]:
        """``flask==3.1.0`` and so on."""
        return sorted(f"{name}=={one.version}" for name, one in self._by_name.items())

    def missing(self, requirements: Iterable[Requirement], constraints: Iterable[str] = ()) -> list[str]:
        """What is asked for and not there, with all that it needs in turn, its extras and its markers."""
        return self._walk(requirements, constraints)[1]

    def satisfying(self, requirements: Iterable[Requirement], constraints: Iterable[str] = ()) -> list[Distribution] | None:
        """The distributions that are asked for with all that they need; None when one is missing, or could not be copied whole."""
        found, missing = self._walk(requirements, constraints)
        return None if missing or not all(map(_is_whole, found)) else found

    def _walk(self, requirements: Iterable[Requirement], constraints: Iterable[str]) -> tuple[list[Distribution], list[str]]:
        limits = _limits(constraints)
        by_name: dict[str, Distribution] = {}
        missing: list[str] = []
        seen: set[str] = set()
        waiting = [(requirement, frozenset({""})) for requirement in requirements]
        while waiting:
            requirement, extras = waiting.pop()
            if str(requirement) in seen or (requirement.marker and not any(requirement.marker.evaluate({"extra": e}) for e in extras)):
                continue
            name = canonicalize_name(requirement.name)
            seen.add(str(requirement))
            installed = self._by_name.get(name)
            specifiers = [requirement.specifier, *(limit.specifier for limit in limits.get(name, []))]
            if installed is None or not all(one.contains(installed.version, prereleases=True) for one in specifiers):
                missing.append(str(requirement))
                continue
            by_name[name] = installed
            for text in installed.requires or []:
                try:
                    waiting.append((Requirement(text), frozenset({"", *requirement.extras})))
                except (InvalidRequirement, RecursionError):  # of an old distribution, which pip lets pass too
                    continue
        return list(by_name.values()), missing


def copy(chosen: Sequence[Distribution], packages: Path, scripts: Path, python: Path) -> None:
    """Copy distributions with their compiled files, and write their commands anew for the interpreter `python`."""
    for one in chosen:
        for file in one.files or []:
            source = Path(str(one.locate_file(file)))
            if ".." not in file.parts and source.is_file():
                target = packages / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)
        for command in one.entry_points.select(group="console_scripts"):
            script = scripts / command.name
            name = command.attr.split(".")[0]
            script.write_text(_SCRIPT.format(python=python, module=command.module, name=name, call=command.attr))
            script.chmod(0o755)


def _limits(constraints: Iterable[str]) -> dict[str, list[Requirement]]:
    limits: dict[str, list[Requirement]] = {}
    for line in constraints:
        try:
            limit = Requirement(line)
        except (InvalidRequirement, RecursionError):
            continue
        if limit.marker is None or limit.marker.evaluate():
            limits.setdefault(canonicalize_name(limit.name), []).append(limit)
    return limits


def _is_whole(one: Distribution) -> bool:
    """Whether a copy of a distribution would be all of it: nothing beside the packages but commands that can be written anew."""
    if '"editable"' in (one.read_text("direct_url.json") or "") or one.files is None:
        return False
    commands = {command.name for command in one.entry_points.select(group="console_scripts")}
    outside = [file for file in one.files if ".." in file.parts]
    return all(file.parent.name in _SCRIPTS and _command(file.name) in commands for file in outside)


def _command(name: str) -> str:
    return name.removesuffix(".exe") if os.name == "nt" else name
