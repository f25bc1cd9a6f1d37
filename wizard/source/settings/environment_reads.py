"""Which variables Python code reads from the process's environment, by what is imported from ``os`` and from settings libraries.

A name counts only where it really is ``os.environ``, ``os.getenv`` or a reader of environs, django-environ, python-decouple,
Starlette's Config or Dynaconf: the ``environ`` of a WSGI request is another thing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from wizard.source.python_source import argument, dotted, keyword, name_of, text_of
from wizard.source.settings.variable_use import VariableUse

READERS = {
    ("environs", "Env"): "environs",
    ("environs", "env"): "environs!",
    ("environ", "Env"): "environs",
    ("environ", "FileAwareEnv"): "environs",
    ("decouple", "config"): "decouple!",
    ("decouple", "AutoConfig"): "decouple",
    ("decouple", "Config"): "decouple",
    ("starlette.config", "Config"): "decouple",
    ("dynaconf", "Dynaconf"): "dynaconf",
    ("dynaconf", "LazySettings"): "dynaconf",
}
"""Where a reader comes from -> its kind; with ``!`` what is imported is the reader itself, otherwise a class that makes one."""
URLS = {"db": "DATABASE_URL", "db_url": "DATABASE_URL", "cache": "CACHE_URL", "cache_url": "CACHE_URL", "email_url": "EMAIL_URL",
        "search_url": "SEARCH_URL", "channels": "CHANNELS_URL", "channels_url": "CHANNELS_URL"}  # fmt: skip
"""Methods of django-environ -> the variable that they read when none is named."""
NO_READ = ("read_env", "read_envfile", "prefixed", "seal", "dump", "from_env", "add_parser", "parser_for", "get_value")
ENDS = ("exit", "_exit", "abort")


@dataclass
class EnvironmentReader:
    """Reads one module. Made anew for each.

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
    _helpers: dict[str, tuple[str, bool, str | None]] = field(default_factory=dict)  # a function that reads what it is given
    _demanded: set[str] = field(default_factory=set)  # names of Python without which the code ends
    _prefix: str = ""

    def read(self, tree: ast.Module) -> list[VariableUse]:
        """Every use, in the order of the lines."""
        for node in ast.walk(tree):
            self._learn(node)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                self._learn_helper(node)
        self._statements(tree.body, at_import=True)
        return self.uses

    # What the names of this module are

    def _learn(self, node: ast.AST) -> None:
        match node:
            case ast.Import(names=names):
                for alias in names:
                    if alias.name == "os":
                        self._os.add(alias.asname or "os")
                    elif alias.name in ("environs", "environ", "decouple", "dynaconf"):
                        self._modules[alias.asname or alias.name] = alias.name
            case ast.ImportFrom(module=str(module), names=names, level=0):
                self._imported(module, names)
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._assigned(name_of(target), value)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._assigned(name_of(target), value)
            case ast.If(test=test, body=body) if _ends(body):
                self._demanded |= set(_missing_names(test))

    def _imported(self, module: str, names: list[ast.alias]) -> None:
        for alias in names:
            name = alias.asname or alias.name
            if module == "os":
                everything = alias.name == "*"
                if everything or alias.name == "environ":
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
        elif self._is_environ(value):
            self._environ.add(name)
        elif isinstance(value, ast.Attribute) and value.attr == "getenv" and self._is_os(value.value):
            self._getenv.add(name)
        elif isinstance(value, ast.Call) and (kind := self._made(value.func)):
            self._readers[name] = kind
            for word in value.keywords if kind == "environs" else ():  # django-environ's scheme: Env(DEBUG=(bool, False))
                if word.arg and word.arg.isupper():
                    pair = word.value.elts if isinstance(word.value, ast.Tuple) else []
                    self._use(word.arg, _default(pair[1]) if len(pair) == 2 else None, len(pair) != 2, value.lineno, at_import=True)
            if kind == "dynaconf":
                prefix = text_of(keyword(value, "envvar_prefix"))
                self._prefix = f"{(prefix or 'DYNACONF').upper()}_"
                self._validators(value)

    def _made(self, function: ast.expr) -> str:
        if isinstance(function, ast.Name):
            return self._makers.get(function.id, "")
        if isinstance(function, ast.Attribute) and (module := self._modules.get(name_of(function.value))):
            return READERS.get((module, function.attr), "").rstrip("!")
        return ""

    def _learn_helper(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """A function such as ``def env(name, default=None): return os.environ.get(name, default)``."""
        if not function.args.args:
            return
        names = [parameter.arg for parameter in function.args.args]
        own = [name for name in names if name not in ("self", "cls")][:1]
        for node in ast.walk(function):
            read = self._asked(node)
            if read and own and isinstance(read[0], ast.Name) and read[0].id == own[0]:
                defaults = dict(zip(reversed(names), reversed(function.args.defaults), strict=False))
                other = name_of(read[1]) if read[1] is not None else ""
                ends = any(isinstance(part, ast.Raise) for part in ast.walk(function))
                default = _default(defaults[other]) if other in defaults else _default(read[1])
                self._helpers[function.name] = (other, read[2] or (ends and read[1] is None), default)
                return

    # The statements

    def _statements(self, body: list[ast.stmt], *, at_import: bool) -> None:
        for node in body:
            match node:
                case ast.FunctionDef(body=inner) | ast.AsyncFunctionDef(body=inner):
                    for value in [
                        *node.decorator_list,
                        *node.args.defaults,
                        *(kw_default for kw_default in node.args.kw_defaults if kw_default),
                    ]:
                        self._expression(value, at_import=at_import)
                    if node.name not in self._helpers:
                        self._function(node, inner)
                case ast.ClassDef(body=inner):
                    self._statements(inner, at_import=at_import)
                case ast.If():
                    self._expression(node.test, at_import=at_import)
                    self._statements([*node.body, *node.orelse], at_import=False)
                case ast.Try():
                    inner = [*node.body, *(item for handler in node.handlers for item in handler.body), *node.orelse, *node.finalbody]
                    self._statements(inner, at_import=False)
                case ast.For(target=ast.Name(id=name), iter=ast.Tuple(elts=values) | ast.List(elts=values) | ast.Set(elts=values)):
                    self._loop(name, values, node.body, at_import=at_import)
                case ast.For() | ast.While():
                    self._statements([*node.body, *node.orelse], at_import=at_import)
                case ast.With() | ast.AsyncWith():
                    self._with(node, at_import=at_import)
                case _:
                    demanded = isinstance(node, ast.Assign) and any(name_of(target) in self._demanded for target in node.targets)
                    self._expression(node, at_import=at_import, demanded=demanded)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, body: list[ast.stmt]) -> None:
        """The body of a function, in which its parameters are other things, such as the ``environ`` of a WSGI request."""
        parameters = {kwonlyarg.arg for kwonlyarg in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}
        before = self._environ, self._getenv, self._os
        self._environ, self._getenv, self._os = (names - parameters for names in before)
        self._statements(body, at_import=False)
        self._environ, self._getenv, self._os = before

    def _loop(self, name: str, values: list[ast.expr], body: list[ast.stmt], *, at_import: bool) -> None:
        """``for name in ("A", "B"): os.environ[name]``."""
        for value in values:
            if (text := text_of(value)) is not None:
                self._constants[name] = text
                self._statements(body, at_import=at_import)

    def _with(self, node: ast.With | ast.AsyncWith, *, at_import: bool) -> None:
        """``with env.prefixed("APP_"):`` puts a prefix before what is read in it."""
        before = self._prefix
        for item in node.items:
            call = item.context_expr
            if isinstance(call, ast.Call) and name_of(call.func) == "prefixed" and call.args:
                self._prefix += text_of(call.args[0]) or ""
        self._statements(node.body, at_import=at_import)
        self._prefix = before

    def _expression(self, node: ast.AST, *, at_import: bool, demanded: bool = False) -> None:
        fallbacks = _fallbacks(node)
        for part in ast.walk(node):
            if isinstance(part, ast.Call):
                self._call(part, fallbacks, at_import=at_import, demanded=demanded)
            elif isinstance(part, ast.Subscript) and isinstance(part.ctx, ast.Store) and self._is_environ(part.value):
                self.assigned |= {name for name in (self._text(part.slice),) if name}
            elif isinstance(part, ast.Subscript) and isinstance(part.ctx, ast.Load) and self._is_environ(part.value):
                self._use(self._text(part.slice), None, True, part.lineno, at_import=at_import)
            elif isinstance(part, ast.Attribute) and self._readers.get(name_of(part.value)) == "dynaconf" and part.attr.isupper():
                self._use(f"{self._prefix}{part.attr}", None, False, part.lineno, at_import=at_import)

    def _call(self, call: ast.Call, fallbacks: Mapping[int, str], *, at_import: bool, demanded: bool) -> None:
        if read := self._asked(call):
            default = _default(read[1])
            if default is None and not read[2]:
                default = fallbacks.get(id(call))
            self._use(self._text(read[0]), default, read[2] or (demanded and default is None), call.lineno, at_import=at_import)
            return
        helper = self._helpers.get(name_of(call.func))
        if helper and call.args and (name := self._text(call.args[0])):
            given = argument(call, 1, helper[0]) if helper[0] else None
            default = _default(given) if given is not None else helper[2] if helper[2] is not None else fallbacks.get(id(call))
            self._use(name, default, helper[1] and default is None, call.lineno, at_import=at_import)
            return
        self._of_reader(call, fallbacks, at_import=at_import)

    def _of_reader(self, call: ast.Call, fallbacks: Mapping[int, str], *, at_import: bool) -> None:
        """``env.str("NAME", default)``, ``config("NAME", cast=int)``, ``env.db()``."""
        function = call.func
        method = function.attr if isinstance(function, ast.Attribute) else ""
        owner = function.value if isinstance(function, ast.Attribute) else function
        kind = self._readers.get(name_of(owner), "")
        if kind not in ("environs", "decouple") or method in NO_READ:
            return
        name = self._text(call.args[0]) if call.args else None
        if name is None:
            if method not in URLS or call.args:
                return
            name = URLS[method]
        second = argument(call, 1)
        given = second if second is not None and not isinstance(second, ast.Name) else keyword(call, "default", "missing")
        default = _default(given)
        required = given is None and fallbacks.get(id(call)) is None
        known = next((use for use in self.uses if use.name == name and use.default is not None), None)
        if kind == "environs" and required and known is not None:
            return  # its scheme gave the default
        self._use(f"{self._prefix}{name}", default or fallbacks.get(id(call)), required, call.lineno, at_import=at_import)

    def _validators(self, call: ast.Call) -> None:
        for part in ast.walk(call):
            if isinstance(part, ast.Call) and name_of(part.func) == "Validator":
                must = keyword(part, "must_exist")
                required = isinstance(must, ast.Constant) and must.value is True
                for value in part.args:
                    if name := text_of(value):
                        self._use(
                            f"{self._prefix}{name.upper()}", _default(keyword(part, "default")), required, part.lineno, at_import=False
                        )

    # What is read, and from where

    def _asked(self, node: ast.AST) -> tuple[ast.expr, ast.expr | None, bool] | None:
        """The name, the default and whether it must be there, for what reads ``os.environ`` or calls ``os.getenv``."""
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and self._is_environ(node.value):
            return node.slice, None, True
        if not isinstance(node, ast.Call):
            return None
        function = node.func
        name = argument(node, 0, "key")
        if name is None:
            return None
        if isinstance(function, ast.Attribute) and function.attr in ("get", "pop", "setdefault") and self._is_environ(function.value):
            default = argument(node, 1, "default")
            if function.attr == "setdefault" and (own := self._text(name)):
                self.assigned.add(own)
            return name, default, function.attr == "pop" and default is None
        is_getenv = (isinstance(function, ast.Name) and function.id in self._getenv) or (
            isinstance(function, ast.Attribute) and function.attr == "getenv" and self._is_os(function.value)
        )
        return (name, argument(node, 1, "default"), False) if is_getenv else None

    def _is_os(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id in self._os

    def _is_environ(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Attribute):
            return node.attr == "environ" and self._is_os(node.value)
        return isinstance(node, ast.Name) and node.id in self._environ

    def _text(self, node: ast.expr) -> str | None:
        return self._constants.get(node.id) if isinstance(node, ast.Name) else text_of(node)

    def _use(self, name: str | None, default: str | None, required: bool, line: int, *, at_import: bool) -> None:
        if name:
            self.uses.append(VariableUse(name, default, required, f"{self.file}:{line}", at_import and required))


def _default(node: ast.expr | None) -> str | None:
    """A default as text; None for none, for ``None``, and for one that is worked out."""
    if isinstance(node, ast.Constant):
        return None if node.value is None else str(node.value)
    if isinstance(node, ast.List | ast.Tuple) and not node.elts:
        return ""
    if isinstance(node, ast.List | ast.Tuple) and all(text_of(elt) is not None for elt in node.elts):
        return ",".join(text_of(elt) or "" for elt in node.elts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant):
        return ast.unparse(node)
    return None


def _fallbacks(node: ast.AST) -> dict[int, str]:
    """For ``os.environ.get("A") or "b"``: the id of each part before the last -> the text that counts without it."""
    fallbacks: dict[int, str] = {}
    for part in ast.walk(node):
        if isinstance(part, ast.BoolOp) and isinstance(part.op, ast.Or):
            last = part.values[-1]
            text = _default(last)
            fallbacks |= {id(value): "" if text is None else text for value in part.values[:-1]}
    return fallbacks


def _ends(body: list[ast.stmt]) -> bool:
    """Whether a block ends the program: it raises, or leaves."""
    last = body[-1]
    return isinstance(last, ast.Raise) or (
        isinstance(last, ast.Expr) and isinstance(last.value, ast.Call) and name_of(last.value.func) in ENDS
    )


def _missing_names(test: ast.expr) -> Iterator[str]:
    """The names that a test finds missing: ``not KEY``, ``KEY is None``, ``not all([A, B])``."""
    for part in ast.walk(test):
        match part:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yield from (name_of(node) for node in ast.walk(operand) if isinstance(node, ast.Name | ast.Attribute))
            case ast.Compare(left=left, ops=[ast.Is() | ast.Eq()], comparators=[ast.Constant(value=None | "")]):
                yield dotted(left).rpartition(".")[2]
