"""The folder that is sent to a build: what of it goes along, its Dockerfile, and where it is built."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from wizard.containers.ignore_rules import UnreadablePattern, read_rules
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


def _ignoring(source: Path) -> Callable[[str, list[str]], list[str]]:
    """What ``shutil.copytree`` leaves out for a ``.dockerignore``. Raises BuildError, in Docker's words, for a line that Docker refuses."""
    file = source / ".dockerignore"
    try:
        rules = read_rules(file.read_text(encoding="utf-8-sig", errors="replace") if file.is_file() else "")
    except UnreadablePattern:
        raise dockerfiles.BuildError("error checking context: syntax error in pattern") from None

    def stays(path: Path) -> bool:
        """Whether nothing of it is sent: of a folder that is left out a later rule may send something after all."""
        if not rules.leaves_out(path.relative_to(source).as_posix()):
            return False
        is_folder = path.is_dir() and not path.is_symlink()
        return not (is_folder and rules.includes_again) or all(map(stays, path.iterdir()))

    return lambda directory, names: [name for name in names if stays(Path(directory) / name)]
