"""Python files of an API as trees, and where a name in one of them comes from."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from wizard.source.project_files import python_files
from wizard.source.python_source import parse, read_python

Function = ast.FunctionDef | ast.AsyncFunctionDef
RELEVANT = re.compile(
    rb"route|url_rule|headers|abort|Blueprint|HTTPException|urlpatterns|ROOT_URLCONF|Resource|View|Schema|BaseModel|jwt|token|"
    rb"Handler|Controller|Litestar|add_(get|post|put|patch|delete)|on_(get|post|put|patch|delete)|"
    rb"[.@](get|post|put|patch|delete|head)\(",
    re.IGNORECASE,
)
"""What stands in every file that says something about requests; others need not be parsed."""
READS = ("getenv", "get", "config", "env", "str")
"""Functions that read a variable of the environment, by the names that people and libraries give them."""
STEPS = 3
"""How far names are followed into files that say nothing about requests themselves, such as settings."""
DEEPEST = 8  # names that are imported from a file that imports them, and classes below classes


@dataclass(eq=False)
class Module:
    """One file.

    :param name: what it is imported as, such as ``orders.views``.
    :param imports: name here -> where it comes from, such as ``orders.views.bp``.
    :param all_of: the modules of which every name is imported (``from orders.views import *``).
    :param values: what names are made of, also those of classes (``Settings.PREFIX``), the first of each.
    :param project: the files among which imported names are looked for.
    """

    name: str
    path: Path
    tree: ast.Module
    imports: dict[str, str] = field(default_factory=dict)
    all_of: list[str] = field(default_factory=list)
    functions: dict[str, Function] = field(default_factory=dict)
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    values: dict[str, ast.expr] = field(default_factory=dict)
    project: SourceModules | None = None

    def text(self, node: ast.expr | None, depth: int = 0) -> str | None:
        """The text that an expression is, directly or by way of constants, also those of other files; None for another."""
        if depth > DEEPEST:
            return None
        match node:
            case ast.Constant(value=str(text)):
                return text
            case ast.Constant(value=int(number)) if depth:
                return str(number)
            case ast.Attribute(value=ast.Call() as made, attr=name):  # get_settings().prefix
                class_def = self.project.made_by(self, made) if self.project is not None else None
                if self.project is None or class_def is None:
                    return None
                where, value = self.project.attribute(*class_def, name)
                return where.text(value, depth + 1)
            case ast.Name() | ast.Attribute():
                where, value = self.value(dotted(node))
                return where.text(value, depth + 1)
            case ast.Call(func=func) if name_of(func) == "Field":
                return self.text(node.args[0] if node.args else keyword(node, "default"), depth + 1)
            case ast.Call(func=func) if name_of(func) in READS:  # what counts where the variable is not set
                return self.text(keyword(node, "default") or (node.args[1] if len(node.args) > 1 else None), depth + 1)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                first, second = self.text(left, depth + 1), self.text(right, depth + 1)
                return first + second if first is not None and second is not None else None
            case ast.JoinedStr(values=parts):
                return self._together([part.value if isinstance(part, ast.FormattedValue) else part for part in parts], "", depth)
            case ast.BinOp(left=ast.Constant(value=str(pattern)), op=ast.Mod(), right=right):
                return self._together(right.elts if isinstance(right, ast.Tuple) else [right], pattern.replace("%s", "{}"), depth)
            case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(pattern)), attr="format"), args=arguments, keywords=[]):
                return self._together(arguments, pattern, depth)
        return None

    def makes(self, name: str) -> bool:
        """Whether the file makes what it calls so."""
        return name in self.functions or name in self.classes or name in self.values

    def value(self, name: str) -> tuple[Module, ast.expr | None]:
        """What a dotted name is made of, and the file in which that stands."""
        if name in self.values or self.project is None or not name:
            return self, self.values.get(name)
        where, origin = self.project.origin(self, name)
        if origin not in where.values and "." in name:  # an attribute of an imported class
            first, _dot, last = name.rpartition(".")
            where, origin = self.project.origin(self, first)
            made = where.values.get(origin)
            if isinstance(made, ast.Call) and (class_def := self.project.made_by(where, made)):  # settings = Settings()
                return self.project.attribute(*class_def, last)
            if origin in where.classes:
                return self.project.attribute(where, where.classes[origin], last)
            origin = f"{origin}.{last}"
        return where, where.values.get(origin)

    def _together(self, parts: list[ast.expr], pattern: str, depth: int) -> str | None:
        texts = [self.text(part, depth + 1) for part in parts]
        if None in texts:
            return None
        try:
            return pattern.format(*texts) if pattern else "".join(text or "" for text in texts)
        except (IndexError, KeyError, ValueError):
            return None


@dataclass(frozen=True)
class SourceModules:
    """Every file of an API."""

    modules: tuple[Module, ...]

    def origin(self, module: Module, name: str, depth: int = 0) -> tuple[Module, str]:
        """The file that makes what is called `name` in a file, and its name there: imported, ``orders.bp``, also by way of others."""
        first, dot, rest = name.partition(".")
        place, _dot, last = (module.imports.get(first, first) + dot + rest).rpartition(".")
        other = self._named(place)
        if other is None and first not in module.imports and not module.makes(first) and depth <= DEEPEST:
            brought = (
                self.origin(source, name, depth + 1) for each in module.all_of if (source := self._named(each)) not in (None, module)
            )
            return next(((where, origin) for where, origin in brought if where.makes(origin.partition(".")[0])), (module, name))
        if other is None or other is module or depth > DEEPEST:
            return module, name
        return self.origin(other, last, depth + 1)

    def _named(self, place: str) -> Module | None:
        return next((item for item in self.modules if place and f".{item.name}".endswith(f".{place}")), None)

    def function(self, module: Module, node: ast.expr) -> tuple[Module, Function] | None:
        """The function that an expression names."""
        where, name = self.origin(module, dotted(node))
        return (where, where.functions[name]) if name in where.functions else None

    def class_(self, module: Module, node: ast.expr) -> tuple[Module, ast.ClassDef] | None:
        """The class of the project that an expression names."""
        where, name = self.origin(module, dotted(node))
        return (where, where.classes[name]) if name in where.classes else None

    def made_by(self, module: Module, call: ast.Call) -> tuple[Module, ast.ClassDef] | None:
        """The class of what a call gives: ``Settings()``, or ``get_settings()`` by what it says to return, or returns."""
        if class_def := self.class_(module, call.func):
            return class_def
        found = self.function(module, call.func)
        if found is None:
            return None
        where, function = found
        if function.returns is not None and (class_def := self.class_(where, function.returns)):
            return class_def
        returned = [part.value for part in ast.walk(function) if isinstance(part, ast.Return)]
        last = returned[-1] if returned else None
        return self.class_(where, last.func) if isinstance(last, ast.Call) else None

    def attribute(self, module: Module, class_def: ast.ClassDef, name: str, depth: int = 0) -> tuple[Module, ast.expr | None]:
        """What an attribute of a class is made of, or of one of its bases, and the file in which that stands."""
        value = module.values.get(f"{class_def.name}.{name}")
        for base in class_def.bases if value is None and depth < DEEPEST else []:
            if above := self.class_(module, base):
                where, value = self.attribute(*above, name, depth + 1)
                if value is not None:
                    return where, value
        return module, value

    def bases(self, module: Module, class_def: ast.ClassDef, depth: int = 0) -> list[str]:
        """The names of a class's bases, those of its bases too."""
        names: list[str] = []
        for base in class_def.bases:
            names.append(name_of(base))
            if depth < DEEPEST and (above := self.class_(module, base)):
                names += self.bases(*above, depth + 1)
        return names

    def functions(self) -> dict[str, Function]:
        """Every function by its name."""
        return {name: function for module in self.modules for name, function in module.functions.items()}


def read_project(folder: Path) -> SourceModules:
    """The Python files of a folder that say something about requests, and those that they import; what is no Python is passed over."""
    paths = sorted(python_files(folder))
    modules = {path: _read(path, folder, tree) for path in paths if (tree := _parsed(path)) is not None}
    for _step in range(STEPS):
        imported = {place.rpartition(".")[2] for module in modules.values() for origin in module.imports.values()
                    for place in (origin, origin.rpartition(".")[0])}  # fmt: skip
        named = [path for path in paths if path not in modules and path.stem in imported]
        further = {path: _read(path, folder, tree) for path in named if (tree := parse(read_python(path) or b"")) is not None}
        modules |= further
        if not further:
            break
    project = SourceModules(tuple(modules[path] for path in paths if path in modules))
    for module in project.modules:
        module.project = project
    return project


def name_of(node: ast.AST | None) -> str:
    """The last part of a dotted name: ``get`` for ``request.headers.get``."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def dotted(node: ast.AST) -> str:
    """A dotted name as it is written; "" for another expression."""
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return node.id if isinstance(node, ast.Name) else ""


def texts(nodes: Iterable[ast.expr]) -> list[str]:
    """Those of some expressions that are texts."""
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """What a call gives under a name."""
    return next((word.value for word in call.keywords if word.arg == name), None)


def _parsed(path: Path) -> ast.Module | None:
    content = read_python(path)
    hands_on = path.name == "__init__.py"  # it may import a blueprint from one file for another
    return parse(content) if content and (hands_on or RELEVANT.search(content)) else None


def _read(path: Path, folder: Path, tree: ast.Module) -> Module:
    parts = path.relative_to(folder).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    imports = _imports(tree, name if path.stem == "__init__" else name.rpartition(".")[0])
    named = {here: origin for here, origin in imports if here != "*"}
    module = Module(name, path, tree, named, [origin.removesuffix(".*") for here, origin in imports if here == "*"])
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            module.functions[node.name] = node
        elif isinstance(node, ast.ClassDef):
            module.classes[node.name] = node
            _keep_values(module, node.body, f"{node.name}.")
    _keep_values(module, [node for node in ast.walk(tree) if isinstance(node, ast.Assign | ast.AnnAssign)], "")
    return module


def _keep_values(module: Module, lines: Iterable[ast.stmt], before: str) -> None:
    for line in lines:
        if isinstance(line, ast.Assign):
            for target in line.targets:
                module.values.setdefault(before + name_of(target), line.value)
        elif isinstance(line, ast.AnnAssign) and line.value is not None:
            module.values.setdefault(before + name_of(line.target), line.value)


def _imports(tree: ast.Module, package: str) -> list[tuple[str, str]]:
    """Name here, ``*`` for every name, and where it comes from, in the order of the file."""
    imports: list[tuple[str, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            place = ".".join(filter(None, [*above, node.module or ""]))
            imports += [(alias.asname or alias.name, f"{place}.{alias.name}".lstrip(".")) for alias in node.names]
        elif isinstance(node, ast.Import):
            imports += [
                (alias.asname or alias.name.partition(".")[0], alias.name) for alias in node.names if alias.asname or "." not in alias.name
            ]
    return imports
