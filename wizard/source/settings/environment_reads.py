"""Which variables Python code reads from the process's environment, by what is imported from ``os`` and from settings libraries.

A name counts only where it really is ``os.environ``, ``os.getenv`` or a reader of environs, django-environ, python-decouple,
Starlette's Config or Dynaconf: the ``environ`` of a WSGI request is another thing.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from wizard.source.python_source import argument, dotted, keyword, name_of, text_of
from wizard.source.settings.demands import catches_missing, default_text, fallback_texts, fallbacks, worked_out_beginning
from wizard.source.settings.module_names import ModuleNames
from wizard.source.settings.shared_readers import Helper, Shared, SharedReader, imported_helpers, imported_readers, module_of
from wizard.source.settings.variable_use import VariableUse

URLS = {"db": "DATABASE_URL", "db_url": "DATABASE_URL", "cache": "CACHE_URL", "cache_url": "CACHE_URL", "email_url": "EMAIL_URL",
        "search_url": "SEARCH_URL", "channels": "CHANNELS_URL", "channels_url": "CHANNELS_URL"}  # fmt: skip
"""Methods of django-environ -> the variable that they read when none is named."""
NO_READ = ("read_env", "read_envfile", "prefixed", "seal", "dump", "from_env", "add_parser", "parser_for", "get_value")
SECRET_TYPES = ("Secret", "SecretStr")
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass
class EnvironmentReader(ModuleNames):
    """Reads one module. Made anew for each.

    :param file: its path in the project, for `VariableUse.where`.
    :param shared: what the project's other modules offer.
    """

    shared: Shared = field(default_factory=Shared)
    helpers: dict[str, Helper] = field(default_factory=dict)
    _fallbacks: dict[int, ast.expr] = field(default_factory=dict)

    def read(self, tree: ast.Module) -> list[VariableUse]:
        """Every use, in the order of the lines."""
        for node in ast.walk(tree):
            self._learn(node)
        owners = {id(part): node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for part in node.body}
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                self._learn_helper(node, owners.get(id(node), ""))
        for node in ast.walk(tree) if self.shared != Shared() else ():
            self.helpers |= dict(imported_helpers(node, self.shared.helpers))
            for name, reader in imported_readers(node, self.shared.readers):
                self._readers[name] = reader.kind
                self._prefix = self._prefix or reader.prefix
        self._statements(tree.body, at_import=True)
        return self.uses

    def _learn_helper(self, function: ast.FunctionDef | ast.AsyncFunctionDef, owner: str) -> None:
        """A function that reads the variable whose name it is given."""
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
                default = default_text(defaults[other]) if other in defaults else default_text(read[1])
                must = read[2] or (ends and read[1] is None)
                self.helpers[function.name] = Helper(function.name, module_of(self.file), owner, other, must, default)
                return

    @property
    def offered(self) -> Shared:
        """What other modules may import of this one."""
        module = module_of(self.file)
        readers = tuple(
            SharedReader(name, module, kind, self._prefix if kind == "dynaconf" else "") for name, kind in self._readers.items()
        )
        return Shared(tuple(self.helpers.values()), readers)

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
                    if node.name not in self.helpers:
                        self._function(node, inner)
                case ast.ClassDef(body=inner):
                    self._statements(inner, at_import=at_import)
                case ast.If():
                    self._if(node, at_import=at_import)
                case ast.Try():
                    self._try(node)
                case ast.For(target=ast.Name(id=name), iter=iterated) if self._listed(iterated):
                    for text in self._listed(iterated):
                        self._constants[name] = text
                        self._statements(node.body, at_import=at_import)
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

    def _if(self, node: ast.If, *, at_import: bool) -> None:
        """A branch; what its test asks for is there within it, or in its other branch for ``not``."""
        self._expression(node.test, at_import=at_import)
        before = self._guarded
        for body, names in zip((node.body, node.orelse), self._there(node.test), strict=True):
            self._guarded = before | names
            self._statements(body, at_import=False)
        self._guarded = before

    def _there(self, test: ast.expr) -> tuple[set[str], set[str]]:
        """The variables that are there where a test holds, and where it does not: ``"A" in os.environ``, ``os.getenv("A")``, ``not``."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            holds, fails = self._there(test.operand)
            return fails, holds
        if isinstance(test, ast.BoolOp):
            parts = [self._there(value) for value in test.values]
            merged = (set().union(*(part[0] for part in parts)), set().union(*(part[1] for part in parts)))
            return (merged[0], set()) if isinstance(test.op, ast.And) else (set(), merged[1])
        if isinstance(test, ast.Compare) and (name := self._looked_for(test)):
            return (set(), {name}) if isinstance(test.ops[0], ast.NotIn) else ({name}, set())
        if isinstance(test, ast.Compare) and len(test.ops) == 1 and (name := self._asked_name(test.left)):
            is_none = isinstance(test.comparators[0], ast.Constant) and not test.comparators[0].value
            return (set(), {name}) if is_none is isinstance(test.ops[0], ast.Is | ast.Eq) else ({name}, set())
        name = self._asked_name(test)
        return ({name}, set()) if name else (set(), set())

    def _asked_name(self, node: ast.expr) -> str | None:
        read = self._asked(node.value if isinstance(node, ast.NamedExpr) else node)
        return self._text(read[0]) if read is not None else None

    def _guarded_parts(self, node: ast.AST) -> set[int]:
        """The ids of parts of an expression that only run where their variable is there: ``env["A"] if "A" in env else "x"``."""
        guarded: set[int] = set()
        for part in ast.walk(node):
            pairs: list[tuple[ast.expr, set[str]]] = []
            if isinstance(part, ast.IfExp):
                pairs = list(zip((part.body, part.orelse), self._there(part.test), strict=True))
            elif isinstance(part, ast.BoolOp):
                sides = [self._there(value)[isinstance(part.op, ast.Or)] for value in part.values]
                pairs = [(value, set().union(*sides[:at])) for at, value in enumerate(part.values) if at]
            for body, names in pairs:
                guarded |= {id(inner) for inner in ast.walk(body) if isinstance(inner, ast.Subscript) and self._text(inner.slice) in names}
        return guarded

    def _try(self, node: ast.Try) -> None:
        before = self._caught
        self._caught = before or catches_missing(node)
        self._statements(node.body, at_import=False)
        self._caught = before
        self._statements([*(item for handler in node.handlers for item in handler.body), *node.orelse, *node.finalbody], at_import=False)

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
        texts, self._fallbacks = fallback_texts(node), fallbacks(node)
        guarded = self._guarded_parts(node)
        inner: set[int] = set()
        for part in ast.walk(node):
            if isinstance(part, ast.Call):
                inner |= {id(part.func)} if self._readers.get(name_of(getattr(part.func, "value", None))) == "dynaconf" else set()
                self._call(part, texts, at_import=at_import, demanded=demanded or id(part) in self._demanded_reads)
            elif isinstance(part, ast.Compare) and (looked_for := self._looked_for(part)):
                self._use(looked_for, None, demanded or id(part) in self._demanded_reads, part.lineno, at_import=at_import)
            elif isinstance(part, COMPREHENSIONS) and part is not node:
                self._comprehension(part, at_import=at_import, demanded=demanded)
            elif isinstance(part, ast.Subscript) and isinstance(part.ctx, ast.Store) and self._is_environ(part.value):
                self.assigned |= {name for name in (self._text(part.slice),) if name}
            elif isinstance(part, ast.Subscript) and isinstance(part.ctx, ast.Load) and self._is_environ(part.value):
                self._use(self._text(part.slice), None, id(part) not in guarded, part.lineno, at_import=at_import)
            elif isinstance(part, ast.Attribute | ast.Subscript) and (path := self._dynaconf_path(part)):
                inner |= {id(part.value)}
                if id(part) not in inner:
                    self._use(f"{self._prefix}{'__'.join(path).upper()}", None, False, part.lineno, at_import=at_import)

    def _comprehension(self, node: ast.AST, *, at_import: bool, demanded: bool) -> None:
        """``[name for name in ("A", "B") if not os.getenv(name)]``: what it does with each text of a list that is known."""
        generator: ast.comprehension = node.generators[0]  # type: ignore[attr-defined]
        if not isinstance(generator.target, ast.Name):
            return
        for text in self._listed(generator.iter):
            self._constants[generator.target.id] = text
            for part in ast.iter_child_nodes(node):
                if not isinstance(part, ast.comprehension):
                    self._expression(part, at_import=at_import, demanded=demanded)
            for condition in generator.ifs:
                self._expression(condition, at_import=at_import, demanded=demanded)

    def _call(self, call: ast.Call, texts: Mapping[int, str], *, at_import: bool, demanded: bool) -> None:
        if read := self._asked(call):
            default = default_text(read[1])
            if default is None and not read[2]:
                default = texts.get(id(call))
            beginning = worked_out_beginning(read[1] or self._fallbacks.get(id(call))) if not default else ""
            must = read[2] or (demanded and not default)
            self._use(self._text(read[0]), default, must, call.lineno, at_import=at_import, beginning=beginning)
            return
        helper = self.helpers.get(dotted(call.func)) or self.helpers.get(name_of(call.func))
        if helper and call.args and (name := self._text(call.args[0])) and name.isidentifier():
            given = argument(call, 1, helper.default_named) if helper.default_named else None
            default = default_text(given) if given is not None else helper.default if helper.default is not None else texts.get(id(call))
            told = keyword(call, "required")
            must = told.value is True if isinstance(told, ast.Constant) else helper.required
            self._use(name, default, must and default is None, call.lineno, at_import=at_import)
            return
        self._of_reader(call, texts, at_import=at_import)

    def _of_reader(self, call: ast.Call, texts: Mapping[int, str], *, at_import: bool) -> None:
        """``env.str("NAME", default)``, ``config("NAME", cast=int)``, ``env.db()``."""
        function = call.func
        method = function.attr if isinstance(function, ast.Attribute) else ""
        if method == "from_envvar" and call.args:
            silent = keyword(call, "silent") or argument(call, 1)
            must = not (isinstance(silent, ast.Constant) and silent.value is True)
            self._use(self._text(call.args[0]), None, must, call.lineno, at_import=at_import)
            return
        if method == "config" and self._modules.get(name_of(getattr(function, "value", None))) in ("decouple", "dj_database_url"):
            self._of_module(call, self._modules[name_of(getattr(function, "value", None))], at_import=at_import)
            return
        owner = function.value if isinstance(function, ast.Attribute) else function
        kind = self._readers.get(name_of(owner), "")
        if kind == "dynaconf" and method == "get" and call.args and (key := self._text(call.args[0])):
            variable = f"{self._prefix}{key.upper().replace('.', '__')}"
            self._use(variable, default_text(argument(call, 1, "default")), False, call.lineno, at_import=at_import)
        if kind not in ("environs", "decouple") or method in NO_READ:
            return
        name = self._text(call.args[0]) if call.args else None
        if name is None:
            if method not in URLS or call.args:
                return
            name = URLS[method]
        second = argument(call, 1)
        given = second if second is not None and not isinstance(second, ast.Name) else keyword(call, "default", "missing")
        default = default_text(given)
        required = given is None and texts.get(id(call)) is None
        known = next((use for use in self.uses if use.name == name and use.default is not None), None)
        if kind == "environs" and required and known is not None:
            return  # its scheme gave the default
        secret = name_of(keyword(call, "cast")) in SECRET_TYPES
        self._use(f"{self._prefix}{name}", default or texts.get(id(call)), required, call.lineno, at_import=at_import, secret=secret)

    def _of_module(self, call: ast.Call, module: str, *, at_import: bool) -> None:
        """``decouple.config("NAME")``, and ``dj_database_url.config(default=...)``, which does without."""
        given = keyword(call, "default")
        if module == "dj_database_url":
            database = self._text(keyword(call, "env") or ast.Constant("DATABASE_URL"))
            self._use(database, default_text(given), False, call.lineno, at_import=at_import)
        elif call.args:
            self._use(self._text(call.args[0]), default_text(given), given is None, call.lineno, at_import=at_import)

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
