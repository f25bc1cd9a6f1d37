"""The folder an image is built from: what Docker would send of it, its content hash, and the archive for a build in the registry."""

from __future__ import annotations

import gzip
import hashlib
import operator
import os
import re
import stat
import tarfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from wizard.containers.ignore_rules import DockerIgnore
from wizard.platform.language import _
from wizard.source.content_cache import ContentCache, read_digest
from wizard.source.dockerfile import DockerfileError, DockerfileFacts, read_dockerfile
from wizard.source.dockerignore import IgnoreFileError, read_ignore_file
from wizard.source.ignored_folders import LEFT_OUT, LEFT_OUT_ANYWHERE
from wizard.source.project_files import is_environment

SECRET_FILE = re.compile(r"\.env(?!\.(example|sample|template)$)(\..+)?")
"""``.env``, ``.env.prod`` and so on hold secret values, which go to the key vault only."""
HAS_INODES = os.name != "nt"
"""Whether listing a folder tells of a file all that opening it would; Windows leaves its number out."""
_NAME = operator.attrgetter("name")
LARGEST = 8 << 30
"""Bytes of all files: a copy's disk at its largest (https://learn.microsoft.com/azure/container-apps/storage-mounts, ephemeral storage)."""
MADE_AT = 946_684_800  # 2000-01-01: the one time of every entry; zip files, which some builds make, begin at 1980


class SourceError(Exception):
    """The folder cannot be read or packed; the text is a sentence for the person."""


class ContextEntry(NamedTuple):
    """One thing that is sent: a file, a folder without content, or a link (whose target is kept as it is and never followed)."""

    path: str
    kind: str  # file | folder | link
    runnable: bool = False
    size: int = 0
    target: str = ""
    digest: bytes = b""


@dataclass(frozen=True)
class BuildContext:
    """A source folder as a build would get it.

    :param dockerfile: the Dockerfile's path in the archive, for the build's ``docker_file_path``.
    :param entries: what is sent, sorted by path.
    :param hash: the first 12 hex digits of the content's SHA-256: the same for the same content on any machine; empty when it was not read.
    :param problems: sentences about what certainly stops the build or the API.
    :param warnings: sentences about what was left out although Docker would send it.
    """

    folder: Path
    dockerfile: str = ""
    entries: tuple[ContextEntry, ...] = ()
    hash: str = ""
    facts: DockerfileFacts = field(default_factory=DockerfileFacts)
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    outside: Path | None = None  # a Dockerfile that does not lie in the folder
    lacks_dockerfile: bool = False  # there is code, and nothing that says how it becomes an image
    absent: bool = False  # there is no code at all, such as beside a setup file that was written from Azure alone

    @property
    def size(self) -> int:
        """The bytes of all files together, before they are packed."""
        return sum(entry.size for entry in self.entries)

    @property
    def files(self) -> int:
        """How many files are sent."""
        return sum(entry.kind == "file" for entry in self.entries)

    def pack(self, target: Path) -> None:
        """Write the archive (tar.gz) a build reads. The same content gives the same bytes. Raises SourceError."""
        with (
            target.open("wb") as raw,
            gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed,
            tarfile.open(fileobj=packed, mode="w") as archive,
        ):
            for entry in self.entries:
                self._add(archive, entry)

    def _add(self, archive: tarfile.TarFile, entry: ContextEntry) -> None:
        info = tarfile.TarInfo(entry.path)
        info.mtime = MADE_AT
        info.mode = 0o755 if entry.runnable or entry.kind == "folder" else 0o644
        if entry.kind == "folder":
            info.type = tarfile.DIRTYPE
            archive.addfile(info)
        elif entry.kind == "link":
            info.type, info.linkname = tarfile.SYMTYPE, entry.target
            archive.addfile(info)
        else:
            path = self.outside if self.outside and entry.path == self.dockerfile else self.folder / entry.path
            try:
                with path.open("rb") as content:
                    info.size = os.fstat(content.fileno()).st_size
                    archive.addfile(info, content)
            except OSError as error:
                raise SourceError(_unreadable(path, error)) from None


def read(folder: Path, dockerfile: str, leave_out: Collection[Path] = ()) -> BuildContext:
    """What a build of `folder` would get.

    :param dockerfile: the Dockerfile's path relative to the folder, such as ``docker/Dockerfile``.
    :param leave_out: files that are never sent, such as the setup file and the file of secret values.
    Nothing is raised for what the person can mend: it stands in ``problems``.
    """
    if not folder.is_dir():
        problem = _("There is no folder {folder} with your API's code. Correct source in [project] of the setup file.").format(
            folder=folder
        )
        return BuildContext(folder, problems=(problem,))
    path = folder / dockerfile
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return BuildContext(folder, problems=(_("{path} is no file: write your Dockerfile there.").format(path=path),))
    except FileNotFoundError:
        absent, elsewhere = not _holds_code(folder, leave_out), _dockerfile_elsewhere(folder, dockerfile)
        problem = _no_dockerfile(folder / dockerfile, elsewhere)
        return BuildContext(folder, problems=(problem,), absent=absent, lacks_dockerfile=not (absent or elsewhere))
    except OSError:
        pass  # reading it says why
    try:
        facts = read_dockerfile(path)
        return _read(folder, path, facts, leave_out)
    except (DockerfileError, IgnoreFileError, SourceError) as error:
        return BuildContext(folder, problems=(str(error),))


def _holds_code(folder: Path, leave_out: Collection[Path]) -> bool:
    """Whether there is anything that a build might get."""
    never = {_absolute(file) for file in leave_out}
    try:
        return any(not path.name.startswith(".") and _absolute(path) not in never for path in folder.iterdir())
    except OSError:
        return True


def _read(folder: Path, path: Path, facts: DockerfileFacts, leave_out: Collection[Path]) -> BuildContext:
    named = any(
        "node_modules" in word for stage in facts.stages for item in stage.own if item.name in ("COPY", "ADD") for word in item.words
    )
    walk = _Walk(folder, read_ignore_file(folder, path), leave_out, named=named)
    walk.add_below("")
    walk.contents.save()
    inside = _absolute(path).is_relative_to(_absolute(folder))
    name = _absolute(path).relative_to(_absolute(folder)).as_posix() if inside else f"{_file(path, path.name).digest.hex()[:12]}_Dockerfile"
    entries = walk.entries
    if not any(entry.path == name for entry in entries):  # left out by the ignore file, and sent all the same
        entries = sorted([*entries, _file(path, name)], key=lambda entry: entry.path.split("/"))
    sent = tuple(entries)
    return BuildContext(folder, name, sent, _hash(name, sent), facts, facts.problems, tuple(walk.warnings), None if inside else path)


class _Walk:
    """What is sent of a folder.

    :param named: the Dockerfile asks for ``node_modules`` by name; otherwise no API in Python is made of it, and it is not entered.
    """

    def __init__(self, folder: Path, ignore: DockerIgnore, never: Collection[Path], *, named: bool) -> None:
        self.contents = ContentCache(folder)
        self.entries: list[ContextEntry] = []
        self.warnings: list[str] = []
        self._folder, self._root, self._size = folder, str(_absolute(folder)), 0
        self._ignore, self._named = ignore, named
        self._never = {os.path.normcase(_absolute(file)) for file in never}

    def add_below(self, below: str) -> None:
        """Add every entry below a folder that is sent, in order; a folder that is sent is named only when nothing in it is."""
        try:
            with os.scandir(f"{self._root}{os.sep}{below}" if below else self._root) as listing:
                found = sorted(listing, key=_NAME)
        except OSError as error:
            raise SourceError(_unreadable(self._folder / below, error)) from None
        leaves_out = self._ignore.leaves_out if self._ignore.rules else None
        for entry in found:
            name = entry.name
            if name in LEFT_OUT_ANYWHERE or (not below and name in LEFT_OUT):
                continue
            if self._never and os.path.normcase(entry.path) in self._never:
                continue
            relative = f"{below}/{name}" if below else name
            left_out = leaves_out is not None and leaves_out(relative)
            if not (name.isascii() or _is_text(name)):  # no archive that registries and engines read holds such a name
                if not left_out:
                    words = _("{path} is not sent: its name is no UTF-8 text. Give it another name if your API needs it.")
                    self.warnings.append(words.format(path=relative.encode(errors="surrogateescape").decode(errors="replace")))
            elif name[0] == "." and SECRET_FILE.fullmatch(name) and not left_out:
                words = _("{path} may hold passwords: it is not sent. Add {name} to .dockerignore.")
                self.warnings.append(words.format(path=relative, name=name))
            elif entry.is_file(follow_symlinks=False):
                if not left_out:
                    self.entries.append(self._file(entry, relative))
            elif entry.is_symlink():
                if not left_out:
                    self.entries.extend(_link(self._folder, relative, self.warnings))
            elif entry.is_dir():
                self._add_inside(relative, left_out=left_out)

    def _add_inside(self, relative: str, *, left_out: bool) -> None:
        if is_environment(self._folder / relative) or (left_out and not self._ignore.includes_again):
            return
        if relative.rpartition("/")[2] == "node_modules" and not self._named:
            if not left_out:
                words = _("{path} is not sent: no API in Python is made of it. To send it all the same, let COPY name it.")
                self.warnings.append(words.format(path=relative))
            return
        before = len(self.entries)
        self.add_below(relative)
        if len(self.entries) == before and not left_out:
            self.entries.append(ContextEntry(relative, "folder"))

    def _file(self, entry: os.DirEntry[str], relative: str) -> ContextEntry:
        try:
            status = entry.stat(follow_symlinks=False) if HAS_INODES else Path(entry.path).stat()
            self._size += status.st_size
            if self._size > LARGEST:  # not read at all
                raise SourceError(_too_large(self._folder, relative))
            digest = self.contents.digest(entry.path, relative, status)
        except OSError as error:
            raise SourceError(_unreadable(self._folder / relative, error)) from None
        return ContextEntry(relative, "file", status.st_mode & stat.S_IXUSR != 0, status.st_size, "", digest)


def _is_text(name: str) -> bool:
    """Whether the bytes of a file's name are UTF-8; Python holds those that are not as lone surrogates."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _link(folder: Path, relative: str, warnings: list[str]) -> Iterator[ContextEntry]:
    target = (folder / relative).readlink()
    lands = Path(os.path.normpath(Path(relative).parent / target))
    if target.is_absolute() or lands.parts[:1] == (os.pardir,):
        warnings.append(_("{path} is a link to something outside the folder: it is not sent.").format(path=relative))
    else:
        yield ContextEntry(relative, "link", target=target.as_posix())


def _file(path: Path, relative: str) -> ContextEntry:
    try:
        digest, status = read_digest(str(path))
    except OSError as error:
        raise SourceError(_unreadable(path, error)) from None
    return ContextEntry(relative, "file", bool(status.st_mode & stat.S_IXUSR), status.st_size, digest=digest)


def _absolute(path: Path) -> Path:
    """The path from the root, without ``..`` and with links as they are."""
    return Path(os.path.normpath(path.absolute()))


def _hash(dockerfile: str, entries: tuple[ContextEntry, ...]) -> str:
    lines = (
        f"\0{path}\0{kind}\0{'x' if runnable else '-'}\0{target}\0".encode(errors="surrogateescape") + digest
        for path, kind, runnable, _size, target, digest in entries
    )
    return hashlib.sha256(dockerfile.encode() + b"".join(lines)).hexdigest()[:12]


def _too_large(folder: Path, relative: str) -> str:
    begin = _("{folder} holds more than {limit} GB up to {path}, and no copy of your API has room for that.")
    words = begin + " " + _("Name what it does without in .dockerignore.")
    return words.format(folder=folder, limit=LARGEST >> 30, path=relative)


def _unreadable(path: Path, error: OSError) -> str:
    return _("{path} cannot be read: {reason}. Give yourself the right to read it, or name it in .dockerignore.").format(
        path=path, reason=error.strerror
    )


def _dockerfile_elsewhere(folder: Path, dockerfile: str) -> str:
    """Another usual place where there is one; ""."""
    return next((name for name in ("Dockerfile", "docker/Dockerfile") if name != dockerfile and (folder / name).is_file()), "")


def _no_dockerfile(path: Path, elsewhere: str) -> str:
    if elsewhere:
        return _('There is no Dockerfile at {path}, but there is one at {other}. Write dockerfile = "{other}" in [pipeline].').format(
            path=path, other=elsewhere
        )
    return _(
        "There is no Dockerfile at {path}. It says how your code becomes an image: write one there, "
        'or say in [pipeline] where it is: dockerfile = "docker/Dockerfile".'
    ).format(path=path)
