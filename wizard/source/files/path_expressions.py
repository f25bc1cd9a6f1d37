"""The paths that Python code works out: joins, ``Path``, f-strings, ``__file__``, ``instance_path``, and defaults of variables.

Nothing is run: an expression is read by its shape, and None stands for whatever cannot be known from the files.
"""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from wizard.source.python_source import dotted, keyword, name_of, parse_python, text_of, top_statements

DEEPEST = 40
SAME = {"abspath", "realpath", "normpath", "expanduser", "expandvars", "fspath", "resolve", "absolute", "as_posix", "str", "Path",
        "PurePath", "PosixPath", "PurePosixPath", "int", "strip", "rstrip", "cast", "SecretStr"}  # fmt: skip
"""Calls whose result is the path that they are given, or that they are asked of, as far as it matters here."""


@dataclass(frozen=True)
class Surroundings:
    """Where code finds itself in the container.

    :param folder: the project on this computer.
    :param workdir: the folder that the API starts in.
    :param variables: what it finds in its environment, without the values of secrets.
    :param filled: what a field of a settings class, or a key of ``app.config``, gets from its variable.
    :param place: the path in the container of a file of the project.
    :param instance: Flask's ``app.instance_path``, and `root` its ``app.root_path``.
    """

    folder: Path
    workdir: str
    variables: Mapping[str, str]
    place: Callable[[Path], str]
    instance: str = ""
    root: str = ""
    filled: Mapping[str, str] = field(default_factory=dict)


@dataclass
class PathReader:
    """Reads the expressions of one module.

    :param arguments: what names are that the program takes from its command line.
    """

    path: Path
    tree: ast.Module
    around: Surroundings
    depth: int = 0
    arguments: Mapping[str, str] = field(default_factory=dict)
    _names: dict[str, ast.expr] = field(default_factory=dict)
    _keys: dict[str, ast.expr] = field(default_factory=dict)  # what stands in a dictionary, such as ``app.config["KEY"]``
    _imports: dict[str, tuple[str, str]] = field(default_factory=dict)  # name -> module and name in it

    _stars: list[str] = field(default_factory=list)  # modules of which all is imported

    def __post_init__(self) -> None:
        for node in ast.walk(self.tree):
            match node:
                case ast.Assign(targets=targets, value=value):
                    self._names |= {key: value for target in targets if (key := name_of(target))}
                    self._keys |= {at: value for target in targets if isinstance(target, ast.Subscript) and (at := text_of(target.slice))}
                case ast.AnnAssign(target=target, value=ast.expr() as value) if name_of(target):
                    self._names[name_of(target)] = value
                case ast.ImportFrom(module=module, names=names, level=level):
                    here = "." * level + (module or "")
                    self._stars += [here] if names[0].name == "*" else []
                    self._imports |= {alias.asname or alias.name: (here, alias.name) for alias in names}
        for top in top_statements(self.tree.body):  # what stands at the top counts before what a function calls the same
            if isinstance(top, ast.Assign):
                self._names |= {key: top.value for target in top.targets if (key := name_of(target))}

    def text(self, node: ast.AST | None, depth: int = 0) -> str | None:
        """The text of an expression; None where it cannot be known."""
        if node is None or depth > DEEPEST:
            return None
        match node:
            case ast.Constant(value=value):
                return None if value is None or isinstance(value, bytes) else str(value)
            case ast.Name(id="__file__"):
                return self.around.place(self.path)
            case ast.Name(id=name):
                return self._named(name, depth)
            case ast.JoinedStr(values=values):
                return self._joined("", [item.value if isinstance(item, ast.FormattedValue) else item for item in values], depth)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._joined("", [left, right], depth)
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                first, second = self.text(left, depth + 1), self.text(right, depth + 1)
                return None if first is None or second is None else posixpath.join(first, second)
            case ast.BinOp(left=left, op=ast.Mod(), right=right):
                return self._formatted(left, right, depth)
            case ast.BoolOp(op=ast.Or(), values=values):
                return next((text for item in values if (text := self.text(item, depth + 1))), None)
            case ast.IfExp(body=body, orelse=orelse):
                return self.text(body, depth + 1) or self.text(orelse, depth + 1)
            case ast.Attribute():
                return self._attribute(node, depth)
            case ast.Subscript():
                return self._subscript(node, depth)
            case ast.Call():
                return self._call(node, depth)
        return None

    def expression(self, node: ast.expr | None) -> ast.expr | None:
        """What a name of the module stands for; the node itself for anything else."""
        return self._names.get(name_of(node), node) if isinstance(node, ast.Name | ast.Attribute) else node

    def _named(self, name: str, depth: int) -> str | None:
        if name in self.arguments and name not in self._names:
            return self.arguments[name]
        if name in self._names:
            value = self._names[name]
            return self.text(value, depth + 4)
        if name in self._imports and self.depth < 4:
            module, original = self._imports[name]
            other = self._other(module)
            return other.text(ast.Name(id=original, ctx=ast.Load()), depth + 4) if other else None
        for module in self._stars if self.depth < 4 else ():
            if (other := self._other(module)) is not None and (text := other._named(name, depth + 4)) is not None:
                return text
        return None

    def _other(self, module: str) -> PathReader | None:
        """The reader of a module of the project that is imported here."""
        level = len(module) - len(module.lstrip("."))
        parts = [part for part in module.lstrip(".").split(".") if part]
        bases = [self.path.parents[level - 1]] if level else [self.around.folder, self.around.folder / "src", self.path.parent]
        for base in bases:
            place = base.joinpath(*parts)
            for file in (place.with_suffix(".py") if parts else place / "__init__.py", place / "__init__.py"):
                if file != self.path and file.is_file() and (tree := parse_python(file)) is not None:
                    return PathReader(file, tree, self.around, self.depth + 1)
        return None

    def _joined(self, between: str, parts: list[ast.expr], depth: int) -> str | None:
        texts = [self.text(part, depth + 1) for part in parts]
        return None if None in texts else between.join(text or "" for text in texts)

    def _formatted(self, left: ast.expr, right: ast.expr, depth: int) -> str | None:
        values = right.elts if isinstance(right, ast.Tuple) else [right]
        texts = [self.text(value, depth + 1) for value in values]
        pattern = self.text(left, depth + 1)
        if pattern is None or None in texts:
            return None
        try:
            return pattern % tuple(texts)
        except (TypeError, ValueError):
            return None

    def _attribute(self, node: ast.Attribute, depth: int) -> str | None:
        match node.attr:
            case "instance_path":
                return self.around.instance or None
            case "root_path":
                return self.around.root or None
            case "parent":
                text = self.text(node.value, depth + 1)
                return posixpath.dirname(text) if text is not None else None
            case "curdir" if dotted(node) == "os.curdir":
                return "."
            case "sep" if dotted(node) == "os.sep":
                return "/"
        if node.attr in self.around.filled:
            return self.around.filled[node.attr]
        owner = name_of(node.value)
        if owner in self._imports and self.depth < 4:
            module, original = self._imports[owner]
            for place in (f"{module}.{original}" if module.strip(".") else f"{module}{original}", module):
                other = self._other(place)
                if other is not None and node.attr in other._names:
                    return other.text(other._names[node.attr], depth + 4)
        if node.attr in self.arguments and node.attr not in self._names:
            return self.arguments[node.attr]
        return self.text(self._names[node.attr], depth + 4) if node.attr in self._names else None

    def _subscript(self, node: ast.Subscript, depth: int) -> str | None:
        index = node.slice
        if isinstance(node.value, ast.Attribute) and node.value.attr == "parents" and isinstance(index, ast.Constant):
            text = self.text(node.value.value, depth + 1)
            for _step in range(index.value + 1 if text is not None and isinstance(index.value, int) else 0):
                text = posixpath.dirname(text or "")
            return text
        name = text_of(index)
        if name is None:
            return None
        if name_of(node.value) == "environ":
            return self.around.variables.get(name)
        if name in self.around.filled and name_of(node.value) == "config":
            return self.around.filled[name]
        return self.text({**self._keys, **self._names}.get(name), depth + 4)

    def _call(self, call: ast.Call, depth: int) -> str | None:
        name = name_of(call.func)
        owner = call.func.value if isinstance(call.func, ast.Attribute) else None
        match name:
            case "join" if dotted(call.func).endswith("path.join") or (owner is not None and name_of(owner) == "path"):
                return self._path_joined(call.args, depth)
            case "joinpath" if owner is not None:
                return self._path_joined([owner, *call.args], depth)
            case "Path" | "PurePath" if len(call.args) > 1:
                return self._path_joined(call.args, depth)
            case "Path" if not call.args:
                return "."
            case "getcwd" | "cwd":
                return self.around.workdir
            case "gettempdir" | "mkdtemp":
                return "/tmp"  # noqa: S108 - what Python's tempfile gives in a container
            case "dirname" if call.args:
                text = self.text(call.args[0], depth + 1)
                return None if text is None else posixpath.dirname(text)
            case "with_suffix" if owner is not None and call.args:
                text, last = self.text(owner, depth + 1), self.text(call.args[0], depth + 1)
                return None if text is None or last is None else posixpath.splitext(text)[0] + last
            case "with_name" if owner is not None and call.args:
                text, last = self.text(owner, depth + 1), self.text(call.args[0], depth + 1)
                return None if text is None or last is None else posixpath.join(posixpath.dirname(text), last)
            case "format" if owner is not None:
                return self._format(owner, call, depth)
            case "safe_join" | "open_instance_resource":
                return self._path_joined(call.args, depth)
        if name in SAME:
            operand = call.args[-1] if name == "cast" and call.args else call.args[0] if call.args else owner
            text = self.text(operand, depth + 1)
            return (
                posixpath.normpath(posixpath.join(self.around.workdir, text))
                if text and name in ("abspath", "realpath", "resolve")
                else text
            )
        return self._read_from_environment(call, depth)

    def _read_from_environment(self, call: ast.Call, depth: int) -> str | None:
        """``os.getenv("NAME", default)`` and every reader of its kind: what the variable holds, or else the default."""
        variable = self.text(call.args[0], depth + 1) if call.args else None
        if variable is None or not variable.isidentifier():
            return None
        if isinstance(call.func, ast.Attribute) and name_of(call.func.value) == "config" and variable in self.around.filled:
            return self.around.filled[variable]
        if self.around.variables.get(variable):
            return self.around.variables[variable]
        default = keyword(call, "default") or (call.args[1] if len(call.args) > 1 else None)
        return self.text(default, depth + 1)

    def _path_joined(self, parts: list[ast.expr], depth: int) -> str | None:
        texts = [self.text(part, depth + 1) for part in parts]
        if not texts or any(text is None for text in texts):
            return None
        return posixpath.normpath(posixpath.join(*(text or "" for text in texts)))

    def _format(self, owner: ast.expr, call: ast.Call, depth: int) -> str | None:
        pattern = self.text(owner, depth + 1)
        texts = [self.text(value, depth + 1) for value in call.args]
        words = {word.arg: self.text(word.value, depth + 1) for word in call.keywords if word.arg}
        if pattern is None or None in texts or None in words.values():
            return None
        try:
            return pattern.format(*texts, **words)
        except (IndexError, KeyError, ValueError, AttributeError):
            return None
