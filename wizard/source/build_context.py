"""The folder an image is built from: what Docker would send of it, its content hash, and the archive for a build in the registry."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import stat
import tarfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from wizard.platform.language import _
from wizard.source.dockerfile import DockerfileError, DockerfileFacts, read_dockerfile
from wizard.source.dockerignore import DockerIgnore, IgnoreFileError, read_ignore_file
from wizard.source.ignored_folders import LEFT_OUT, LEFT_OUT_ANYWHERE
from wizard.source.project_files import is_environment

SECRET_FILE = re.compile(r"\.env(?!\.(example|sample|template)$)(\..+)?")
"""``.env``, ``.env.prod`` and so on hold secret values, which go to the key vault only."""
MADE_AT = 946_684_800  # 2000-01-01: the one time of every entry; zip files, which some builds make, begin at 1980
CHUNK = 1 << 20


class SourceError(Exception):
    """The folder cannot be read or packed; the text is a sentence for the person."""


@dataclass(frozen=True)
class ContextEntry:
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
        return BuildContext(folder, problems=(_no_dockerfile(folder, dockerfile),), absent=not _holds_code(folder, leave_out))
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
    warnings: list[str] = []
    never = {_absolute(file) for file in leave_out}
    named = any(
        "node_modules" in word for stage in facts.stages for item in stage.own if item.name in ("COPY", "ADD") for word in item.words
    )
    entries = {entry.path: entry for entry in _walk(folder, "", read_ignore_file(folder, path), never, warnings, named=named)}
    inside = _absolute(path).is_relative_to(_absolute(folder))
    name = _absolute(path).relative_to(_absolute(folder)).as_posix() if inside else f"{_file(path, path.name).digest.hex()[:12]}_Dockerfile"
    entries[name] = _file(path, name)
    ordered = tuple(entries[key] for key in sorted(entries, key=lambda key: key.split("/")))
    return BuildContext(folder, name, ordered, _hash(name, ordered), facts, facts.problems, tuple(warnings), None if inside else path)


def _walk(
    folder: Path, below: str, ignore: DockerIgnore, never: Collection[Path], warnings: list[str], *, named: bool
) -> Iterator[ContextEntry]:
    """Every entry below a folder that is sent; a folder that is sent is named only when nothing in it is.

    :param named: the Dockerfile asks for ``node_modules`` by name; otherwise no API in Python is made of it, and it is not entered.
    """
    try:
        names = sorted(path.name for path in (folder / below).iterdir())
    except OSError as error:
        raise SourceError(_unreadable(folder / below, error)) from None
    for name in names:
        relative = f"{below}/{name}" if below else name
        path = folder / relative
        if _absolute(path) in never or name in LEFT_OUT_ANYWHERE or (not below and name in LEFT_OUT):
            continue
        left_out = ignore.leaves_out(relative)
        if SECRET_FILE.fullmatch(name) and not left_out:
            warnings.append(_("{path} may hold passwords: it is not sent. Add {name} to .dockerignore.").format(path=relative, name=name))
        elif path.is_symlink():
            if not left_out:
                yield from _link(folder, relative, warnings)
        elif path.is_dir():
            if is_environment(path) or (left_out and not ignore.includes_again):
                continue
            if name == "node_modules" and not named:
                if not left_out:
                    words = _("{path} is not sent: no API in Python is made of it. To send it all the same, let COPY name it.")
                    warnings.append(words.format(path=relative))
                continue
            inner = list(_walk(folder, relative, ignore, never, warnings, named=named))
            yield from inner or ([] if left_out else [ContextEntry(relative, "folder")])
        elif not left_out and path.is_file():
            yield _file(path, relative)


def _link(folder: Path, relative: str, warnings: list[str]) -> Iterator[ContextEntry]:
    target = (folder / relative).readlink()
    lands = Path(os.path.normpath(Path(relative).parent / target))
    if target.is_absolute() or lands.parts[:1] == (os.pardir,):
        warnings.append(_("{path} is a link to something outside the folder: it is not sent.").format(path=relative))
    else:
        yield ContextEntry(relative, "link", target=target.as_posix())


def _file(path: Path, relative: str) -> ContextEntry:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as content:
            about = os.fstat(content.fileno())
            while chunk := content.read(CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise SourceError(_unreadable(path, error)) from None
    return ContextEntry(relative, "file", bool(about.st_mode & stat.S_IXUSR), about.st_size, digest=digest.digest())


def _absolute(path: Path) -> Path:
    """The path from the root, without ``..`` and with links as they are."""
    return Path(os.path.normpath(path.absolute()))


def _hash(dockerfile: str, entries: tuple[ContextEntry, ...]) -> str:
    whole = hashlib.sha256(dockerfile.encode())
    for entry in entries:
        line = f"\0{entry.path}\0{entry.kind}\0{'x' if entry.runnable else '-'}\0{entry.target}\0".encode(errors="surrogateescape")
        whole.update(line + entry.digest)
    return whole.hexdigest()[:12]


def _unreadable(path: Path, error: OSError) -> str:
    return _("{path} cannot be read: {reason}. Give yourself the right to read it, or name it in .dockerignore.").format(
        path=path, reason=error.strerror
    )


def _no_dockerfile(folder: Path, dockerfile: str) -> str:
    elsewhere = [name for name in ("Dockerfile", "docker/Dockerfile") if name != dockerfile and (folder / name).is_file()]
    if elsewhere:
        return _('There is no Dockerfile at {path}, but there is one at {other}. Write dockerfile = "{other}" in [pipeline].').format(
            path=folder / dockerfile, other=elsewhere[0]
        )
    return _(
        "There is no Dockerfile at {path}. It says how your code becomes an image: write one there, "
        'or say in [pipeline] where it is: dockerfile = "docker/Dockerfile".'
    ).format(path=folder / dockerfile)
