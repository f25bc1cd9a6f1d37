"""The variables that settings classes read: pydantic-settings, pydantic 1, and environ-config, by their declared fields."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field

from wizard.source.python_source import keyword, name_of, text_of
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


@dataclass(frozen=True)
class SettingsClass:
    """A class with declared fields, whether it is a settings class is known when all files were read."""

    name: str
    bases: tuple[str, ...]
    file: str
    prefix: str | None
    delimiter: str | None
    fields: tuple[SettingsField, ...] = field(default_factory=tuple)


def settings_classes(tree: ast.Module, file: str) -> list[SettingsClass]:
    """Every class of a module that has a base and declares fields."""
    return [_read(node, file) for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.bases]


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
        for declared in {one.names[0]: (one, item.file) for item in reversed(lineage) for one in item.fields}.values():
            uses += _uses(*declared, prefix, delimiter, known)
    return uses


def _uses(one: SettingsField, file: str, prefix: str, delimiter: str, known: dict[str, SettingsClass]) -> list[VariableUse]:
    name = one.names[0] if one.aliased else f"{prefix}{one.names[0]}"
    model = known.get(one.model)
    if model is not None and delimiter:
        inner = [use for part in model.fields for use in _uses(part, model.file, f"{name}{delimiter}", delimiter, known)]
        return inner if one.required else [VariableUse(item.name, item.default, False, item.where, secret=item.secret) for item in inner]
    if model is not None:
        return []
    return [VariableUse(name.upper(), one.default, one.required, f"{file}:{one.line}", secret=one.secret)]


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


def _read(node: ast.ClassDef, file: str) -> SettingsClass:
    prefix = delimiter = None
    fields: list[SettingsField] = []
    for part in node.body:
        match part:
            case ast.Assign(targets=[ast.Name(id="model_config")], value=ast.Call() | ast.Dict() as value):
                prefix, delimiter = _configured(value, "env_prefix"), _configured(value, "env_nested_delimiter")
            case ast.ClassDef(name="Config"):
                prefix = _class_value(part, "env_prefix") or prefix
                delimiter = _class_value(part, "env_nested_delimiter") or delimiter
            case ast.AnnAssign(target=ast.Name(id=name)) if not name.startswith("_") and name != "model_config":
                annotation = ast.unparse(part.annotation)
                if not any(word in annotation for word in NO_FIELD):
                    fields.append(_field(name, annotation, part))
    return SettingsClass(node.name, tuple(name_of(base) for base in node.bases), file, prefix, delimiter, tuple(fields))


def _configured(value: ast.Call | ast.Dict, key: str) -> str | None:
    if isinstance(value, ast.Call):
        return text_of(keyword(value, key))
    return next((text_of(item) for name, item in zip(value.keys, value.values, strict=True) if text_of(name) == key), None)


def _class_value(node: ast.ClassDef, key: str) -> str | None:
    return next(
        (text_of(item.value) for item in node.body if isinstance(item, ast.Assign) and any(name_of(name) == key for name in item.targets)),
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
    text = str(default.value) if isinstance(default, ast.Constant) and default.value is not None else None
    if isinstance(default, ast.Call) and name_of(default.func) in SECRETS and default.args:
        text = text_of(default.args[0])
    model = annotation.removesuffix(" | None").removeprefix("Optional[").removesuffix("]").strip("\"'").rpartition(".")[2]
    secret = any(word in annotation for word in SECRETS)
    return SettingsField(aliases or (name,), bool(aliases), text, default is None and not is_field, secret, node.lineno, model)


def _aliases(call: ast.Call) -> tuple[str, ...]:
    alias = keyword(call, "validation_alias", "alias", "env")
    if isinstance(alias, ast.Call):  # AliasChoices("A", "B")
        return tuple(text for arg in alias.args if (text := text_of(arg)) is not None)
    if isinstance(alias, ast.List | ast.Tuple):
        return tuple(text for elt in alias.elts if (text := text_of(elt)) is not None)
    text = text_of(alias)
    return (text,) if text is not None else ()
