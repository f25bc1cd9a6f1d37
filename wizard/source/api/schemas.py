"""Examples of what schemas describe: pydantic models, marshmallow schemas, serializers of Django REST, models of flask-restx."""

from __future__ import annotations

import ast
from typing import Any

from wizard.source.api.django_models import of_model_serializer
from wizard.source.api.limits import Limits, limits_of
from wizard.source.api.modules import Module, SourceModules, dotted, keyword, name_of

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
LISTS = ("list", "sequence", "set", "tuple", "many", "listserializer")
DEEPEST = 4  # objects within objects
SCHEMA_BASES = ("Schema", "SQLAlchemySchema", "SQLAlchemyAutoSchema", "Serializer", "ModelSerializer", "HyperlinkedModelSerializer")
CONFIG = "model_config"  # pydantic's, no field
READ_ONLY = ("dump_only", "read_only", "readonly")

NINJA_MODELS = ("Schema", "ModelSchema")
"""What models of django-ninja are made from; no view of FastAPI or Litestar takes marshmallow's, which are called the same."""


def of_schema(project: SourceModules, module: Module, node: ast.expr, depth: int = 0) -> Any | None:
    """An example of a schema: a pydantic model, a marshmallow schema or serializer, a flask-restx model; None where it is not found."""
    if isinstance(node, ast.Call) and name_of(node.func) in ("model", "inherit", "clone"):
        parents = [of_schema(project, module, parent, depth + 1) for parent in node.args[1:-1] if depth < DEEPEST]
        own = _of_dict(project, module, node.args[-1], depth) if node.args else None
        return None if own is None else {key: value for part in (*parents, own) if isinstance(part, dict) for key, value in part.items()}
    if isinstance(node, ast.List) and len(node.elts) == 1:
        inner_example = of_schema(project, module, node.elts[0], depth + 1)
        return None if inner_example is None else [inner_example]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):  # marshmallow names schemas that come later by their names
        node = ast.Name(id=node.value)
    called = node.func if isinstance(node, ast.Call) else node
    schema_class = project.class_(module, called)
    if schema_class is not None:
        example: Any = of_class(project, *schema_class, depth=depth)
        return [example] if isinstance(node, ast.Call) and _is_true(keyword(node, "many")) else example
    where, name = project.origin(module, dotted(called))
    schema = assigned(where, name) if name else None
    return of_schema(project, where, schema, depth) if schema is not None and depth < DEEPEST else None


def of_class(project: SourceModules, module: Module, class_def: ast.ClassDef, depth: int = 0) -> dict[str, Any]:
    """An example of a class whose fields are annotated, or are calls such as ``fields.Str(required=True)``."""
    example: dict[str, Any] = of_model_serializer(project, module, class_def)
    for base in class_def.bases:
        if depth < DEEPEST and (above := project.class_(module, base)):
            example |= of_class(project, *above, depth=depth + 1)
    for line in class_def.body:
        match line:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation) if not name.startswith("_") and name != CONFIG:
                example[name] = of_annotation(project, module, annotation, line.value, depth)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call) if _is_written(call) and name != CONFIG:
                example[_called(call, name)] = _of_field(project, module, call, name, depth)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call()):  # what the model would take, and this only shows
                example.pop(name, None)
    return example


def required_fields(project: SourceModules, module: Module, node: ast.expr) -> dict[str, Any]:
    """Examples of those fields of a schema alone that it does not do without (``required=True``)."""
    schema_class = project.class_(module, node.func if isinstance(node, ast.Call) else node)
    if schema_class is None:
        return {}
    required = {
        _called(line.value, name_of(line.targets[0]))
        for line in schema_class[1].body
        if isinstance(line, ast.Assign) and isinstance(line.value, ast.Call) and _is_true(keyword(line.value, "required"))
    }
    return {name: value for name, value in of_class(project, *schema_class).items() if name in required}


def unwrapped(node: ast.expr) -> ast.expr:
    """The type within ``Annotated[Order, Body()]`` or ``Order | None``."""
    if isinstance(node, ast.Subscript) and name_of(node.value) in ("Annotated", "Optional", "Union", "Mapped"):
        inner = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice
        return unwrapped(inner)
    return unwrapped(node.left) if isinstance(node, ast.BinOp) else node


def assigned(module: Module, name: str) -> ast.expr | None:
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
    limits = limits_of(_without_inner(call)) if call else Limits()
    child = (call.args[0] if call.args else keyword(call, "child")) if call else None
    if child is not None and kind in ("list", "nested", "pluck") and depth < DEEPEST:
        inner: Any = of_schema(project, module, child, depth + 1)
        inner = _of_field(project, module, child, name, depth + 1) if inner is None else inner
        return limits.within([inner] if kind == "list" or (call and _is_true(keyword(call, "many"))) else inner)
    if call is not None and (nested := project.class_(module, call.func)) and depth < DEEPEST:
        example = of_class(project, *nested, depth=depth + 1)
        return [example] if _is_true(keyword(call, "many")) else example
    return limits.within(EXAMPLES.get(kind, "text"))


def _without_inner(call: ast.Call) -> ast.Call:
    """A list's own call, without what is said of the things in it."""
    is_list = name_of(call.func).lower().removesuffix("field") in ("list", "nested")
    return ast.Call(
        func=call.func, args=call.args[1:] if is_list else call.args, keywords=[word for word in call.keywords if word.arg != "child"]
    )


def of_annotation(project: SourceModules, module: Module, node: ast.expr, default: ast.expr | None, depth: int) -> Any:
    """An example of what is annotated so, within the limits that ``Annotated``, ``conint(…)`` and the default's ``Field(…)`` name."""
    if isinstance(default, ast.Constant) and default.value not in (None, "", ...):
        return default.value
    limits = limits_of(ast.Tuple(elts=[part for part in (*_annotations(node), default) if part is not None]))
    for call in (part for part in (default, *_annotations(node)) if isinstance(part, ast.Call)):
        if (given := _given_example(call)) is not None:
            return given
    return limits.within(_of_type(project, module, unwrapped(node), depth))


def _of_type(project: SourceModules, module: Module, node: ast.expr, depth: int) -> Any:
    if isinstance(node, ast.Subscript):
        outer = name_of(node.value).lower()
        inner = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice
        if outer == "literal":
            return inner.value if isinstance(inner, ast.Constant) else "text"
        return [of_annotation(project, module, inner, None, depth + 1)] if outer in LISTS else {}
    if isinstance(node, ast.Call):  # conint(gt=3)
        return EXAMPLES.get(name_of(node.func).lower().removeprefix("con"), "text")
    if values := enum_values(project, module, node):
        return values[0]
    if (class_def := project.class_(module, node)) and depth < DEEPEST:
        return of_class(project, *class_def, depth=depth + 1)
    name = name_of(node).lower()
    return ["text"] if name in LISTS else EXAMPLES.get(name, "text")


def enum_values(project: SourceModules, module: Module, node: ast.expr) -> tuple[Any, ...]:
    """The values of an Enum or a Literal; () for another type."""
    node = unwrapped(node)
    if isinstance(node, ast.Subscript) and name_of(node.value) == "Literal":
        listed = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return tuple(item.value for item in listed if isinstance(item, ast.Constant))
    class_def = project.class_(module, node)
    if class_def is None or not {"Enum", "StrEnum", "IntEnum"} & set(project.bases(*class_def)):
        return ()
    lines = [line for line in class_def[1].body if isinstance(line, ast.Assign)]
    return tuple(
        line.value.value if isinstance(line.value, ast.Constant) else name_of(line.targets[0]).lower()
        for line in lines
        if isinstance(line.value, ast.Constant) or name_of(getattr(line.value, "func", None)) == "auto"
    )


def is_model(project: SourceModules, module: Module, annotation: ast.expr | None) -> bool:
    """Whether a parameter of that type is a body: a pydantic model, or a list of them."""
    if annotation is None:
        return False
    node = unwrapped(annotation)
    if isinstance(node, ast.Subscript) and name_of(node.value).lower() in LISTS:
        return is_model(project, module, node.slice)
    class_def = project.class_(module, node)
    return name_of(node) in ("dict", "Dict") or (
        class_def is not None and bool({"BaseModel", "SQLModel", "Struct", "TypedDict", *NINJA_MODELS} & set(project.bases(*class_def)))
    )


def _annotations(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.Subscript) and name_of(node.value) == "Annotated" and isinstance(node.slice, ast.Tuple):
        return node.slice.elts
    return [node] if isinstance(node, ast.Call) else []


def _given_example(call: ast.Call) -> Any:
    """The example or the default that a ``Field(…)`` states itself."""
    listed = keyword(call, "examples")
    stated = [keyword(call, "example"), *(listed.elts[:1] if isinstance(listed, ast.List | ast.Tuple) else [])]
    stated += [keyword(call, "default"), *(call.args[:1] if name_of(call.func) in ("Field", "Body", "Query", "Form") else [])]
    return next((node.value for node in stated if isinstance(node, ast.Constant) and node.value not in (None, "", ...)), None)


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
