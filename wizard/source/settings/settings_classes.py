"""The variables that settings classes read: pydantic-settings, pydantic 1, and environ-config, by their declared fields."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from wizard.source.python_source import dotted, import_origins, keyword, name_of, text_of
from wizard.source.settings.demands import default_text
from wizard.source.settings.variable_use import VariableUse

BASES = ("BaseSettings",)
FIELDS = ("Field", "SettingsField")
SECRETS = ("SecretStr", "SecretBytes")
NO_FIELD = ("ClassVar", "PrivateAttr", "computed_field")


@dataclass(frozen=True)
class SettingsField:
    """One field: the names it may be read by without the class's prefix, or with an alias, which takes no prefix."""

    names: tuple[str, ...]
    aliased: bool
    default: str | None
    required: bool
    secret: bool
    line: int
    model: str = ""  # the class that its value is an object of
    annotation: str = ""
    attribute: str = ""  # what the code calls it


@dataclass(frozen=True)
class SettingsClass:
    """A class with declared fields, whether it is a settings class is known when all files were read."""

    name: str
    bases: tuple[str, ...]
    file: str
    prefix: str | None
    delimiter: str | None
    exact: bool | None = None  # whether names are told apart by their case
    fields: tuple[SettingsField, ...] = field(default_factory=tuple)


def settings_classes(tree: ast.Module, file: str) -> list[SettingsClass]:
    """Every class of a module that has a base and declares fields, or that environ-config makes one of its own."""
    origins = import_origins(tree)
    old = {name for name, origin in origins.items() if origin == "pydantic.BaseSettings"}
    classes = [_read(node, file, old) for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.bases]
    decorated = [_decorated(node, file) for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.decorator_list]
    return [*classes, *(one for one in decorated if one is not None)]


def settings_variables(classes: Iterable[SettingsClass]) -> list[VariableUse]:
    """The variables of those classes that are settings classes, by their bases in the whole project."""
    known = {class_.name: class_ for class_ in classes}
    uses: list[VariableUse] = []
    for settings in known.values():
        lineage = _lineage(settings, known)
        if not lineage:
            continue
        prefix = next((item.prefix for item in lineage if item.prefix is not None), "")
        delimiter = next((item.delimiter for item in lineage if item.delimiter), "")
        exact = next((item.exact for item in lineage if item.exact is not None), False)
        for declared in {one.names[0]: (one, item.file) for item in reversed(lineage) for one in item.fields}.values():
            uses += _uses(*declared, prefix, delimiter, known, exact=exact)
    return uses


def _uses(
    one: SettingsField, file: str, prefix: str, delimiter: str, known: dict[str, SettingsClass], *, exact: bool = False
) -> list[VariableUse]:
    name = one.names[0] if one.aliased else f"{prefix}{one.names[0]}"
    model = known.get(one.model)
    if model is not None and delimiter:
        inner = [use for part in model.fields for use in _uses(part, model.file, f"{name}{delimiter}", delimiter, known, exact=exact)]
        return inner if one.required else [replace(item, required=False) for item in inner]
    if model is not None:
        return []
    return [
        VariableUse(
            name if exact else name.upper(), one.default, one.required, f"{file}:{one.line}", secret=one.secret, field=one.attribute
        )
    ]


def _lineage(settings: SettingsClass, known: dict[str, SettingsClass], depth: int = 0) -> list[SettingsClass]:
    """The class and those of the project that it inherits from; empty when it is no settings class."""
    if depth > 8:
        return []
    if any(base in BASES for base in settings.bases):
        return [settings]
    for base in settings.bases:
        if base in known and base != settings.name and (further := _lineage(known[base], known, depth + 1)):
            return [settings, *further]
    return []


def _read(node: ast.ClassDef, file: str, old: set[str]) -> SettingsClass:
    """:param old: the names of pydantic 1's BaseSettings, whose optional fields need no value."""
    prefix, delimiter = text_of(keyword_of(node, "env_prefix")), text_of(keyword_of(node, "env_nested_delimiter"))
    exact = _truth(keyword_of(node, "case_sensitive"))
    fields: list[SettingsField] = []
    names: dict[str, str] = {}
    optional = any(name_of(base) in old for base in node.bases)
    for part in node.body:
        match part:
            case ast.Assign(targets=[ast.Name(id="model_config")], value=ast.Call() | ast.Dict() as value):
                prefix = text_of(_configured(value, "env_prefix")) or prefix
                delimiter = text_of(_configured(value, "env_nested_delimiter")) or delimiter
                exact = _truth(_configured(value, "case_sensitive")) or exact
            case ast.ClassDef(name="Config"):
                prefix = text_of(_class_value(part, "env_prefix")) or prefix
                delimiter = text_of(_class_value(part, "env_nested_delimiter")) or delimiter
                exact = _truth(_class_value(part, "case_sensitive")) or exact
                names = _names_of_fields(_class_value(part, "fields"))
            case ast.AnnAssign(target=ast.Name(id=name)) if not name.startswith("_") and name != "model_config":
                annotation = ast.unparse(part.annotation)
                if not any(word in annotation for word in NO_FIELD):
                    fields.append(_field(name, annotation, part))
    for at, one in enumerate(fields):
        if optional and one.required and re.search(r"\bOptional\[|\| None|None \|", one.annotation):
            one = replace(one, required=False)
        if one.names[0] in names:
            one = replace(one, names=(names[one.names[0]],), aliased=True)
        fields[at] = one
    return SettingsClass(node.name, tuple(name_of(base) for base in node.bases), file, prefix, delimiter, exact, tuple(fields))


def _decorated(node: ast.ClassDef, file: str) -> SettingsClass | None:
    """``@environ.config(prefix="APP")`` over a class whose fields are ``environ.var(default)`` (environ-config)."""
    call = next((one for one in node.decorator_list if isinstance(one, ast.Call) and dotted(one.func) == "environ.config"), None)
    if call is None:
        return None
    fields = [
        SettingsField(
            (name_of(part.targets[0]),), False, default_text(next(iter(part.value.args), None)), not part.value.args, False, part.lineno
        )
        for part in node.body
        if isinstance(part, ast.Assign) and isinstance(part.value, ast.Call) and dotted(part.value.func).startswith("environ.")
    ]
    return SettingsClass(node.name, BASES, file, f"{text_of(keyword(call, 'prefix')) or 'APP'}_", None, None, tuple(fields))


def keyword_of(node: ast.ClassDef, name: str) -> ast.expr | None:
    """The value of a keyword of a class: ``class Settings(BaseSettings, env_prefix="APP_")``."""
    return next((word.value for word in node.keywords if word.arg == name), None)


def _truth(node: ast.expr | None) -> bool | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, bool) else None


def _names_of_fields(node: ast.expr | None) -> dict[str, str]:
    """pydantic 1's ``fields = {"name": {"env": "THE_NAME"}}``."""
    if not isinstance(node, ast.Dict):
        return {}
    pairs = [(text_of(key), value) for key, value in zip(node.keys, node.values, strict=True)]
    return {name: alias for name, value in pairs if name and isinstance(value, ast.Dict) and (alias := text_of(_configured(value, "env")))}


def _configured(value: ast.Call | ast.Dict, key: str) -> ast.expr | None:
    if isinstance(value, ast.Call):
        return keyword(value, key)
    return next((item for name, item in zip(value.keys, value.values, strict=True) if text_of(name) == key), None)


def _class_value(node: ast.ClassDef, key: str) -> ast.expr | None:
    return next(
        (item.value for item in node.body if isinstance(item, ast.Assign) and any(name_of(name) == key for name in item.targets)),
        None,
    )


def _field(name: str, annotation: str, node: ast.AnnAssign) -> SettingsField:
    value = node.value
    inside = [part for part in ast.walk(node.annotation) if isinstance(part, ast.Call) and name_of(part.func) in FIELDS]
    call = value if isinstance(value, ast.Call) and name_of(value.func) in FIELDS else next(iter(inside), None)
    aliases = _aliases(call) if call is not None else ()
    default: ast.expr | None = value if call is not value else None
    is_field = False
    if call is not None and default is None:
        given = keyword(call, "default") or next(iter(call.args), None)
        default = None if isinstance(given, ast.Constant) and given.value is ... else given
        is_field = keyword(call, "default_factory") is not None
    text = default_text(default) if not isinstance(default, ast.List | ast.Tuple) else _as_json(default)
    if isinstance(default, ast.Call) and name_of(default.func) in SECRETS and default.args:
        text = text_of(default.args[0])
    model = annotation.removesuffix(" | None").removeprefix("Optional[").removesuffix("]").strip("\"'").rpartition(".")[2]
    secret = any(word in annotation for word in SECRETS)
    return SettingsField(
        aliases or (name,), bool(aliases), text, default is None and not is_field, secret, node.lineno, model, annotation, name
    )


def _as_json(node: ast.List | ast.Tuple) -> str | None:
    """A list as pydantic reads one from a variable."""
    try:
        return json.dumps(ast.literal_eval(node))
    except (ValueError, TypeError):
        return None


def _aliases(call: ast.Call) -> tuple[str, ...]:
    alias = keyword(call, "validation_alias", "alias", "env")
    if isinstance(alias, ast.Call):  # AliasChoices("A", "B")
        return tuple(text for arg in alias.args if (text := text_of(arg)) is not None)
    if isinstance(alias, ast.List | ast.Tuple):
        return tuple(text for elt in alias.elts if (text := text_of(elt)) is not None)
    text = text_of(alias)
    return (text,) if text is not None else ()
