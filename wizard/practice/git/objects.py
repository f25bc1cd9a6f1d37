"""Git repositories of the practice Azure DevOps and GitHub: real objects in Git's own format, which ``git log`` and ``git fsck`` read."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

NO_COMMIT = "0" * 40  # what a ref that does not exist points to
_REF = re.compile(r"refs/heads/(?!.*(\.\.|//|/\.|\.lock(/|$)))[A-Za-z0-9][A-Za-z0-9._/-]*(?<![/.])")
FILE, RUNNABLE, LINK = "100644", "100755", "120000"
_FOLDER = "40000"


class GitError(Exception):
    """A name that Git cannot have, or an object that is not there."""


@dataclass(frozen=True)
class Blob:
    """A file of a commit: its object id, and whether it is a `FILE`, can be run (`RUNNABLE`) or is a `LINK`."""

    id: str
    mode: str = FILE


@dataclass(frozen=True)
class Commit:
    """A commit as it was read."""

    id: str
    tree: str
    parents: tuple[str, ...]
    author: str
    time: int
    comment: str


class Repository:
    """One bare repository in a folder of its own, made on first use."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        if not (folder / "HEAD").exists():
            (folder / "objects").mkdir(parents=True, exist_ok=True)
            (folder / "refs" / "heads").mkdir(parents=True, exist_ok=True)
            (folder / "config").write_text("[core]\n\trepositoryformatversion = 0\n\tbare = true\n", encoding="ascii")
            (folder / "HEAD").write_text("ref: refs/heads/main\n", encoding="ascii")

    def head(self, ref: str) -> str | None:
        """The commit that ``refs/heads/main`` names, or None; raises GitError for what is no branch's name."""
        file = self._ref_file(ref)
        return file.read_text(encoding="ascii").strip() if file.is_file() else None

    def refs(self) -> dict[str, str]:
        """Every branch and its commit."""
        heads = self._folder / "refs" / "heads"
        files = sorted(file for file in heads.rglob("*") if file.is_file())
        return {file.relative_to(self._folder).as_posix(): file.read_text(encoding="ascii").strip() for file in files}

    def set_head(self, ref: str, commit: str | None) -> None:
        """Let a branch name another commit, or remove it."""
        file = self._ref_file(ref)
        if commit is None:
            file.unlink(missing_ok=True)
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{commit}\n", encoding="ascii")

    def files(self, commit: str) -> dict[str, Blob]:
        """Path -> file of a commit."""
        entries = self.tree(self.commit(commit).tree, recursive=True)
        return {path: blob for path, blob in entries if blob.mode != _FOLDER}

    def content(self, blob: str) -> bytes:
        """The bytes of a file. Raises GitError."""
        return self._read(blob, "blob")

    def commit(self, commit: str) -> Commit:
        """A commit by its id. Raises GitError."""
        head, _, comment = self._read(commit, "commit").decode("utf-8", "replace").partition("\n\n")
        lines = [line.partition(" ")[::2] for line in head.splitlines()]
        author, time, _zone = next(value for name, value in lines if name == "author").rsplit(" ", 2)
        parents = tuple(value for name, value in lines if name == "parent")
        return Commit(commit, dict(lines)["tree"], parents, author, int(time), comment)

    def add_file(self, content: bytes) -> str:
        """Keep a file's content; its object id."""
        return self._write("blob", content)

    def add_commit(self, files: Mapping[str, Blob], parents: tuple[str, ...], author: str, time: int, comment: str) -> str:
        """Write a commit of that file tree.

        :param author: ``Name <address>``.
        :param time: seconds since the epoch.
        """
        return self.add_commit_of(self.add_tree(files), parents, author, time, comment)

    def add_commit_of(self, tree: str, parents: tuple[str, ...], author: str, time: int, comment: str) -> str:
        """Write a commit of a tree that is there. Raises GitError."""
        self._read(tree, "tree")
        signed = f"{author} {time} +0000"
        head = [f"tree {tree}", *(f"parent {parent}" for parent in parents), f"author {signed}", f"committer {signed}"]
        return self._write("commit", ("\n".join(head) + f"\n\n{comment}").encode())

    def check_out(self, commit: str, folder: Path) -> None:
        """Write the files of a commit below `folder`; its links last, so that nothing is written through them."""
        for path, blob in sorted(self.files(commit).items(), key=lambda item: item[1].mode == LINK):
            file, content = folder / path, self.content(blob.id)
            file.parent.mkdir(parents=True, exist_ok=True)
            if blob.mode == LINK:
                file.symlink_to(content.decode("utf-8", "surrogateescape"))
                continue
            file.write_bytes(content)
            file.chmod(0o755 if blob.mode == RUNNABLE else 0o644)

    def history(self, commit: str, most: int) -> list[Commit]:
        """That commit and those before it, the newest first, at most so many. Raises GitError."""
        found = {commit: self.commit(commit)}
        ahead = [found[commit]]
        listed: list[Commit] = []
        while ahead and len(listed) < most:
            newest = max(ahead, key=lambda it: it.time)
            ahead.remove(newest)
            listed.append(newest)
            for parent in newest.parents:
                if parent not in found:
                    found[parent] = self.commit(parent)
                    ahead.append(found[parent])
        return listed

    def last_changes(self, commit: str) -> dict[str, str]:
        """Path -> the commit that last changed the file, as ``git log`` finds it: a merge that took a side's version changed nothing."""
        trees: dict[str, tuple[tuple[str, ...], dict[str, Blob]]] = {}

        def known(at: str) -> tuple[tuple[str, ...], dict[str, Blob]]:
            if at not in trees:
                trees[at] = self.commit(at).parents, self.files(at)
            return trees[at]

        def last(path: str, blob: Blob) -> str:
            at = commit
            while (same := next((name for name in known(at)[0] if known(name)[1].get(path) == blob), None)) is not None:
                at = same
            return at

        return {path: last(path, blob) for path, blob in self.files(commit).items()}

    def add_tree(self, files: Mapping[str, Blob]) -> str:
        """Write a tree of those files; its object id."""
        entries: list[tuple[str, str, str]] = []  # what Git sorts by, mode and name, object id
        folders: dict[str, dict[str, Blob]] = {}
        for path, blob in files.items():
            first, slash, rest = path.partition("/")
            if slash:
                folders.setdefault(first, {})[rest] = blob
            else:
                entries.append((first, f"{blob.mode} {first}", blob.id))
        entries += [(f"{name}/", f"{_FOLDER} {name}", self.add_tree(inner)) for name, inner in folders.items()]
        ordered = sorted(entries, key=lambda entry: entry[0].encode())
        return self._write("tree", b"".join(named.encode() + b"\0" + bytes.fromhex(object_id) for _, named, object_id in ordered))

    def tree(self, tree: str, *, recursive: bool) -> list[tuple[str, Blob]]:
        """Path and object of each entry of a tree, folders (mode 40000) before what is in them. Raises GitError."""
        found: list[tuple[str, Blob]] = []
        for name, entry in self._entries(tree):
            found.append((name, entry))
            if recursive and entry.mode == _FOLDER:
                found += [(f"{name}/{path}", inner) for path, inner in self.tree(entry.id, recursive=True)]
        return found

    def _entries(self, tree: str) -> Iterator[tuple[str, Blob]]:
        rest = self._read(tree, "tree")
        while rest:
            named, _, rest = rest.partition(b"\0")
            object_id, rest = rest[:20].hex(), rest[20:]
            mode, _, name = named.decode().partition(" ")
            yield name, Blob(object_id, mode)

    def _write(self, kind: str, content: bytes) -> str:
        whole = f"{kind} {len(content)}\0".encode() + content
        object_id = hashlib.sha1(whole, usedforsecurity=False).hexdigest()
        file = self._object(object_id)
        if not file.exists():
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(zlib.compress(whole))
        return object_id

    def _read(self, object_id: str, kind: str) -> bytes:
        file = self._object(object_id) if re.fullmatch(r"[0-9a-f]{40}", object_id) else None
        if file is None or not file.is_file():
            raise GitError(f"there is no object {object_id}")
        head, _, content = zlib.decompress(file.read_bytes()).partition(b"\0")
        if head.partition(b" ")[0] != kind.encode():
            raise GitError(f"the object {object_id} is no {kind}")
        return content

    def _object(self, object_id: str) -> Path:
        return self._folder / "objects" / object_id[:2] / object_id[2:]

    def _ref_file(self, ref: str) -> Path:
        if not _REF.fullmatch(ref):
            raise GitError(f"{ref} is no name of a branch")
        return self._folder / ref


def clean_path(path: str) -> str:
    """``app/run.py`` for an item's path ``/app/run.py``; raises GitError for one that Git refuses."""
    parts = path.strip("/").split("/")
    if not path or any(part in ("", ".", "..") or part.lower() == ".git" or "\0" in part or "\\" in part for part in parts):
        raise GitError(f"{path} is no path of a file")
    return "/".join(parts)
