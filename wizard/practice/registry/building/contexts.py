"""The folder that is sent to a build: what of it goes along, its Dockerfile, and where it is built."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import pathspec

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.registry.building import dockerfiles
from wizard.practice.registry.building import image_builder as assembly


def build(
    source: Path, text: str, work: Path, say: assembly.Log, arguments: dict[str, str] | None = None, target: str = ""
) -> assembly.BuiltStage:
    """Build as ``docker build`` does, with the folder `source` as build context, whose ``.dockerignore`` is honoured.

    :param text: the Dockerfile, which need not lie in the context.
    :param work: a folder where the copy of the context and the stages are made, below a new folder for each build.
    Raises `dockerfiles.BuildError`.
    """
    folder = Path(tempfile.mkdtemp(dir=work))
    context, stages = folder / "context", folder / "stages"
    shutil.copytree(source, context, ignore=_ignoring(source), symlinks=True)
    stages.mkdir()
    return assembly.assemble(context, text, arguments or {}, stages, say, target=target, classic=False)


def temporary_folder(cloud: PracticeCloud) -> tempfile.TemporaryDirectory[str]:
    """A folder to build in, on the file system where images lie; a context manager."""
    parent = cloud.home / "builds"
    parent.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryDirectory(dir=parent, ignore_cleanup_errors=True)


def clear_temporary(cloud: PracticeCloud) -> None:
    """Remove what a killed practice cloud left half built."""
    shutil.rmtree(cloud.home / "builds", ignore_errors=True)


def read_dockerfile(context: Path, path: str) -> str:
    """The text of a Dockerfile in a build context; raises BuildError in Docker's words."""
    file = context / path
    if not file.resolve().is_relative_to(context.resolve()) or not file.is_file():
        raise dockerfiles.BuildError(
            f"unable to prepare context: unable to evaluate symlinks in Dockerfile path: lstat {path}: no such file or directory"
        )
    text = file.read_text(encoding="utf-8", errors="replace")
    if not text.strip():
        raise dockerfiles.BuildError(f"the Dockerfile ({path}) cannot be empty")
    return text


def _ignoring(source: Path) -> Any:
    """What ``shutil.copytree`` leaves out for a ``.dockerignore``, whose patterns all begin at its own folder."""
    file = source / ".dockerignore"
    lines = [line.strip() for line in file.read_text().splitlines()] if file.is_file() else []
    patterns = [_anchored(line) for line in lines if line and not line.startswith("#")]
    spec = pathspec.GitIgnoreSpec.from_lines(patterns)

    def ignored(directory: str, names: list[str]) -> list[str]:
        relative = Path(directory).relative_to(source)
        return [name for name in names if spec.match_file((relative / name).as_posix())]

    return ignored


def _anchored(pattern: str) -> str:
    negated, rest = (pattern[:1] == "!") * "!", pattern.lstrip("!").strip()
    return f"{negated}{rest}" if rest.startswith("**/") else f"{negated}/{rest.removeprefix('/').removeprefix('./')}"
