"""Counts what makes code hard to read: class names with two meanings, locals that do not say what they hold, missing docstrings.

``python -m tests.house.names`` prints the three counts and where each case stands.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
ROOTS = ("wizard", "screens", "tests")
NOT_OURS = {"sample", "quickstart", "starter"}
"""Folders with APIs to deploy, which are no part of the program."""
SHARED_CLASSES = {
    "Changed": "Textual's word for the message of a changed value; the widget's name stands before it: `FormRow.Changed`",
    "Blurred": "Textual's word for the message of a lost focus; the widget's name stands before it: `FormRow.Blurred`",
}
"""Class names that several modules may have, each with its reason."""
VAGUE = {"it", "found", "told", "kept", "said", "asked", "given", "made", "wanted", "theirs", "ours"}
"""Words that say what happened to a thing, or nothing, where a noun for the thing should stand."""
MOST_VAGUE = 3.0  # in 1,000 lines
DESCRIBED = ("wizard/engine", "wizard/steps", "wizard/cloud", "wizard/practice")
"""Rooms in which every public function has a docstring."""


class Sighting(NamedTuple):
    """A name and where it stands, as ``file:line``."""

    name: str
    where: str


def files(roots: Iterable[str] = ROOTS) -> Iterator[tuple[str, ast.Module, int]]:
    """Every Python file of ours below `roots`: its path from the checkout, its tree and how many lines it has."""
    for root in roots:
        for path in sorted((ROOT / root).rglob("*.py")):
            if not NOT_OURS & set(path.relative_to(ROOT).parts):
                yield _parsed(path)


@cache
def _parsed(path: Path) -> tuple[str, ast.Module, int]:
    text = path.read_text(encoding="utf-8")
    return path.relative_to(ROOT).as_posix(), ast.parse(text), text.count("\n")


def shared_classes() -> dict[str, list[str]]:
    """Class name -> the files that define it, of all that more than one file defines, nested classes included."""
    homes: dict[str, set[str]] = defaultdict(set)
    for path, tree, _lines in files():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                homes[node.name].add(path)
    return {name: sorted(paths) for name, paths in sorted(homes.items()) if len(paths) > 1}


def vague_locals() -> tuple[list[Sighting], int]:
    """Every binding of a vague word in a function or module, parameters included, and the number of lines that were read."""
    sightings, total = [], 0
    for path, tree, lines in files():
        total += lines
        for node in ast.walk(tree):
            name = _bound_name(node)
            if name in VAGUE:
                sightings.append(Sighting(name, f"{path}:{node.lineno}"))  # type: ignore[attr-defined]
    return sightings, total


def _bound_name(node: ast.AST) -> str:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return node.id
    return node.arg if isinstance(node, ast.arg) else ""


def undescribed_functions() -> list[Sighting]:
    """The public functions, and public methods of public classes, that have no docstring in the rooms where each has one."""
    return [Sighting(name, f"{path}:{line}") for path, tree, _lines in files(DESCRIBED) for name, line in _without_docstring(tree.body, "")]


def _without_docstring(body: list[ast.stmt], outer: str) -> Iterator[tuple[str, int]]:
    for node in body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from _without_docstring(node.body, f"{outer}{node.name}.")
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not node.name.startswith("_") and not ast.get_docstring(node):
            yield f"{outer}{node.name}", node.lineno


def main() -> int:
    """Print the counts and the cases; the exit status is 1 where a count is above its limit."""
    shared = {name: paths for name, paths in shared_classes().items() if name not in SHARED_CLASSES}
    vague, lines = vague_locals()
    undescribed = undescribed_functions()
    density = 1000 * len(vague) / lines
    for name, paths in shared.items():
        print(f"shared class {name}: {', '.join(paths)}")
    for sighting in [*vague, *undescribed]:
        print(f"{sighting.where} {sighting.name}")
    print(f"class names shared across modules: {len(shared)} (beside {len(SHARED_CLASSES)} exceptions with a reason)")
    print(f"vague locals: {len(vague)} in {lines} lines, {density:.2f} in 1,000 (limit {MOST_VAGUE})")
    print(f"public functions without a docstring in {', '.join(DESCRIBED)}: {len(undescribed)}")
    return int(bool(shared or undescribed or density >= MOST_VAGUE))


if __name__ == "__main__":
    sys.exit(main())
