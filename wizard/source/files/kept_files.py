"""What an API keeps in files beside SQLite: uploads, small databases in a file or a folder, and files that it opens to write."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from wizard.source.files.path_expressions import PathReader
from wizard.source.python_source import argument, dotted, import_origins, keyword, name_of, text_of

RELEVANT = re.compile(rb"duckdb|TinyDB|shelve|PersistentClient|lmdb|pickledb|UPLOAD|MEDIA_ROOT|open\s*\(|write_(text|bytes)")
STORES = {
    "duckdb.connect": (0, "database"),
    "tinydb.TinyDB": (0, "path"),
    "shelve.open": (0, "filename"),
    "pickledb.load": (0, "location"),
    "pickledb.PickleDB": (0, "location"),
}
"""What opens a database in one file, and where it is told which."""
STORE_FOLDERS = {"chromadb.PersistentClient": (0, "path"), "lmdb.open": (0, "path"), "lmdb.Environment": (0, "path")}
"""The same for a folder."""
UPLOADS = re.compile(r"UPLOADS?_(FOLDER|DIR|DIRECTORY|PATH|ROOT)|UPLOADED_\w+_DEST|UPLOADS_DEFAULT_DEST|MEDIA_ROOT|(UPLOAD|MEDIA)_DIR")
WRITING = re.compile(r"[rbt]*[wax+][wbta+]*")
IN_MEMORY = (":memory:", "")


@dataclass(frozen=True)
class KeptFile:
    """A file or a folder that an API writes to.

    :param written: how the code says it.
    :param folder: where it lies, absolute in the container: for a file the folder that holds it.
    :param where: file and line.
    :param locks: it is a database that locks its file, which a share does with nobrl only.
    :param meant_to_last: it is a place for what people send, or a database; otherwise a file that is opened to write.
    """

    written: str
    folder: str
    where: str
    meant_to_last: bool = True
    locks: bool = False


def kept_files(paths: PathReader, name: str) -> Iterator[KeptFile]:
    """Those of one module whose place is known.

    :param name: its path in the project.
    """
    origins = import_origins(paths.tree)
    for node in ast.walk(paths.tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(UPLOADS.fullmatch(_key(target)) for target in targets):
                yield from _folder(paths, node.value, name)
        elif isinstance(node, ast.keyword) and node.arg and UPLOADS.fullmatch(node.arg):
            yield from _folder(paths, node.value, name)
        elif isinstance(node, ast.Call):
            yield from _called(paths, node, origins, name)


def _key(target: ast.expr) -> str:
    return (text_of(target.slice) or "") if isinstance(target, ast.Subscript) else name_of(target)


def _called(paths: PathReader, call: ast.Call, origins: dict[str, str], name: str) -> Iterator[KeptFile]:
    first, _dot, rest = dotted(call.func).partition(".")
    whole = f"{origins.get(first, first)}{'.' + rest if rest else ''}"
    read_only = keyword(call, "read_only")
    if whole in STORES and not (isinstance(read_only, ast.Constant) and read_only.value is True):
        yield from (replace(one, locks=True) for one in _file(paths, argument(call, *STORES[whole]), name))
    elif whole in STORE_FOLDERS:
        yield from (replace(one, locks=True) for one in _folder(paths, argument(call, *STORE_FOLDERS[whole]), name))
    elif whole == "open" or (isinstance(call.func, ast.Attribute) and call.func.attr == "open" and first not in origins):
        mode = text_of(argument(call, 1 if whole == "open" else 0, "mode"))
        if mode and WRITING.fullmatch(mode):
            yield from _file(paths, call.args[0] if whole == "open" else getattr(call.func, "value", None), name, meant_to_last=False)
    elif isinstance(call.func, ast.Attribute) and call.func.attr in ("write_text", "write_bytes"):
        yield from _file(paths, call.func.value, name, meant_to_last=False)


def _file(paths: PathReader, node: ast.expr | None, name: str, *, meant_to_last: bool = True) -> Iterator[KeptFile]:
    text = paths.text(node)
    if node is not None and text is not None and _is_path(text):
        whole = posixpath.normpath(posixpath.join(paths.around.workdir, text))
        yield KeptFile(text, posixpath.dirname(whole), f"{name}:{node.lineno}", meant_to_last)


def _folder(paths: PathReader, node: ast.expr | None, name: str) -> Iterator[KeptFile]:
    text = paths.text(node)
    if node is not None and text is not None and _is_path(text):
        yield KeptFile(text, posixpath.normpath(posixpath.join(paths.around.workdir, text)), f"{name}:{node.lineno}")


def _is_path(text: str) -> bool:
    return text not in IN_MEMORY and "\0" not in text and "://" not in text and not text.startswith(("/dev/", "/proc/", "md:"))
