"""From which folder of a project its modules are imported: the folder itself, ``src``, ``backend``, or where Django's manage.py lies."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

from wizard.source.python_source import parse_python, read_python


def import_root(folder: Path, path: Path) -> Path:
    """The folder that has to be on Python's path for a file of the project to find what it imports.

    Where its imports do not tell, the project's own folder, or ``src`` in it where that is no package.
    """
    parents = [parent for parent in reversed(path.parents) if parent == folder or folder in parent.parents]
    dotted = [at for at, parent in enumerate(parents) if at and "." in parent.name]  # no part of a module's name holds a dot
    parents = parents[dotted[-1] :] if dotted else parents
    with_manage = [parent for parent in parents if b"django" in (read_python(parent / "manage.py") or b"")]
    if with_manage:
        return with_manage[-1]
    source = folder / "src"
    usual = source if source in parents and not (source / "__init__.py").is_file() else next(iter(parents), folder)
    if len(parents) < 2:
        return usual
    names = _absolute_imports(path)
    counted = {parent: sum(_holds(parent, name) for name in names) for parent in parents}
    best = max(counted.values(), default=0)
    return usual if counted[usual] == best else next(parent for parent in parents if counted[parent] == best)


def _absolute_imports(path: Path) -> set[str]:
    """The first parts of what a file imports from elsewhere than Python's own library."""
    tree = parse_python(path)
    names: set[str] = set()
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.partition(".")[0])
    return {name for name in names if name not in sys.stdlib_module_names}


def _holds(folder: Path, name: str) -> bool:
    """Whether a module or package of that name lies in a folder."""
    package = folder / name
    return (folder / f"{name}.py").is_file() or (package.is_dir() and any(any(package.glob(depth)) for depth in ("*.py", "*/*.py")))
