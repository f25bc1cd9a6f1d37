"""What reads variables in one module of a project and is called from others: functions that are given a name, readers of libraries."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Helper:
    """A function that reads the variable it is given the name of: ``def env(name, default=None): return os.environ.get(name, default)``.

    :param module: the last part of what it is imported from.
    :param owner: the class that it is a method of; "" for none.
    :param default_named: its parameter that takes a default; "" for none.
    :param required: it ends without the variable.
    """

    name: str
    module: str
    owner: str = ""
    default_named: str = ""
    required: bool = False
    default: str | None = None


@dataclass(frozen=True)
class SharedReader:
    """An object of a settings library, such as ``env = Env()`` or ``settings = Dynaconf()``.

    :param module: the last part of what it is imported from.
    :param kind: as in `module_names.READERS`.
    :param prefix: what stands before every variable that it reads.
    """

    name: str
    module: str
    kind: str
    prefix: str = ""


@dataclass(frozen=True)
class Shared:
    """What a project's modules offer each other."""

    helpers: tuple[Helper, ...] = ()
    readers: tuple[SharedReader, ...] = ()

    def is_named_in(self, content: bytes) -> bool:
        """Whether a file may use any of it."""
        names = [(one.name, one.module) for one in self.helpers] + [(one.name, one.module) for one in self.readers]
        return any(name.encode() in content and module.encode() in content for name, module in names)


def module_of(file: str) -> str:
    """``settings`` for ``core/settings.py``, ``core`` for ``core/__init__.py``."""
    return file.removesuffix(".py").removesuffix("/__init__").rpartition("/")[2]


def imported_helpers(node: ast.AST, helpers: tuple[Helper, ...]) -> Iterator[tuple[str, Helper]]:
    """The names that an import makes helpers: ``from settings import env``, ``import settings`` and ``settings.env``."""
    match node:
        case ast.ImportFrom(module=module, names=names):
            last = (module or "").rpartition(".")[2]
            for alias in names:
                own = alias.asname or alias.name
                for one in helpers:
                    if (one.module, one.owner or one.name) == (last, alias.name):
                        yield f"{own}.{one.name}" if one.owner else own, one
                    elif one.module == alias.name and not one.owner:
                        yield f"{own}.{one.name}", one
        case ast.Import(names=names):
            for alias in names:
                here = [one for one in helpers if one.module == alias.name.rpartition(".")[2] and not one.owner]
                yield from ((f"{alias.asname or alias.name}.{one.name}", one) for one in here)


def imported_readers(node: ast.AST, readers: tuple[SharedReader, ...]) -> Iterator[tuple[str, SharedReader]]:
    """The names that an import makes readers."""
    if isinstance(node, ast.ImportFrom):
        last = (node.module or "").rpartition(".")[2]
        for alias in node.names:
            yield from ((alias.asname or alias.name, one) for one in readers if (one.module, one.name) == (last, alias.name))
