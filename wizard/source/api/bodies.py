"""An example of the JSON body that a view accepts, from the schema it names or the keys it reads."""

from __future__ import annotations

import ast
from typing import Any

from wizard.source.api.modules import Function, Module, SourceModules, dotted, keyword, name_of, texts

NUMBERS = ("int", "integer", "float", "number", "decimal", "positiveint", "conint", "id", "primarykeyrelated")
BOOLS = ("bool", "boolean", "strictbool")
EXAMPLES: dict[str, Any] = {
    **dict.fromkeys(NUMBERS, 1),
    **dict.fromkeys(BOOLS, True),
    **dict.fromkeys(("str", "string", "char", "text", "slug", "raw", "any"), "text"),
    **dict.fromkeys(("email", "emailstr"), "anna@example.com"),
    **dict.fromkeys(("url", "httpurl", "anyurl"), "https://example.com"),
    **dict.fromkeys(("uuid", "uuid4"), "00000000-0000-0000-0000-000000000000"),
    "date": "2026-01-31",
    "datetime": "2026-01-31T12:00:00Z",
    "aware_datetime": "2026-01-31T12:00:00Z",
    "time": "12:00:00",
    "dict": {},
    "mapping": {},
    "object": {},
}
NUMBER_WORDS = ("id", "count", "quantity", "amount", "price", "number", "age", "year", "total", "size", "weight", "stock", "qty")
LISTS = ("list", "sequence", "set", "tuple", "many", "listserializer")
DEEPEST = 4  # objects within objects
SCHEMA_BASES = ("Schema", "SQLAlchemySchema", "SQLAlchemyAutoSchema", "Serializer", "ModelSerializer", "HyperlinkedModelSerializer")
READ_ONLY = ("dump_only", "read_only", "readonly")


def example_body(project: SourceModules, module: Module, view: Function) -> Any | None:
    """A body that a view accepts; None when it reads none."""
    for schema in _schemas(project, module, view):
        if (example := of_schema(project, module, schema)) is not None:
            return example
    keys = read_keys(view)
    return None if keys is None else {key: guess(view, key) for key in keys}


def of_schema(project: SourceModules, module: Module, node: ast.expr, depth: int = 0) -> Any | None:
    """An example of a schema: a pydantic model, a marshmallow schema or serializer, a flask-restx model; None where it is not found."""
    if isinstance(node, ast.Call) and name_of(node.func) in ("model", "inherit"):
        return _of_dict(project, module, node.args[-1], depth) if node.args else None
    called = node.func if isinstance(node, ast.Call) else node
    schema_class = project.class_(module, called)
    if schema_class is not None:
        example: Any = of_class(project, *schema_class, depth=depth)
        return [example] if isinstance(node, ast.Call) and _is_true(keyword(node, "many")) else example
    where, name = project.origin(module, dotted(called))
    schema = _assigned(where, name) if name else None
    return of_schema(project, where, schema, depth) if schema is not None and depth < DEEPEST else None


def of_class(project: SourceModules, module: Module, class_def: ast.ClassDef, depth: int = 0) -> dict[str, Any]:
    """An example of a class whose fields are annotated, or are calls such as ``fields.Str(required=True)``."""
    example: dict[str, Any] = {}
    for base in class_def.bases:
        if depth < DEEPEST and (above := project.class_(module, base)):
            example |= of_class(project, *above, depth=depth + 1)
    for line in class_def.body:
        match line:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation) if not name.startswith("_") and name != "model_config":
                example[name] = _of_annotation(project, module, annotation, line.value, depth)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call) if _is_written(call):
                example[_called(call, name)] = _of_field(project, module, call, name, depth)
    return example


def read_keys(view: Function) -> tuple[str, ...] | None:
    """The keys a view reads from its JSON body, directly or through a variable; None when it reads no body."""
    bodies = {
        name_of(target) for node in ast.walk(view) if isinstance(node, ast.Assign) and _is_body(node.value) for target in node.targets
    }
    bodies |= {node.target.id for node in ast.walk(view) if isinstance(node, ast.NamedExpr) and _is_body(node.value)}
    if not bodies and not _is_body(view):
        return None
    keys: list[str] = []
    for node in ast.walk(view):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
            keys += texts(node.args[:1]) if _holds_body(node.func.value, bodies) else []
        elif isinstance(node, ast.Subscript) and _holds_body(node.value, bodies):
            keys += texts([node.slice])
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn) and _holds_body(node.comparators[0], bodies):
            keys += texts([node.left])
    return tuple(dict.fromkeys(keys))


def guess(view: Function, key: str) -> Any:
    """An example for a key that a view reads: what the source does with it, else what its name says."""
    holders = {key} | {
        name_of(target)
        for node in ast.walk(view)
        if isinstance(node, ast.Assign) and _reads(node.value, key)
        for target in node.targets
        if name_of(target)
    }
    for node in ast.walk(view):
        match node:
            case ast.Call(func=ast.Name(id="int" | "float" | "round" | "Decimal"), args=[first, *_more]) if _is_about(first, key, holders):
                return 1
            case ast.Call(func=ast.Name(id="bool"), args=[first]) if _is_about(first, key, holders):
                return True
            case ast.Call(func=ast.Name(id="isinstance"), args=[first, kind]) if _is_about(first, key, holders):
                return EXAMPLES.get(_first_name(kind).lower(), ["text"] if _first_name(kind) == "list" else "text")
            case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=name), ast.Constant(value=default)]) if name == key:
                if default not in (None, ""):
                    return default
            case ast.Compare(left=left, comparators=[ast.Constant(value=int() | float() as limit)]) if _is_about(left, key, holders):
                return True if isinstance(limit, bool) else 1 if limit < 1 else limit
            case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq()], comparators=[ast.Constant(value=str(text))]) if _is_about(
                left, key, holders
            ):
                return text
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[ast.List() | ast.Tuple() | ast.Set() as choices]) if (
                _is_about(left, key, holders) and texts(choices.elts)
            ):
                return texts(choices.elts)[0]
            case ast.BinOp(left=left, op=ast.Mult() | ast.Sub() | ast.Div()) if _is_about(left, key, holders):
                return 1
            case ast.For(iter=over) | ast.comprehension(iter=over) if _is_about(over, key, holders):
                return ["text"]
    words = key.lower().replace("-", "_").split("_")
    if "email" in words or "mail" in words:
        return EXAMPLES["email"]
    if "date" in words:
        return EXAMPLES["date"]
    return 1 if words[-1] in NUMBER_WORDS else "text"


def _schemas(project: SourceModules, module: Module, view: Function) -> list[ast.expr]:
    """The schemas that a view names for its body: ``@blp.arguments``, ``@ns.expect``, a pydantic parameter, ``Schema().load``."""
    schemas: list[ast.expr] = []
    for decorator in view.decorator_list:
        if isinstance(decorator, ast.Call) and name_of(decorator.func) in ("arguments", "expect", "use_args", "use_kwargs", "input"):
            where = module.text(keyword(decorator, "location")) or "json"
            schemas += [argument for argument in decorator.args[:1] if where == "json"]
    arguments = view.args
    for argument in (*arguments.args, *arguments.kwonlyargs):
        schema_class = project.class_(module, _unwrapped(argument.annotation)) if argument.annotation is not None else None
        if schema_class and argument.annotation is not None and {"BaseModel", "SQLModel", "Struct"} & set(project.bases(*schema_class)):
            schemas.append(argument.annotation)
    for node in ast.walk(view):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("load", "model_validate", "parse_obj")
        ):
            schemas.append(node.func.value)
        elif isinstance(node, ast.Call) and keyword(node, "data") is not None and project.class_(module, node.func):
            schemas.append(node.func)  # Serializer(data=request.data)
        elif isinstance(node, ast.Call) and any(word.arg is None and _is_body(word.value) for word in node.keywords):
            schemas.append(node.func)  # Order(**request.get_json())
    return [_unwrapped(schema) for schema in schemas]


def _unwrapped(node: ast.expr) -> ast.expr:
    """The type within ``Annotated[Order, Body()]`` or ``Order | None``."""
    if isinstance(node, ast.Subscript) and name_of(node.value) in ("Annotated", "Optional"):
        inner = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice
        return _unwrapped(inner)
    return _unwrapped(node.left) if isinstance(node, ast.BinOp) else node


def _assigned(module: Module, name: str) -> ast.expr | None:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Assign) and any(name_of(target) == name for target in node.targets):
            return node.value
    return None


def _of_dict(project: SourceModules, module: Module, node: ast.expr, depth: int) -> dict[str, Any] | None:
    if not isinstance(node, ast.Dict):
        return None
    pairs = [(key.value, value) for key, value in zip(node.keys, node.values, strict=True) if isinstance(key, ast.Constant)]
    written_pairs = [(str(key), value) for key, value in pairs if not isinstance(value, ast.Call) or _is_written(value)]
    return {key: _of_field(project, module, value, key, depth) for key, value in written_pairs}


def _of_field(project: SourceModules, module: Module, node: ast.expr, name: str, depth: int) -> Any:
    """An example for ``fields.Integer(required=True)``, ``serializers.CharField()``, ``fields.List(fields.Str())``, a nested schema."""
    call = node if isinstance(node, ast.Call) else None
    kind = name_of(call.func if call else node).lower().removesuffix("field")
    for word in ("example", "load_default", "default"):
        if call and isinstance(value := keyword(call, word), ast.Constant) and value.value not in (None, ""):
            return value.value
    if call and kind in ("list", "nested", "pluck") and call.args and depth < DEEPEST:
        inner: Any = of_schema(project, module, call.args[0], depth + 1)
        inner = _of_field(project, module, call.args[0], name, depth + 1) if inner is None else inner
        return [inner] if kind == "list" or _is_true(keyword(call, "many")) else inner
    if call and (limits := _limits(call)):
        return limits[0]
    if call is not None and (nested := project.class_(module, call.func)) and depth < DEEPEST:
        example = of_class(project, *nested, depth=depth + 1)
        return [example] if _is_true(keyword(call, "many")) else example
    return EXAMPLES.get(kind, "text")


def _limits(call: ast.Call) -> list[Any]:
    """What a field's validator lets through: the first of ``OneOf([...])`` or of ``enum``/``choices``, the lowest of ``Range(min=…)``."""
    for node in ast.walk(call):
        if isinstance(node, ast.Call) and name_of(node.func) == "OneOf" and node.args and isinstance(node.args[0], ast.List | ast.Tuple):
            return texts(node.args[0].elts)
        if isinstance(node, ast.Call) and isinstance(low := keyword(node, "min") or keyword(node, "min_value"), ast.Constant):
            return [max(1, low.value)] if isinstance(low.value, int) and name_of(node.func) != "Length" else []
    choices = keyword(call, "enum") or keyword(call, "choices")
    return texts(choices.elts) if isinstance(choices, ast.List | ast.Tuple) else []


def _of_annotation(project: SourceModules, module: Module, node: ast.expr, default: ast.expr | None, depth: int) -> Any:
    if isinstance(default, ast.Constant) and default.value not in (None, "", ...):
        return default.value
    node = _unwrapped(node)
    if isinstance(node, ast.Subscript):
        outer = name_of(node.value).lower()
        inner = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice
        if outer == "literal":
            return inner.value if isinstance(inner, ast.Constant) else "text"
        return [_of_annotation(project, module, inner, None, depth + 1)] if outer in LISTS else {}
    if (class_def := project.class_(module, node)) and depth < DEEPEST:
        if "Enum" in (bases := project.bases(*class_def)) or "StrEnum" in bases:
            values = [
                line.value.value for line in class_def[1].body if isinstance(line, ast.Assign) and isinstance(line.value, ast.Constant)
            ]
            return values[0] if values else "text"
        return of_class(project, *class_def, depth=depth + 1)
    name = name_of(node).lower()
    return ["text"] if name in LISTS else EXAMPLES.get(name, "text")


def _is_written(call: ast.Call) -> bool:
    """Whether a call is a field that a client sends, rather than one it only receives."""
    name = name_of(call.func)
    return (name[:1].isupper() and name not in ("Meta", "Method", "Function", "Column")) and not any(
        _is_true(keyword(call, word)) for word in READ_ONLY
    )


def _called(call: ast.Call, name: str) -> str:
    key = keyword(call, "data_key")
    return str(key.value) if isinstance(key, ast.Constant) else name


def _is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _is_body(node: ast.AST) -> bool:
    """Whether ``request.get_json()``, ``request.json``, Django's ``request.data`` or FastAPI's ``await request.json()`` stands in it."""
    return any(
        isinstance(part, ast.Attribute)
        and (part.attr == "get_json" or (part.attr in ("json", "data", "payload") and _is_request(part.value)))
        for part in ast.walk(node)
    )


def _is_request(node: ast.expr) -> bool:
    return name_of(node) in ("request", "api", "ns")


def _holds_body(node: ast.expr, bodies: set[str]) -> bool:
    return name_of(node) in bodies or _is_body(node)


def _reads(node: ast.expr, key: str) -> bool:
    """Whether an expression reads a key: ``body["key"]``, ``body.get("key")``."""
    match node:
        case ast.Subscript(slice=ast.Constant(value=name)):
            return bool(name == key)
        case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=name), *_more]):
            return bool(name == key)
        case ast.BoolOp(values=[first, *_more]):
            return _reads(first, key)
        case ast.Call(func=ast.Attribute(value=inner, attr="strip" | "lower")):
            return _reads(inner, key)
    return False


def _is_about(node: ast.expr, key: str, holders: set[str]) -> bool:
    return _reads(node, key) or (isinstance(node, ast.Name) and node.id in holders)


def _first_name(node: ast.expr) -> str:
    return name_of(node.elts[0]) if isinstance(node, ast.Tuple) and node.elts else name_of(node)
