"""Requirements made independent of where they were asked for: a folder named by its content, from which they can be installed any time."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from wizard.practice.runtime.packages.requirement_files import RequirementSet

_NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "venv", "node_modules", "__pycache__", "*.pyc")
_BUILDS = re.compile(r"--no-binary|--hash")
_HASH = re.compile(r"\s--hash[=\s]\S+")


@dataclass(frozen=True)
class Bundle:
    """What is to be installed: ``requirements.txt`` and ``constraints.txt`` in `folder`, and in ``local`` the packages that are files."""

    key: str
    folder: Path
    lines: RequirementSet

    @property
    def empty(self) -> bool:
        """Whether nothing is asked for."""
        return not self.lines.requirements

    @property
    def plain(self) -> list[Requirement] | None:
        """The requirements as names and versions alone; None when something asks for more than that (a folder, an address, a hash)."""
        try:
            requirements = [Requirement(line) for line in self.lines.requirements]
        except (InvalidRequirement, RecursionError):
            return None
        return None if self.lines.options or any(one.url for one in requirements) else requirements

    @property
    def names(self) -> list[Requirement]:
        """What is asked for by its name, whatever else is."""
        named = []
        for line in self.lines.requirements:
            try:
                named.append(Requirement(_HASH.sub("", line)))
            except (InvalidRequirement, RecursionError):
                continue
        return named

    @property
    def may_be_wheels(self) -> bool:
        """Whether wheels may be enough, so that no code of a package has to run to install it."""
        if any(_BUILDS.match(option) for option in self.lines.options):
            return False
        for line in self.lines.requirements:
            try:
                requirement = Requirement(_HASH.sub("", line))
            except (InvalidRequirement, RecursionError):
                if not line.endswith(".whl"):
                    return False
                continue
            if requirement.url and not requirement.url.partition("#")[0].endswith(".whl"):
                return False
        return True


def write_bundle(root: Path, lines: RequirementSet) -> str:
    """Keep these requirements below `root`; their key. The same ones in another order, or of another project, have the same."""
    root.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=root, prefix="new-"))
    try:
        options = RequirementSet(constraints=sorted(set(lines.constraints)), options=list(dict.fromkeys(lines.options)))
        content = hashlib.sha256()
        for number, line in enumerate(sorted(set(lines.requirements))):
            options.requirements.append(_brought_along(line, work, f"local/{number}"))
        options.options = [
            f"--find-links {_brought_along(option.split(maxsplit=1)[1], work, f'links/{number}')}"
            if re.match(r"(-f|--find-links)\s+/", option)
            else option
            for number, option in enumerate(options.options)
        ]
        (work / "requirements.txt").write_text("".join(f"{line}\n" for line in (*options.options, *options.requirements)), encoding="utf-8")
        (work / "constraints.txt").write_text("".join(f"{line}\n" for line in options.constraints), encoding="utf-8")
        (work / "lines.json").write_text(json.dumps([options.requirements, options.constraints, options.options]), encoding="utf-8")
        for path in sorted(path for path in work.rglob("*") if path.is_file() and not path.is_symlink()):
            content.update(f"{path.relative_to(work).as_posix()}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
        key = content.hexdigest()[:16]
        if not (root / key).exists():
            work.rename(root / key)
        return key
    finally:
        shutil.rmtree(work, ignore_errors=True)


def read_bundle(root: Path, key: str) -> Bundle:
    """The requirements of that key. Raises OSError when they are not there."""
    requirements, constraints, options = json.loads((root / key / "lines.json").read_text(encoding="utf-8"))
    return Bundle(key, root / key, RequirementSet(requirements, constraints, options))


def _brought_along(line: str, work: Path, name: str) -> str:
    """A requirement whose local path, if it is one that is there, was copied to `name` below the bundle's folder, and says so."""
    path, bracket, extras = line.partition("[")
    source = Path(path)
    if not source.is_absolute():
        return line
    place = work / name
    if source.is_dir():
        shutil.copytree(source, place, symlinks=True, ignore=_NOT_COPIED, dirs_exist_ok=True)
    elif source.is_file():
        place.mkdir(parents=True, exist_ok=True)
        name = f"{name}/{source.name}"
        shutil.copy2(source, work / name)
    else:
        return line
    return f"./{name}{bracket}{extras}"
