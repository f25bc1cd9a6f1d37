"""The commands of RUN lines that practice carries out itself, in an image's file tree, as GNU's and BusyBox's do in a container."""

from __future__ import annotations

import posixpath
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from wizard.containers.copy_sources import has_wildcards
from wizard.containers.dockerfile_stages import inside
from wizard.practice.kernel.file_tree import FileTree


class CommandFailed(Exception):
    """A command ends with a status other than 0; the text is what it prints."""


class Unrehearsed(Exception):
    """A command needs a file that the base image, or a command that was passed over, may have made."""


@dataclass
class Shell:
    """What a line of shell knows: the file tree, the folder that it is in, the variables.

    :param certain: whether a path that is not in the tree would not be in the image either.
    """

    tree: FileTree
    workdir: str
    variables: dict[str, str]
    certain: Callable[[str], bool]

    def path(self, word: str) -> str:
        """A word as an absolute path of the tree; raises Unrehearsed for another user's home."""
        if re.match(r"~[^/]", word):
            raise Unrehearsed
        return inside(self.workdir, re.sub(r"^~(?=/|$)", "/root", word)) + ("/" if word.endswith("/") else "")

    def files(self, words: list[str]) -> Iterator[str]:
        """The paths that words name, wildcards in what is there replaced."""
        for word in words:
            path = self.path(word)
            paths = self.tree.find(path) if has_wildcards(word) else []
            yield from paths or [path]

    def write(self, word: str, content: bytes, *, add: bool) -> None:
        """Write what a command prints to a file."""
        path = self.path(word)
        here = self.tree.path(path)
        before = here.read_bytes() if add and here.is_file() else b""
        mode = stat.S_IMODE(here.stat().st_mode) if here.is_file() else 0o644
        with self.tree.create(path, mode) as target:
            target.write(before + content)


def options(words: list[str], with_value: str = "", *, known: str) -> tuple[set[str], dict[str, str], list[str]]:
    """The letters and long names of options, values of those that have one, and the other words.

    :param with_value: the letters that have one.
    :param known: the letters and long names that practice carries out; raises Unrehearsed for another.
    """
    letters, *names = known.split()
    flags: set[str] = set()
    values: dict[str, str] = {}
    plain: list[str] = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word == "--":
            plain, rest = [*plain, *rest], []
        elif word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            flags.add(name)
            if equals:
                values[name] = value
        elif re.fullmatch(r"-[A-Za-z].*", word):
            for at, letter in enumerate(word[1:], 1):
                flags.add(letter)
                if letter in with_value:
                    values[letter] = word[at + 1 :] or (rest.pop(0) if rest else "")
                    break
        else:
            plain.append(word)
    if not flags <= {*letters, *names}:
        raise Unrehearsed
    return flags, values, plain


def there(shell: Shell, path: str, word: str = "") -> Path:
    """A file that has to be there."""
    if not shell.tree.exists(path):
        if not shell.certain(path):
            raise Unrehearsed
        raise CommandFailed(f"cannot access '{word or path}': No such file or directory")
    return shell.tree.path(path)


def _make_room(shell: Shell, path: str) -> None:
    """The folder for a new file has to be there, or is one that the base image has."""
    folder = posixpath.dirname(path.rstrip("/"))
    if not shell.tree.is_folder(folder):
        if shell.certain(folder):
            raise CommandFailed(f"cannot create '{path}': No such file or directory")
        shell.tree.make_folder(folder)


def _mkdir(shell: Shell, words: list[str]) -> bytes:
    flags, values, names = options(words, "m", known="pmv parents mode verbose")
    mode = values.get("m") or values.get("mode")
    for name in names:
        path = shell.path(name)
        if not flags & {"p", "parents"}:
            if shell.tree.exists(path):
                raise CommandFailed(f"cannot create directory '{name}': File exists")
            _make_room(shell, path)
        shell.tree.make_folder(path)
        if mode:
            _set_mode(shell.tree.path(path), mode)
    return b""


def _chmod(shell: Shell, words: list[str]) -> bytes | None:
    recursive = False
    while words and (words[0].startswith("--") or re.fullmatch(r"-[Rcvf]+", words[0])):
        recursive |= words[0] == "--recursive" or (not words[0].startswith("--") and "R" in words[0])
        if words[0].startswith("--reference"):
            return None
        words = words[1:]
    if len(words) < 2 or not re.fullmatch(r"[0-7]{1,4}|(?:[ugoa]*(?:[-+=][rwxXst]*)+,?)+", words[0]):
        return None
    for path in shell.files(words[1:]):
        here = there(shell, path)
        for each in [here, *(here.rglob("*") if recursive and here.is_dir() else [])]:
            if not each.is_symlink():
                _set_mode(each, words[0])
    return b""


def _set_mode(here: Path, mode: str) -> None:
    """Set a mode as chmod does, numeric or symbolic; its owner may always read and write, since here that is who carries it all out."""
    before = stat.S_IMODE(here.stat().st_mode)
    after = int(mode, 8) if mode.isdigit() else before
    for who, changes in re.findall(r"([ugoa]*)((?:[-+=][rwxXst]*)+)", "" if mode.isdigit() else mode):
        for sign, letters in re.findall(r"([-+=])([rwxXst]*)", changes):
            executable = here.is_dir() or bool(after & 0o111)
            digit = sum({"r": 4, "w": 2, "x": 1, "X": 1 if executable else 0}.get(letter, 0) for letter in set(letters))
            shifts = [shift for name, shift in (("u", 6), ("g", 3), ("o", 0)) if not who or "a" in who or name in who]
            bits = sum(digit << shift for shift in shifts)
            whole = sum(7 << shift for shift in shifts)
            after = after | bits if sign == "+" else after & ~bits if sign == "-" else (after & ~whole) | bits
    here.chmod(after & 0o777 | (stat.S_IRWXU if here.is_dir() else stat.S_IRUSR | stat.S_IWUSR))


def _cp(shell: Shell, words: list[str]) -> bytes | None:
    known = "rRafpvnLdPTtH recursive archive force preserve verbose no-clobber dereference target-directory no-target-directory"
    flags, values, names = options(words, "t", known=known)
    if flags & {"t", "target-directory"}:
        folder = values.get("t") or values.get("target-directory", "")
        there(shell, shell.path(folder), folder)
        names = [*names, f"{folder}/"]
    recursive = bool(flags & {"r", "R", "a", "recursive", "archive"})
    whole = bool(flags & {"T", "no-target-directory"})
    return _copied(shell, names, recursive=recursive, quiet=bool(flags & {"n", "no-clobber"}), onto=whole)


def _copied(shell: Shell, names: list[str], *, recursive: bool, quiet: bool = False, onto: bool = False) -> bytes | None:
    """Copy files and folders; the folder itself when the last word is a folder that is there, else under that name."""
    if len(names) < 2:
        return None
    target = shell.path(names[-1])
    for source in shell.files(names[:-1]):
        here = there(shell, source)
        if here.is_dir() and not recursive:
            raise CommandFailed(f"-r not specified; omitting directory '{source}'")
        whole = source.endswith("/.")
        name = posixpath.basename(source.rstrip("/"))
        into = shell.tree.is_folder(target) and not whole and not onto
        final = posixpath.join(target, name) if into or (target.endswith("/") and not here.is_dir()) else target
        if f"{shell.tree.path(final)}/".startswith(f"{here}/"):
            raise CommandFailed(f"cannot copy a directory, '{source}', into itself, '{final}'")
        if not (quiet and shell.tree.exists(final)):
            _make_room(shell, final)
            shell.tree.put(here, final)
    return b""


def _mv(shell: Shell, words: list[str]) -> bytes | None:
    _flags, _values, names = options(words, known="fvn force verbose no-clobber")
    sources = list(shell.files(names[:-1]))
    if _copied(shell, names, recursive=True) is None:
        return None
    for source in sources:
        shell.tree.remove(source)
    return b""


def _ln(shell: Shell, words: list[str]) -> bytes | None:
    flags, _values, names = options(words, known="sfnvT symbolic force verbose no-dereference no-target-directory")
    if len(names) not in (1, 2):
        return None
    target = names[0]
    path = shell.path(names[1] if len(names) > 1 else posixpath.basename(target))
    keeps = bool(flags & {"n", "T", "no-dereference", "no-target-directory"})
    if shell.tree.is_folder(path) and not (keeps and shell.tree.path(path, follow=False).is_symlink()):
        path = posixpath.join(path, posixpath.basename(target))
    here = shell.tree.path(path, follow=False)
    if (here.exists() or here.is_symlink()) and not flags & {"f", "force"}:
        raise CommandFailed(f"failed to create link '{path}': File exists")
    if not flags & {"s", "symbolic"}:
        shell.tree.put(there(shell, shell.path(target), target), path)
    else:
        shell.tree.link(target, path)
    return b""


def _touch(shell: Shell, words: list[str]) -> bytes:
    _flags, _values, names = options(words, "drt", known="acdrtm")
    for name in names:
        path = shell.path(name)
        if not shell.tree.exists(path):
            _make_room(shell, path)
            shell.tree.create(path).close()
    return b""


def _rm(shell: Shell, words: list[str]) -> bytes:
    flags, _values, names = options(words, known="rRfvd recursive force verbose dir")
    for path in shell.files(names):
        here = shell.tree.path(path.rstrip("/"), follow=False)
        if not (here.exists() or here.is_symlink()):
            if not flags & {"f", "force"}:
                there(shell, path)
        elif here.is_dir() and not here.is_symlink() and not flags & {"r", "R", "recursive"}:
            raise CommandFailed(f"cannot remove '{path}': Is a directory")
        else:
            shell.tree.remove(path.rstrip("/"))
    return b""


def _rmdir(shell: Shell, words: list[str]) -> bytes:
    for path in shell.files(options(words, known="v verbose")[2]):
        there(shell, path).rmdir()
    return b""


def _install(shell: Shell, words: list[str]) -> bytes | None:
    """``install -d`` makes folders; ``install -m 755 a b`` copies and sets the mode."""
    flags, values, names = options(words, "mog", known="dmogDpvc directory mode owner group verbose")
    if flags & {"d", "directory"}:
        return _mkdir(shell, ["-p", *(["-m", values["m"]] if "m" in values else []), *names])
    if len(names) < 2:
        return None
    if "D" in flags:
        shell.tree.make_folder(posixpath.dirname(shell.path(names[-1])))
    into = shell.tree.is_folder(shell.path(names[-1]))
    _copied(shell, names, recursive=False)
    for name in names[:-1]:
        final = posixpath.join(names[-1], posixpath.basename(name)) if into else names[-1]
        _set_mode(shell.tree.path(shell.path(final)), values.get("m", "755"))
    return b""


def _cd(shell: Shell, words: list[str]) -> bytes | None:
    path = shell.path(words[0]) if words else "/root"
    if words == ["-"]:
        return None
    if not there(shell, path).is_dir():
        raise CommandFailed(f"can't cd to {words[0] if words else path}")
    shell.workdir = path
    return b""


COMMANDS: dict[str, Callable[[Shell, list[str]], bytes | None]] = {
    "mkdir": _mkdir,
    "chmod": _chmod,
    "cp": _cp,
    "mv": _mv,
    "ln": _ln,
    "touch": _touch,
    "rm": _rm,
    "rmdir": _rmdir,
    "install": _install,
    "cd": _cd,
}
"""Each answers what it prints, or None for a form that it does not know; raises CommandFailed, Unrehearsed or OSError."""
