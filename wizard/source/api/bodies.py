"""Examples of what a view of Flask or Django accepts, from the schema that it names or from what it does with what it reads."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wizard.source.api.guesses import first_name, guess, holders_of, is_about
from wizard.source.api.inputs import RequestInputs
from wizard.source.api.modules import Function, Module, SourceModules, keyword, name_of, texts
from wizard.source.api.parsers import parser_inputs
from wizard.source.api.schemas import of_schema, required_fields, unwrapped

PARTS = {"form": "form", "forms": "form", "POST": "form", "files": "files", "FILES": "files",
         "args": "args", "query": "args", "GET": "args", "query_params": "args"}  # fmt: skip
"""Where Flask and Django keep the parts of a request."""
BODIES = ("json", "data", "payload", "media", "stream", "bounded_stream")
"""What a request calls its body: Flask, Django REST, flask-restx, Falcon."""
DEEPEST = 4  # functions that a body is handed to


@dataclass(frozen=True)
class _BodyReader:
    """A function that reads a body, and the names by which it calls it."""

    function: Function
    names: frozenset[str]
    module: Module


def read_inputs(project: SourceModules, module: Module, view: Function) -> RequestInputs:
    """What a request to a view carries so that it is accepted."""
    if (inputs := parser_inputs(project, module, view)) is not None:
        return inputs
    inputs = RequestInputs(body=_body(project, module, view))
    for schema in _schemas(project, module, view, location="query"):
        inputs.query |= required_fields(project, module, schema)
    for part, key, is_required in _parts(view):
        if part == "form":
            inputs.form[key] = guess([view], key)
        elif part == "files":
            inputs.files += () if key in inputs.files else (key,)
        elif is_required:
            inputs.query[key] = guess([view], key)
    return inputs


def _body(project: SourceModules, module: Module, view: Function) -> Any | None:
    for schema in _schemas(project, module, view):
        if (example := of_schema(project, module, schema)) is not None:
            return example
    readers = [*_readers(project, module, view)]
    if not readers:
        return None
    functions = [reader.function for reader in readers]
    for reader in readers:
        if (items := _items(reader)) is not None:
            return [{key: guess(functions, key) for key in items}] if items else ["text"]
    return {key: guess(functions, key) for reader in readers for key in _keys(reader)}


def read_keys(view: Function) -> tuple[str, ...] | None:
    """The keys a view itself reads from its JSON body, directly or through a variable; None when it reads no body."""
    names = _body_names(view)
    if not names and not _is_body(view):
        return None
    return _keys(_BodyReader(view, frozenset(names), Module("", Path(), ast.Module([], []))))


def _readers(project: SourceModules, module: Module, view: Function) -> Iterator[_BodyReader]:
    """The view where it reads a body, and the project's functions that it hands it to."""
    names = _body_names(view)
    if not names and not _is_body(view):
        return
    waiting = [(_BodyReader(view, frozenset(names), module), 0)]
    while waiting:
        reader, depth = waiting.pop(0)
        yield reader
        for call in (node for node in ast.walk(reader.function) if isinstance(node, ast.Call) and depth < DEEPEST):
            found = project.function(reader.module, call.func)
            if found is None or found[1] is reader.function:
                continue
            parameters = [argument.arg for argument in found[1].args.args]
            handed = {parameters[at] for at, given in enumerate(call.args[: len(parameters)]) if _is_the_body(given, reader.names)}
            handed |= {word.arg for word in call.keywords if word.arg and _is_the_body(word.value, reader.names)}
            if handed:
                waiting.append((_BodyReader(found[1], frozenset(handed), found[0]), depth + 1))


def _body_names(view: Function) -> set[str]:
    names = {
        name_of(target) for node in ast.walk(view) if isinstance(node, ast.Assign) and _gives_body(node.value) for target in node.targets
    }
    return names | {node.target.id for node in ast.walk(view) if isinstance(node, ast.NamedExpr) and _gives_body(node.value)}


def _keys(reader: _BodyReader) -> tuple[str, ...]:
    """The keys that a function reads from the body, one by one or as a list of what there must be."""
    keys: list[str] = []
    for node in ast.walk(reader.function):
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr="get" | "pop"), args=[first, *_more]) if _holds_body(owner, reader.names):
                keys += texts([first])
            case ast.Subscript(value=owner, slice=part) if _holds_body(owner, reader.names):
                keys += texts([part])
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[owner]) if _holds_body(owner, reader.names):
                keys += texts([left])
            case ast.For(target=ast.Name(id=name), iter=over) | ast.comprehension(target=ast.Name(id=name), iter=over):
                keys += _texts_in(reader, over) if _is_key(reader, name) else []
            case ast.Compare(left=left, ops=[ast.LtE() | ast.Lt()], comparators=[right]) if _mentions(right, reader.names):
                keys += _texts_in(reader, left)
            case ast.BinOp(left=left, op=ast.Sub(), right=right) if _mentions(right, reader.names):
                keys += _texts_in(reader, left)
            case ast.Call(func=ast.Attribute(value=owner, attr="issubset" | "difference"), args=[given]) if _mentions(given, reader.names):
                keys += _texts_in(reader, owner)
    return tuple(dict.fromkeys(keys))


def _is_key(reader: _BodyReader, name: str) -> bool:
    """Whether a loop's variable is used as a key of the body: ``key in body``, ``body[key]``, ``body.get(key)``."""
    for node in ast.walk(reader.function):
        match node:
            case ast.Compare(left=ast.Name(id=used), ops=[ast.In() | ast.NotIn()], comparators=[owner]) if used == name:
                if _mentions(owner, reader.names):
                    return True
            case ast.Subscript(value=owner, slice=ast.Name(id=used)) if used == name and _holds_body(owner, reader.names):
                return True
            case ast.Call(func=ast.Attribute(value=owner, attr="get"), args=[ast.Name(id=used), *_more]) if used == name:
                if _holds_body(owner, reader.names):
                    return True
    return False


def _texts_in(reader: _BodyReader, node: ast.expr) -> list[str]:
    """The texts of a list that is written out, there or under a name of the function or the file."""
    if isinstance(node, ast.Call) and name_of(node.func) in ("set", "frozenset", "sorted") and node.args:
        return _texts_in(reader, node.args[0])
    if isinstance(node, ast.Name):
        own = [line.value for line in ast.walk(reader.function) if isinstance(line, ast.Assign) and name_of(line.targets[0]) == node.id]
        value = own[0] if own else reader.module.value(node.id)[1]
        return _texts_in(reader, value) if value is not None and not isinstance(value, ast.Name) else []
    return texts(node.elts) if isinstance(node, ast.List | ast.Tuple | ast.Set) else []


def _items(reader: _BodyReader) -> tuple[str, ...] | None:
    """The keys of the things in a body that is a list; None for a body that is none."""
    calls = [node for node in ast.walk(reader.function) if isinstance(node, ast.Call) and name_of(node.func) == "isinstance"]
    is_list = any(len(call.args) > 1 and _is_the_body(call.args[0], reader.names) and first_name(call.args[1]) == "list" for call in calls)
    for node in ast.walk(reader.function):
        if isinstance(node, ast.For | ast.comprehension) and isinstance(node.target, ast.Name) and _is_the_body(node.iter, reader.names):
            keys = _keys(_BodyReader(reader.function, frozenset({node.target.id}), reader.module))
            own = tuple(key for key in keys if key)
            if own or is_list:
                return own
    return () if is_list else None


def _parts(view: Function) -> Iterator[tuple[str, str, bool]]:
    """What a view reads of forms, files and the query: part, key, and whether it does not do without."""
    for node in ast.walk(view):
        match node:
            case ast.Subscript(value=ast.Attribute(attr=attr, value=owner), slice=part) if attr in PARTS and _is_request(owner):
                yield from ((PARTS[attr], key, True) for key in texts([part]))
            case ast.Call(func=ast.Attribute(value=ast.Attribute(attr=attr, value=owner), attr="get"), args=[first, *more]) if (
                attr in PARTS and _is_request(owner)
            ):
                is_open = not more and keyword(node, "default") is None
                yield from ((PARTS[attr], key, is_open and _is_refused_without(view, key)) for key in texts([first]))


def _is_refused_without(view: Function, key: str) -> bool:
    """Whether a view answers with an error where a parameter is lacking: ``if not term: return …, 400``."""
    holders = holders_of([view], key)
    for node in ast.walk(view):
        if not isinstance(node, ast.If):
            continue
        lacks = any(
            (isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) and is_about(test.operand, key, holders))
            or (isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Is) and is_about(test.left, key, holders))
            for test in ast.walk(node.test)
        )
        if lacks and any(_refuses(line) for line in node.body):
            return True
    return False


def _refuses(line: ast.stmt) -> bool:
    match line:
        case ast.Raise() | ast.Expr(value=ast.Call(func=ast.Name(id="abort"))):
            return True
        case ast.Return(value=ast.Tuple(elts=[_first, ast.Constant(value=int(status)), *_more])):
            return status >= 400
    return False


def _schemas(project: SourceModules, module: Module, view: Function, location: str = "json") -> list[ast.expr]:
    """The schemas that a view names for its body: ``@blp.arguments``, ``@ns.expect``, a pydantic parameter, ``Schema().load``.

    :param location: ``query`` for those of the query instead, which only decorators name.
    """
    schemas: list[ast.expr] = []
    for decorator in view.decorator_list:
        if isinstance(decorator, ast.Call) and name_of(decorator.func) in ("arguments", "expect", "use_args", "use_kwargs", "input"):
            where = module.text(keyword(decorator, "location")) or "json"
            schemas += [argument for argument in decorator.args[:1] if where == location]
    if location != "json":
        return schemas
    arguments, body_names = view.args, frozenset(_body_names(view))
    for argument in (*arguments.args, *arguments.kwonlyargs):
        schema_class = project.class_(module, unwrapped(argument.annotation)) if argument.annotation is not None else None
        if schema_class and argument.annotation is not None and {"BaseModel", "SQLModel", "Struct"} & set(project.bases(*schema_class)):
            schemas.append(argument.annotation)
    for node in ast.walk(view):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and (
                node.func.attr in ("load", "model_validate", "model_validate_json", "parse_obj", "parse_raw")
                or (node.func.attr == "validate" and node.args and _is_body(node.args[0]))
            )
        ):
            schemas.append(node.func.value)
        elif isinstance(node, ast.Call) and keyword(node, "data") is not None and project.class_(module, node.func):
            schemas.append(node.func)  # Serializer(data=request.data)
        elif isinstance(node, ast.Call) and any(word.arg is None and _mentions(word.value, body_names) for word in node.keywords):
            schemas.append(node.func)  # Order(**request.get_json())
    return [unwrapped(_of_class(module, view, schema)) for schema in schemas]


def _of_class(module: Module, view: Function, schema: ast.expr) -> ast.expr:
    """What ``self.schema`` is, where the view's class says so: ``schema = OrderSchema()``."""
    if isinstance(schema, ast.Attribute) and name_of(schema.value) in ("self", "cls"):
        for class_def in module.classes.values():
            if view in class_def.body:
                return module.values.get(f"{class_def.name}.{schema.attr}", schema)
    return schema


def _is_body(node: ast.AST) -> bool:
    """Whether ``request.get_json()``, ``request.json``, Django's ``request.data`` or FastAPI's ``await request.json()`` stands in it."""
    return any(
        isinstance(part, ast.Attribute) and (part.attr in ("get_json", "get_media") or (part.attr in BODIES and _is_request(part.value)))
        for part in ast.walk(node)
    )


def _is_request(node: ast.expr) -> bool:
    return name_of(node) in ("request", "req", "api", "ns")


def _gives_body(node: ast.expr) -> bool:
    """Whether an expression is the body itself, rather than what something makes of it: ``request.get_json() or {}``."""
    match node:
        case ast.BoolOp(values=values):
            return _gives_body(values[0])
        case ast.Await(value=inner) | ast.IfExp(body=inner):
            return _gives_body(inner)
        case ast.Call(func=ast.Attribute(attr="get_json" | "get_media")):
            return True
        case ast.Call(func=ast.Attribute(value=owner, attr="json")):
            return _is_request(owner)
        case ast.Call(func=ast.Name(id="dict"), args=[first]) | ast.Call(func=ast.Attribute(attr="loads" | "load"), args=[first]):
            return _is_body(first)
        case ast.Attribute(value=owner, attr=attr) if attr in BODIES:
            return _is_request(owner)
    return False


def _is_the_body(node: ast.expr, names: frozenset[str]) -> bool:
    return name_of(node) in names if isinstance(node, ast.Name) else _gives_body(node)


def _mentions(node: ast.expr, names: frozenset[str]) -> bool:
    """Whether the body, its keys or a set of them stands in an expression."""
    return any(_is_the_body(part, names) for part in ast.walk(node) if isinstance(part, ast.expr))


def _holds_body(node: ast.expr, names: frozenset[str]) -> bool:
    """Whether keys of an expression are keys of the body: the body, ``(request.get_json() or {})``."""
    return _is_the_body(node, names)
