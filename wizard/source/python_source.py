"""Python files, parsed once for all readers and within limits: nothing a person keeps in a folder may hang or break a reader."""

from __future__ import annotations

import ast
import hashlib
import re
import warnings
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Lock

LARGEST = 256 << 10
"""Bytes; a Python file beyond 256 KiB is data. Dense data of that size takes most of a second to parse."""
DEEPEST = 90
"""Brackets within brackets; CPython's own parser ends at 200, and takes seconds on the way there."""
LONGEST_CHAIN = 2000
"""Operators in one statement: ``ast`` builds one nested node for each and then fails, by its recursion limit."""
ATTEMPTS = 3
KEPT = 128
"""Trees that are kept, the last used ones, by the digest of their text."""

_trees: OrderedDict[bytes, ast.Module | None] = OrderedDict()
_parsing = Lock()
_lock = Lock()
BRACKETS = re.compile(rb"[()\[\]{}]")


def parse_python(path: Path) -> ast.Module | None:
    """The tree of a Python file; None for what is no Python, cannot be read, or is too large or too deep to be code."""
    content = read_python(path)
    return None if content is None else parse(content)


def read_python(path: Path) -> bytes | None:
    """The bytes of a Python file; None for one that cannot be read or is larger than `LARGEST`."""
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            return None
        return path.read_bytes()
    except OSError:
        return None


def parse(content: bytes) -> ast.Module | None:
    """The tree of a Python text, from the last ones parsed where it is among them."""
    digest = hashlib.blake2b(content, digest_size=16).digest()
    with _lock:
        if digest in _trees:
            _trees.move_to_end(digest)
            return _trees[digest]
    tree = _parsed(content)
    with _lock:
        _trees[digest] = tree
        while len(_trees) > KEPT:
            _trees.popitem(last=False)
    return tree


def _parsed(content: bytes) -> ast.Module | None:
    if _too_deep(content):
        return None
    try:
        return parse_strictly(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def parse_strictly(content: bytes) -> ast.Module:
    """The tree of a Python text, however deep; raises what `ast.parse` raises.

    One at a time: before 3.11.8 all share the counter of ast's depth, and two at once fail with SystemError (gh-106905). The garbage
    collector may also begin a second one in the midst of the first, when it logs a traceback, whose marks are found by parsing.
    """
    with _parsing, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a person's invalid escapes are no matter of ours
        for _attempt in range(ATTEMPTS - 1):
            with suppress(SystemError):
                return ast.parse(content)
        return ast.parse(content)


def _too_deep(content: bytes) -> bool:
    depth = 0
    for bracket in BRACKETS.finditer(content):
        depth = depth + 1 if bracket[0] in b"([{" else max(depth - 1, 0)
        if depth > DEEPEST:
            return True
    return any(len(line) > LONGEST_CHAIN and _chained(line) > LONGEST_CHAIN for line in content.split(b"\n"))


def _chained(line: bytes) -> int:
    return len(re.findall(rb"[-+*/%|&^~.]", line))


def name_of(node: ast.AST | None) -> str:
    """The last part of a dotted name: ``environ`` for ``os.environ``; "" for anything else."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def dotted(node: ast.AST | None) -> str:
    """A dotted name as it is written, such as ``os.path.join``; "" for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([node.id, *reversed(parts)])


def import_origins(tree: ast.Module) -> dict[str, str]:
    """The names that a module imports -> what they are where they come from, such as ``waitress.serve`` or ``.models.db``."""
    origins: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            origins |= {alias.asname or alias.name: f"{module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                origins[alias.asname or first] = alias.name if alias.asname else first
    return origins


def text_of(node: ast.AST | None) -> str | None:
    """The value of a string that is written out; None for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def keyword(call: ast.Call, *names: str) -> ast.expr | None:
    """The value of a keyword argument."""
    return next((word.value for word in call.keywords if word.arg in names), None)


def argument(call: ast.Call, position: int, *names: str) -> ast.expr | None:
    """An argument by its position, or by its name."""
    if position < len(call.args) and not any(isinstance(value, ast.Starred) for value in call.args[: position + 1]):
        return call.args[position]
    return keyword(call, *names)


def is_main_guard(node: ast.stmt) -> bool:
    """``if __name__ == "__main__":``."""
    return isinstance(node, ast.If) and any(isinstance(part, ast.Name) and part.id == "__name__" for part in ast.walk(node.test))


def top_statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run at import, those inside ``if``, ``try`` and ``with`` too, but not under ``__main__``."""
    for node in body:
        yield node
        if isinstance(node, ast.If) and not is_main_guard(node):
            yield from top_statements([*node.body, *node.orelse])
        elif isinstance(node, ast.Try):
            yield from top_statements([*node.body, *node.orelse, *node.finalbody])
            for handler in node.handlers:
                yield from top_statements(handler.body)
        elif isinstance(node, ast.With):
            yield from top_statements(node.body)
