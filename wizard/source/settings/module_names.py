"""What the names of a Python module are, as far as settings go: the module os, its environment, readers of libraries, and constants."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field

from wizard.source.python_source import keyword, name_of, text_of
from wizard.source.settings.demands import default_text, demanded_reads, ends, missing_names
from wizard.source.settings.variable_use import VariableUse

READERS = {
    ("environs", "Env"): "environs",
    ("environs", "env"): "environs!",
    ("environ", "Env"): "environs",
    ("environ", "FileAwareEnv"): "environs",
    ("decouple", "config"): "decouple!",
    ("decouple", "AutoConfig"): "decouple",
    ("decouple", "Config"): "decouple",
    ("prettyconf", "config"): "decouple!",
    ("starlette.config", "Config"): "decouple",
    ("dynaconf", "Dynaconf"): "dynaconf",
    ("dynaconf", "LazySettings"): "dynaconf",
}
"""Where a reader comes from -> its kind; with ``!`` what is imported is the reader itself, otherwise a class that makes one."""


@dataclass
class ModuleNames:
    """The names of one module, learnt from its statements, and the variables that are read while they are made.

    :param file: its path in the project, for `VariableUse.where`.
    """

    file: str
    uses: list[VariableUse] = field(default_factory=list)
    assigned: set[str] = field(default_factory=set)  # variables that the module gives a value to itself
    _os: set[str] = field(default_factory=set)  # names that are the module os
    _environ: set[str] = field(default_factory=set)  # names that are os.environ
    _getenv: set[str] = field(default_factory=set)  # names that are os.getenv
    _modules: dict[str, str] = field(default_factory=dict)  # name -> the settings library it is
    _makers: dict[str, str] = field(default_factory=dict)  # name of a class -> the kind of reader it makes
    _readers: dict[str, str] = field(default_factory=dict)  # name of a reader -> its kind
    _constants: dict[str, str] = field(default_factory=dict)
    _lists: dict[str, list[str]] = field(default_factory=dict)  # a constant that is a list of texts
    _demanded: set[str] = field(default_factory=set)  # names of Python without which the code ends, or with which, if they collect
    _demanded_reads: set[int] = field(default_factory=set)  # ids of the nodes that read what the code ends without
    _guarded: set[str] = field(default_factory=set)  # variables that are there where the code has come to
    _caught: bool = False  # whether what is missing here is caught
    _prefix: str = ""

    def _learn(self, node: ast.AST) -> None:
        match node:
            case ast.Import(names=names):
                for alias in names:
                    if alias.name == "os":
                        self._os.add(alias.asname or "os")
                    elif alias.name in ("environs", "environ", "decouple", "dynaconf", "prettyconf", "dj_database_url"):
                        self._modules[alias.asname or alias.name] = alias.name
            case ast.ImportFrom(module=str(module), names=names, level=0):
                self._imported(module, names)
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._assigned(name_of(target), value)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._assigned(name_of(target), value)
            case ast.If(test=test, body=body) if ends(body):
                self._demanded |= {test.id} if isinstance(test, ast.Name) else set(missing_names(test))
                self._demanded_reads |= {id(part) for part in demanded_reads(node)}
            case ast.Assert():
                self._demanded_reads |= {id(part) for part in demanded_reads(node)}

    def _imported(self, module: str, names: list[ast.alias]) -> None:
        for alias in names:
            name = alias.asname or alias.name
            if module == "os":
                everything = alias.name == "*"
                if everything or alias.name in ("environ", "environb"):
                    self._environ.add("environ" if everything else name)
                if everything or alias.name == "getenv":
                    self._getenv.add("getenv" if everything else name)
            elif kind := READERS.get((module, alias.name)):
                if kind.endswith("!"):
                    self._readers[name] = kind[:-1]
                else:
                    self._makers[name] = kind

    def _assigned(self, name: str, value: ast.expr) -> None:
        if not name:
            return
        if (text := text_of(value)) is not None:
            self._constants[name] = text
        elif texts := self._listed(value):
            self._lists[name] = texts
        elif self._is_environ(value):
            self._environ.add(name)
        elif isinstance(value, ast.Attribute) and value.attr == "getenv" and self._is_os(value.value):
            self._getenv.add(name)
        elif isinstance(value, ast.Call) and (kind := self._made(value.func)):
            self._readers[name] = kind
            for word in value.keywords if kind == "environs" else ():  # django-environ's scheme: Env(DEBUG=(bool, False))
                if word.arg and word.arg.isupper():
                    pair = word.value.elts if isinstance(word.value, ast.Tuple) else []
                    self._use(word.arg, default_text(pair[1]) if len(pair) == 2 else None, len(pair) != 2, value.lineno, at_import=True)
            if kind == "dynaconf":
                prefix = keyword(value, "envvar_prefix")
                none = isinstance(prefix, ast.Constant) and not prefix.value
                self._prefix = "" if none else f"{(text_of(prefix) or 'DYNACONF').upper()}_"
                self._validators(value)

    def _made(self, function: ast.expr) -> str:
        if isinstance(function, ast.Name):
            return self._makers.get(function.id, "")
        if isinstance(function, ast.Attribute) and (module := self._modules.get(name_of(function.value))):
            return READERS.get((module, function.attr), "").rstrip("!")
        return ""

    def _validators(self, call: ast.Call) -> None:
        for part in ast.walk(call):
            if isinstance(part, ast.Call) and name_of(part.func) == "Validator":
                must = keyword(part, "must_exist")
                required = isinstance(must, ast.Constant) and must.value is True
                for value in part.args:
                    if name := text_of(value):
                        self._use(
                            f"{self._prefix}{name.upper()}", default_text(keyword(part, "default")), required, part.lineno, at_import=False
                        )

    def _is_os(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id in self._os

    def _is_environ(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Attribute):
            return node.attr in ("environ", "environb") and self._is_os(node.value)
        return isinstance(node, ast.Name) and node.id in self._environ

    def _text(self, node: ast.expr) -> str | None:
        if isinstance(node, ast.Constant) and isinstance(node.value, bytes):
            return node.value.decode("ascii", "replace")
        return self._constants.get(node.id) if isinstance(node, ast.Name) else text_of(node)

    def _listed(self, node: ast.expr) -> list[str]:
        """The texts of a list, a tuple or a set, or of the constant that is one; none when any of it is something else."""
        if isinstance(node, ast.Name):
            return self._lists.get(node.id, [])
        if not isinstance(node, ast.List | ast.Tuple | ast.Set):
            return []
        texts = [text for part in node.elts if (text := text_of(part)) is not None]
        return texts if len(texts) == len(node.elts) else []

    def _looked_for(self, node: ast.Compare) -> str | None:
        """The variable of ``"NAME" in os.environ`` and ``"NAME" not in os.environ``."""
        is_membership = len(node.ops) == 1 and isinstance(node.ops[0], ast.In | ast.NotIn) and self._is_environ(node.comparators[0])
        return self._text(node.left) if is_membership else None

    def _use(
        self,
        name: str | None,
        default: str | None,
        required: bool,
        line: int,
        *,
        at_import: bool,
        secret: bool = False,
        beginning: str = "",
    ) -> None:
        if name and re.fullmatch(r"[A-Za-z_][\w.-]*", name):  # others are paths that a helper takes
            required = required and not self._caught and name not in self._guarded
            where = f"{self.file}:{line}"
            self.uses.append(VariableUse(name, default, required, where, at_import and required, secret=secret, beginning=beginning))

    def _dynaconf_path(self, node: ast.expr) -> tuple[str, ...]:
        """``settings.db.password`` and ``settings["DB"]["PASSWORD"]`` -> both names; empty for anything else."""
        names: list[str] = []
        while isinstance(node, ast.Attribute | ast.Subscript):
            name = node.attr if isinstance(node, ast.Attribute) else self._text(node.slice)
            if name is None:
                return ()
            names.append(name)
            node = node.value
        known = isinstance(node, ast.Name) and self._readers.get(node.id) == "dynaconf"
        return tuple(reversed(names)) if known else ()
