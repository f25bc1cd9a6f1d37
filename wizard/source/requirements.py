"""Which Python packages an image installs, read from the Dockerfile and the files it names."""

from __future__ import annotations

import posixpath
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from wizard.containers.dockerfile_stages import Instruction
from wizard.source.dependencies import MOST_FILES, joined_lines
from wizard.source.dockerfile import DockerfileFacts
from wizard.source.files.container_files import ContainerFiles, from_elsewhere
from wizard.source.text_file import read_text

GUNICORN = "gunicorn>=23"
IMPLIED = {
    "uvicorn": re.compile(
        r"(fastapi|uvicorn)\s*\[[^\]]*(standard|all)|fastapi-cli|litestar\s*\[[^\]]*(standard|full)|extras\s*=.*standard"
    ),
    "hypercorn": re.compile(r"(?i)\bquart\b"),
    "fastapi-cli": re.compile(r"fastapi\s*\[[^\]]*(standard|all)|extras\s*=.*(standard|all)|fastapi\s*[=~]=\s*0\.111\b"),
}
"""What installs a server by way of another package. fastapi brought its command with it in version 0.111 alone (its release notes)."""
INSTALLED_FROM = re.compile(r"(?:-r\s*|--requirement[= ])(\S+)")
WHOLE_PROJECT = re.compile(r"pip3? install\b[^&;|]*\s(-e )?\.(\[|\s|$)|poetry |pdm |uv (sync|pip install \.)|pipenv ")
BY_NAME = re.compile(r"\bpip3? install((?:\s+-\S+)*)\s+[A-Za-z]")
UNCLEAR = re.compile(r"\$|git\+|://|\bapt|\bapk|\bconda\b|\b(poetry|pipenv|uv|pdm) ")
"""What may bring packages that are not named."""
PLAIN = re.compile(r"(docker\.io/)?(library/)?python([:@].*)?")
LOCKED = {"poetry.lock": "poetry add", "uv.lock": "uv add", "pdm.lock": "pdm add", "Pipfile.lock": "pipenv install"}
PROJECT_FILES = ("pyproject.toml", "setup.py", "setup.cfg", "Pipfile")


def declares(folder: Path, docker: DockerfileFacts, package: str) -> bool | None:
    """Whether an image installs a package; None when the files do not say what it installs."""
    lines = [instruction for instruction in docker.instructions if instruction.name == "RUN"]
    runs = [" ".join(instruction.words) for instruction in lines]
    if any(re.search(rf"install\b[^&;|]*\b{package}\b", run) or re.search(rf"\b(uv|poetry|pdm) add\b.*\b{package}\b", run) for run in runs):
        return True
    if package in docker.image:
        return True
    implied = IMPLIED.get(package)
    if implied is not None and any(re.search(r"\b(install|add)\b", run) and implied.search(run) for run in runs):
        return True
    lists = list(_lists(folder, docker, lines))
    whole = any(WHOLE_PROJECT.search(run) or "-r pyproject.toml" in run for run in runs)
    if not lists and not whole:
        return None if by_name(docker) is None else False
    projects = _project_files(folder, docker) if whole else []
    if any(package in _names(path) for path in projects):
        return True
    texts = [read_text(path) for path in (*lists, *projects)]
    if implied is not None and any(implied.search(text) for text in texts):
        return True
    return any(package in set(required(path)) for path in lists)


def _unpacks(line: Instruction) -> bool:
    """Whether a line brings files that cannot be seen in the folder: ADD unpacks an archive of it."""
    return line.name == "ADD" and any(re.search(r"\.(?:tar(?:\.\w+)?|t[gbx]z)$", word) for word in line.words[:-1])


def by_name(docker: DockerfileFacts) -> Instruction | None:
    """The RUN line that installs packages by their names alone, in an image that has none of its own; None where there may be others."""
    lines = [line for line in docker.instructions if line.name == "RUN" and BY_NAME.search(" ".join(line.words))]
    brought = any(line.name in ("COPY", "ADD") and (from_elsewhere(line) or _unpacks(line)) for line in docker.instructions)
    unclear = any(UNCLEAR.search(" ".join(line.words)) for line in docker.instructions if line.name == "RUN")
    return lines[-1] if lines and PLAIN.fullmatch(docker.image) and not (brought or unclear) else None


def installed_lists(folder: Path, docker: DockerfileFacts) -> list[Path]:
    """The requirements files that any stage of an image installs from."""
    lines = [item for stage in docker.stages for item in stage.own if item.name == "RUN"]
    return list(dict.fromkeys(_lists(folder, docker, lines)))


def required(path: Path, seen: set[Path] | None = None) -> Iterator[str]:
    """The packages that a requirements file names, those of the files it includes too, in small letters; each file is read once."""
    seen = set() if seen is None else seen
    if path in seen or len(seen) > MOST_FILES:
        return
    seen.add(path)
    if not path.is_file():
        return
    for _number, line in joined_lines(path):
        if included := re.match(r"\s*(?:-r\s*|--requirement[= ]|-c\s*NEVER)(\S+)", line):
            yield from required(path.parent / included[1], seen)
        elif named := re.match(r"\s*([A-Za-z0-9][\w.-]*)", line):
            yield named[1].lower()


def where_to_declare(folder: Path, docker: DockerfileFacts) -> str:
    """The file that a package belongs into: what the image installs from, or else ``requirements.txt``."""
    lines = [instruction for instruction in docker.instructions if instruction.name == "RUN"]
    for file in _lists(folder, docker, lines):
        return file.relative_to(folder).as_posix()
    return next((path.relative_to(folder).as_posix() for path in _project_files(folder, docker)), "requirements.txt")


def adding_command(folder: Path, package: str) -> str:
    """The command that adds a package where a lock file has to follow; "" without one."""
    return next((f"{command} {package}" for lock, command in LOCKED.items() if (folder / lock).is_file()), "")


def declare(content: Any, package: str) -> None:
    """Add ``gunicorn>=23`` to what a pyproject.toml or Pipfile says, as PEP 621, Poetry or Pipenv write it."""
    name, bound = re.fullmatch(r"([\w.-]+)(.*)", package).groups()  # type: ignore[union-attr]
    if "packages" in content:
        content["packages"][name] = bound
    elif "project" in content:
        content["project"].setdefault("dependencies", []).append(package)
    else:
        content["tool"]["poetry"]["dependencies"][name] = bound


def _lists(folder: Path, docker: DockerfileFacts, lines: list[Instruction]) -> Iterator[Path]:
    """The requirements files that RUN lines install from: those that were copied to where they are named, or else called the same."""
    files = ContainerFiles(folder, docker)
    for line in lines:
        for name in INSTALLED_FROM.findall(" ".join(line.words)):
            if name.endswith(".toml"):
                continue
            copied = files.find(posixpath.normpath(posixpath.join(line.workdir, name)))
            file = copied if copied is not None and copied.is_file() else _near(folder, folder / Path(name).name)
            if file is not None:
                yield file


def _project_files(folder: Path, docker: DockerfileFacts) -> list[Path]:
    """The files that tools install a whole project from: those of the folder, or of the one that is copied to where the API starts."""
    files = ContainerFiles(folder, docker)
    places = [(folder / name, files.find(posixpath.join(docker.workdir, name))) for name in PROJECT_FILES]
    return [path for own, copied in places if (path := own if own.is_file() else copied) is not None and path.is_file()]


def _near(folder: Path, path: Path) -> Path | None:
    """A requirements file by its name, in the folder or one below it."""
    if path.is_file():
        return path
    return next(iter(sorted(folder.glob(f"*/{path.name}"))), None)


def _names(path: Path) -> set[str]:
    """The packages that a project file names."""
    text = read_text(path)
    if path.name == "pyproject.toml":
        try:
            return set(_of_pyproject(tomllib.loads(text)))
        except tomllib.TOMLDecodeError:
            return set()
    return {name.lower() for name in re.findall(r"[A-Za-z0-9][\w.-]*", text)}


def _of_pyproject(content: dict[str, object]) -> Iterator[str]:
    """Every requirement in the tables that may hold some: PEP 621's, dependency groups, Poetry's."""
    for key, value in content.items():
        if key in ("dependencies", "optional-dependencies", "dependency-groups", "group", "dev-dependencies", "main", "prod", "server"):
            yield from _requirements(value)
        elif isinstance(value, dict) and key in ("project", "tool", "poetry", "pdm", "uv"):
            yield from _of_pyproject(value)


def _requirements(value: object) -> Iterator[str]:
    if isinstance(value, str):
        if named := re.match(r"([A-Za-z0-9][\w.-]*)", value):
            yield named[1].lower()
    elif isinstance(value, list):
        for item in value:
            yield from _requirements(item)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name.lower()
            yield from _requirements(inner) if not isinstance(inner, str) else ()
