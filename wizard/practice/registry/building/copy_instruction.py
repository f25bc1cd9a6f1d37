"""COPY and ADD: which files they name, and where in the image they go."""

from __future__ import annotations

import posixpath
import re
import tarfile
from collections.abc import Callable
from pathlib import Path

from wizard.containers.copy_sources import clean, has_wildcards
from wizard.containers.dockerfile_rules import is_remote
from wizard.containers.dockerfile_stages import Instruction, inside
from wizard.containers.dockerfile_words import expand
from wizard.practice.kernel.file_tree import FileTree
from wizard.practice.registry.building.archives import UnsafeArchive, unpack
from wizard.practice.registry.building.dockerfiles import BuildError


class NothingThere(BuildError):
    """A source is not there; `path` is its path in what is copied from."""

    def __init__(self, message: str, path: str) -> None:
        super().__init__(message)
        self.path = path


def copy(line: Instruction, origin: FileTree, tree: FileTree, log: Callable[[str], None], *, classic: bool) -> None:
    """Carry out a COPY or ADD line.

    :param origin: the build context, or the file tree of the stage that ``--from`` names.
    :param tree: the image's.
    :raises BuildError: in Docker's words; NothingThere for a source that is not there.
    """
    *words, destination = line.words
    documents = {f"<<{document.name}" for document in line.heredocs}
    written = [word for word in words if re.sub(r"[-\"']", "", word) in documents]
    remote = [word for word in words if is_remote(word)] if line.name == "ADD" else []
    if remote:
        log("practice cloud: nothing is downloaded for ADD")
    sources = [source for word in words if word not in (*written, *remote) for source in _sources(line.name, origin, word)]
    if not sources and not written and not remote:
        raise NothingThere(f"{line.name} failed: no source files were specified", clean(words[0]))
    several = len(sources) + len(written) > 1
    if several and classic and not destination.endswith("/"):
        raise BuildError(f"When using {line.name} with more than one source file, the destination must be a directory and end with a /")
    into_folder = several or destination.endswith("/") or posixpath.basename(destination) in (".", "..")
    target = inside(line.workdir, destination)
    for name, source in sources:
        _place(line, name, source, tree, target, into_folder=into_folder)
    for word, document in zip(written, line.heredocs, strict=False):
        path = posixpath.join(target, document.name) if into_folder or tree.is_folder(target) else target
        content = document.content if re.search(r"[\"']", word) else expand_text(document.content, line)
        with tree.create(path) as file:
            file.write(content.encode())


def expand_text(content: str, line: Instruction) -> str:
    """A here-document with its variables replaced; quotes in it are text."""
    return "\n".join(expand(re.sub(r"([\"'])", r"\\\1", text), line.variables, modern=True) for text in content.split("\n"))


def _place(line: Instruction, name: str, source: Path, tree: FileTree, target: str, *, into_folder: bool) -> None:
    if line.name == "ADD" and source.is_file() and tarfile.is_tarfile(source):
        tree.make_folder(target)
        try:
            unpack(source, tree, target)
        except UnsafeArchive as error:
            raise BuildError(f"ADD failed: {error}") from error
    elif source.is_dir():
        tree.make_folder(target)
        tree.put(source, target)
    else:
        tree.put(source, posixpath.join(target, name) if into_folder or tree.is_folder(target) else target)


def _sources(verb: str, origin: FileTree, word: str) -> list[tuple[str, Path]]:
    """Name and place of what a source names, links followed inside what is copied from; raises BuildError in Docker's words."""
    path = clean(word)
    if path.startswith(".."):
        raise BuildError(f"{verb} failed: forbidden path outside the build context: {word} ()")
    sources = [match.lstrip("/") for match in origin.find(path)] if has_wildcards(path) else [re.sub(r"\\(.)", r"\1", path)]
    for each in sources:
        if not origin.exists(each):
            message = f"{verb} failed: file not found in build context or excluded by .dockerignore: stat {each}: file does not exist"
            raise NothingThere(message, each)
    return [(posixpath.basename(each), origin.path(each)) for each in sources]
