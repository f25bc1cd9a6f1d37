"""The files in which projects name their packages, read into the lines that pip reads: requirements files, pyproject.toml, Pipfile, locks.

A lock file becomes constraints: what a project asks for is asked for, in the versions that were locked, as its own tool would install it.
"""

from __future__ import annotations

import codecs
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wizard.practice.kernel.rooted import inside

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_INCLUDE = re.compile(r"(?:-r|--requirement)(?:\s+|\s*=\s*|(?=\S))(?P<file>\S+)")
_CONSTRAINT = re.compile(r"(?:-c|--constraint)(?:\s+|\s*=\s*|(?=\S))(?P<file>\S+)")
PYLOCK = re.compile(r"pylock(\.[^.]+)?\.toml")
"""How a lock file is called that pip and uv take as a list of requirements (PEP 751)."""
_CARET, _TILDE = re.compile(r"\^\s*(\d[\w.]*)"), re.compile(r"~(?!=)\s*(\d[\w.]*)")


class UnreadableRequirements(Exception):
    """A file that is named cannot be read; the text is what pip says of it."""


@dataclass
class RequirementSet:
    """What is asked for.

    :param requirements: one requirement each, as pip reads them; paths as they stand in the file, relative to the file's folder.
    :param constraints: the versions that may be taken.
    :param options: such as ``--index-url URL``, as they stand in a requirements file.
    """

    requirements: list[str] = field(default_factory=list)
    constraints: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)

    def add(self, other: RequirementSet) -> None:
        """Ask for what `other` asks for too."""
        for own, more in (
            (self.requirements, other.requirements),
            (self.constraints, other.constraints),
            (self.options, other.options),
        ):
            own += [line for line in more if line not in own]


def read_text(file: Path) -> str:
    """A file's text by its byte order mark, as pip reads requirements; UTF-8 without one.

    :raises UnreadableRequirements: in pip's words, when it is not there.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UnreadableRequirements(
            f"ERROR: Could not open requirements file: [Errno {error.errno}] {error.strerror}: '{file.name}'"
        ) from error
    encoding = next((name for mark, name in _BOMS if content.startswith(mark)), "utf-8")
    return content.decode(encoding, "replace")


def requirements_file(file: Path, root: Path, seen: set[tuple[str, Path]] | None = None) -> RequirementSet:
    """A requirements file with those that it includes; local paths become whole ones, which an included file's folder cannot change.

    :param root: the image's tree, or the build context: no file that is included is looked for outside of it.
    :param seen: what was included before, and how: each file is read once.
    """
    lines = RequirementSet()
    seen = {("-r", file)} if seen is None else seen
    for line in _logical(read_text(file)):
        if match := _INCLUDE.fullmatch(line) or _CONSTRAINT.fullmatch(line):
            folder = "" if match["file"].startswith("/") else file.parent.relative_to(root).as_posix()
            other = inside(root, f"{folder}/{match['file']}")
            how = "-r" if match.re is _INCLUDE else "-c"
            if (how, other) in seen:
                continue
            seen.add((how, other))
            included = requirements_file(other, root, seen)
            if how == "-r":
                lines.add(included)
            else:
                lines.constraints += [*included.requirements, *included.constraints]
        elif line.startswith("-") and not re.match(r"(-e|--editable)\b", line):
            lines.options.append(line)
        else:
            lines.requirements.append(line)
    return lines


def _logical(text: str) -> Iterator[str]:
    """The lines that say something: without comments, continued ones joined."""
    for line in re.sub(r"\\\r?\n", " ", text).splitlines():
        if bare := re.sub(r"(^|\s)#.*$", "", line).strip():
            yield bare


def pyproject(folder: Path, *, extras: Iterable[str] = (), all_extras: bool = False, groups: Iterable[str] = ()) -> RequirementSet:
    """What a pyproject.toml asks for itself: its dependencies, those of the extras, and those of the groups; not the project as a package.

    Both tables are read: PEP 621's and Poetry's own.
    """
    content = _toml(folder / "pyproject.toml")
    project, poetry = content.get("project") or {}, (content.get("tool") or {}).get("poetry") or {}
    lines = RequirementSet(list(project.get("dependencies") or []))
    optional = project.get("optional-dependencies") or {}
    for extra in optional if all_extras else extras:
        lines.requirements += optional.get(extra) or []
    lines.requirements += [line for line in _poetry(poetry.get("dependencies") or {}) if line not in lines.requirements]
    for group in groups:
        lines.requirements += _group(content, group)
    return lines


def default_groups(folder: Path) -> list[str]:
    """The groups that uv and Poetry install unless told otherwise."""
    content = _toml(folder / "pyproject.toml")
    tool = content.get("tool") or {}
    poetry = (tool.get("poetry") or {}).get("group") or {}
    groups = (tool.get("uv") or {}).get("default-groups")
    named = list(content.get("dependency-groups") or {}) if groups == "all" else groups or ["dev"]
    return [*named, *(name for name, group in poetry.items() if name not in named and not group.get("optional"))]


def is_package(folder: Path) -> bool:
    """Whether a project is itself installed beside what it asks for: it says how it is built, and not that it is none."""
    content = _toml(folder / "pyproject.toml")
    tool = content.get("tool") or {}
    is_uv_package = (tool.get("uv") or {}).get("package", True) is not False
    return "build-system" in content and is_uv_package and (tool.get("poetry") or {}).get("package-mode", True) is not False


def locked(folder: Path) -> list[str]:
    """The versions in the folder's lock file as constraints; a package that was locked in several versions is left open."""
    versions: dict[str, set[str]] = {}
    for name in ("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml"):
        if (folder / name).is_file():
            content = _toml(folder / name)
            for package in content.get("package") or content.get("packages") or []:
                source = package.get("source") or {}
                if "version" in package and not (source.keys() & {"virtual", "editable", "git", "path", "url", "directory"}):
                    versions.setdefault(str(package["name"]), set()).add(str(package["version"]))
            break
    else:
        for name, version in _pipfile_lock(folder):
            versions.setdefault(name, set()).add(version)
    return [f"{name}=={next(iter(several))}" for name, several in sorted(versions.items()) if len(several) == 1]


def pylock(file: Path) -> list[str]:
    """The packages of a PEP 751 lock file in their versions; those that come from a folder or an address are left to their own lines."""
    return [f"{package['name']}=={package['version']}" for package in _toml(file).get("packages") or [] if "version" in package]


def group_of(file: Path, name: str) -> list[str]:
    """A dependency group (PEP 735) of a pyproject.toml, for ``--group``; pip and uv refuse one that is not there.

    :raises UnreadableRequirements: in pip's words.
    """
    content = _toml(file)
    if name not in (content.get("dependency-groups") or {}):
        raise UnreadableRequirements(
            f"ERROR: [dependency-groups] resolution failed for '{name}' from '{file.name}': Dependency group '{name}' not found"
        )
    return _group(content, name)


def pipfile(folder: Path, *, dev: bool = False) -> RequirementSet:
    """What a Pipfile asks for; without one, what its lock names."""
    if not (folder / "Pipfile").is_file():
        return RequirementSet([f"{name}=={version}" for name, version in _pipfile_lock(folder)])
    content = _toml(folder / "Pipfile")
    lines = RequirementSet(_poetry(content.get("packages") or {}))
    if dev:
        lines.requirements += _poetry(content.get("dev-packages") or {})
    return lines


def _pipfile_lock(folder: Path) -> Iterator[tuple[str, str]]:
    try:
        content = json.loads((folder / "Pipfile.lock").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    for name, package in (content.get("default") or {}).items():
        if str(package.get("version") or "").startswith("=="):
            yield name, str(package["version"]).removeprefix("==")


def _group(content: dict[str, Any], name: str) -> list[str]:
    """A dependency group (PEP 735) with those that it includes, or Poetry's or uv's older tables of that name."""
    tool = content.get("tool") or {}
    lines: list[str] = []
    for entry in (content.get("dependency-groups") or {}).get(name) or []:
        if isinstance(entry, str):
            lines.append(entry)
        elif (included := entry.get("include-group")) and included != name:
            lines += _group(content, included)
    if name == "dev":
        lines += (tool.get("uv") or {}).get("dev-dependencies") or []
        lines += _poetry((tool.get("poetry") or {}).get("dev-dependencies") or {})
    return lines + _poetry((((tool.get("poetry") or {}).get("group") or {}).get(name) or {}).get("dependencies") or {})


def _poetry(table: dict[str, Any]) -> list[str]:
    """Requirements as Poetry and Pipenv write them: a name and ``"^2.1"``, ``"*"`` or a table."""
    lines = []
    for name, version in table.items():
        for one in version if isinstance(version, list) else [version]:
            if name.lower() != "python" and (line := _poetry_line(name, one)):
                lines.append(line)
    return lines


def _poetry_line(name: str, version: Any) -> str:
    if not isinstance(version, dict):
        return name + _specifier(str(version))
    if version.get("optional"):
        return ""
    extras = f"[{','.join(version['extras'])}]" if version.get("extras") else ""
    marker = f" ; {marker}" if (marker := version.get("markers") or version.get("marker")) else ""
    if python := version.get("python"):
        marker = f" ; {' and '.join(f'python_version {_operator(one)}' for one in _specifier(python).split(','))}"
    if git := version.get("git"):
        revision = version.get("rev") or version.get("tag") or version.get("ref") or version.get("branch")
        return f"{name}{extras} @ git+{git}{f'@{revision}' if revision else ''}{marker}"
    if url := version.get("url") or version.get("file"):
        return f"{name}{extras} @ {url}{marker}"
    if path := version.get("path"):
        return str(path) if str(path).startswith((".", "/")) else f"./{path}"
    return name + extras + _specifier(str(version.get("version") or "*")) + marker


def _operator(specifier: str) -> str:
    operator, version = re.fullmatch(r"(\D*)(.*)", specifier.strip()).groups()  # type: ignore[union-attr]
    return f'{operator or "=="} "{version}"'


def _specifier(version: str) -> str:
    """A version as Poetry writes it (``^1.2``, ``~1.2``, ``1.2``, ``*``), as pip reads it."""
    if version.strip() in ("", "*"):
        return ""
    parts = []
    for part in version.split(","):
        bare = part.strip()
        if caret := _CARET.fullmatch(bare):
            parts.append(f">={caret[1]},<{_next(caret[1], caret=True)}")
        elif tilde := _TILDE.fullmatch(bare):
            parts.append(f">={tilde[1]},<{_next(tilde[1], caret=False)}")
        else:
            parts.append(bare if re.match(r"[<>=!~]", bare) else f"=={bare}")
    return ",".join(parts)


def _next(version: str, *, caret: bool) -> str:
    """The first version that ``^`` or ``~`` leaves out: the next one in the first part that is not 0, or in the second part."""
    numbers = [int(number) for number in re.findall(r"\d+", version)]
    first = next((index for index, number in enumerate(numbers) if number), len(numbers) - 1)
    place = first if caret else min(1, len(numbers) - 1)
    return ".".join(map(str, [*numbers[:place], numbers[place] + 1]))


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(read_text(file))
    except tomllib.TOMLDecodeError as error:
        raise UnreadableRequirements(f"ERROR: {file.name}: {error}") from error
