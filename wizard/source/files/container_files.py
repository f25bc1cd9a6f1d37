"""Which file of the source folder lies where in the container, by the COPY and ADD lines of its Dockerfile."""

from __future__ import annotations

import posixpath
from pathlib import Path, PurePosixPath

from wizard.containers.dockerfile_stages import Instruction
from wizard.source.dockerfile import DockerfileFacts
from wizard.source.project_files import walk


class ContainerFiles:
    """Where a file of the container comes from, and where one of the source folder lies there, by the Dockerfile's COPY and ADD lines."""

    def __init__(self, folder: Path, docker: DockerfileFacts) -> None:
        self._folder = folder
        self._copies = [
            instruction
            for instruction in docker.instructions
            if instruction.name in ("COPY", "ADD") and not from_elsewhere(instruction) and len(instruction.words) > 1
        ]

    @classmethod
    def of_folder(cls, folder: Path, workdir: str) -> ContainerFiles:
        """Those of a folder that lies there as a whole, as where no Dockerfile says otherwise."""
        return cls(folder, DockerfileFacts(instructions=(Instruction("COPY", (".", "."), 0, 0, workdir),)))

    def find(self, path: str) -> Path | None:
        """The file or folder in the source that lies at an absolute path of the container; None when none was copied there."""
        for copy in reversed(self._copies):
            *sources, target = copy.words
            whole = posixpath.normpath(posixpath.join(copy.workdir, target))
            for source in sources:
                match = self._of(source.lstrip("/"), whole, into_folder(copy), path)
                if match is not None and match.exists():
                    return match
        return None

    def below(self, folder: str) -> list[Path]:
        """The files of the source that lie right in a folder of the container."""
        return [path for path in walk(self._folder) if posixpath.dirname(self.place(path) or "") == posixpath.normpath(folder)]

    def place(self, file: Path) -> str | None:
        """The path in the container of a file or folder of the source; None when it was not copied."""
        if not file.is_relative_to(self._folder):
            return None
        name = file.relative_to(self._folder).as_posix()
        for copy in reversed(self._copies):
            *sources, target = copy.words
            whole = posixpath.normpath(posixpath.join(copy.workdir, target))
            for source in (posixpath.normpath(item.lstrip("/") or ".") for item in sources):
                origin = self._folder / source
                if origin.is_dir() and (source == "." or f"{name}/".startswith(f"{source}/")):
                    return posixpath.normpath(posixpath.join(whole, name if source == "." else posixpath.relpath(name, source)))
                if name == source or PurePosixPath(name).match(source):
                    into = into_folder(copy) or "*" in source
                    return posixpath.join(whole, PurePosixPath(name).name) if into else whole
        return None

    def _of(self, source: str, whole: str, into: bool, path: str) -> Path | None:
        origin = self._folder / source
        if origin.is_dir():
            inside = posixpath.relpath(path, whole)
            return None if inside.startswith("..") else origin / inside
        places = [posixpath.join(whole, PurePosixPath(source).name), *([] if into else [whole])]
        if "*" in source or "?" in source:
            return next((item for item in self._folder.glob(source) if posixpath.join(whole, item.name) == path), None)
        return origin if path in places else None


def into_folder(copy: Instruction) -> bool:
    """Whether a file is copied into a folder, under its own name, rather than to a path that is its new name."""
    *sources, target = copy.words
    whole = posixpath.normpath(posixpath.join(copy.workdir, target))
    return target.endswith("/") or posixpath.basename(target) in (".", "..") or len(sources) > 1 or whole == copy.workdir


def from_elsewhere(copy: Instruction) -> bool:
    """Whether a COPY or ADD takes from another stage or the network, not from the folder."""
    return any(flag.startswith("--from") for flag in copy.flags) or any("://" in word for word in copy.words)
