"""What a share hides: the files of the image that lie where it is mounted, the code itself among them."""

from __future__ import annotations

import posixpath
from pathlib import Path

from wizard.source.code_facts import CodeFacts, once_for_facts
from wizard.source.files.container_files import ContainerFiles
from wizard.source.files.loaded_files import loaded_files
from wizard.source.project_files import walk

NOT_MISSED = frozenset({".gitkeep", ".keep", ".gitignore", "README.md", ".DS_Store", "Thumbs.db"})
MOST_SHOWN = 200
NEEDED = ("/", "/bin", "/dev", "/etc", "/lib", "/lib64", "/proc", "/sbin", "/sys", "/usr", "/usr/bin", "/usr/lib", "/usr/local",
          "/usr/local/bin", "/usr/local/lib", "/usr/sbin", "/usr/share")  # fmt: skip
"""What no program in a container starts without."""
OF_SYSTEM = frozenset({*NEEDED, "/boot", "/home", "/opt", "/root", "/run", "/var", "/var/cache", "/var/lib", "/var/run"})
"""Folders that belong to the system (Filesystem Hierarchy Standard 3.0): a folder of the API's own lies below them."""


def holds_system(mount: str) -> bool:
    """Whether a share mounted there would lie over what the container's own system or Python needs."""
    return posixpath.normpath(mount) in OF_SYSTEM


def holds_code(facts: CodeFacts, mount: str) -> bool:
    """Whether a share mounted there would lie over the code that is started, or over a folder that holds it."""
    folder = posixpath.normpath(mount)
    return any(_within(place, folder) for place in _code_places(facts))


@once_for_facts
def _code_places(facts: CodeFacts) -> list[str]:
    """Where the code lies: what is started, the application that it loads, and what these import, with the packages around it.

    ``app.py`` in the working directory where neither is known.
    """
    container = ContainerFiles(facts.folder, facts.docker)
    started = [item for item in (facts.start.script, _app_file(facts)) if item is not None]
    loaded = {file for item in started for file in loaded_files(facts.folder, item)}
    packages = {path for path in facts.files if path.name == "__init__.py"} if loaded else set()
    places = [place for file in sorted({*started, *loaded, *packages}) if (place := _place(facts, container, file))]
    return places or [posixpath.join(facts.workdir, "app.py")]


def hidden_files(facts: CodeFacts, mount: str) -> list[str]:
    """The files of the project, by their paths in it, that the image has below a mount: the API would no longer find them."""
    folder = posixpath.normpath(mount)
    container = ContainerFiles(facts.folder, facts.docker)
    hidden = []
    for path in walk(facts.folder):
        if path.name in NOT_MISSED:
            continue
        place = _place(facts, container, path)
        if place and _within(place, folder):
            hidden.append(path.relative_to(facts.folder).as_posix())
            if len(hidden) >= MOST_SHOWN:
                break
    return hidden


def _app_file(facts: CodeFacts) -> Path | None:
    from wizard.source.starting.app_objects import find_module

    return find_module(facts.folder / facts.app.root, facts.app.module) if facts.app is not None else None


def _place(facts: CodeFacts, container: ContainerFiles, path: Path) -> str | None:
    if facts.dockerfile:
        return container.place(path)
    return posixpath.join(facts.workdir, path.relative_to(facts.folder).as_posix())


def _within(place: str, folder: str) -> bool:
    return folder == "/" or f"{place}/".startswith(f"{folder}/")
